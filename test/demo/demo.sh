#!/usr/bin/env bash
# What `make demo` runs inside a network namespace with IPVS: the controller follows a copy of examples/ while files are
# changed and broken, and while somebody else changes the table. Every command stands before its output, every line of the
# controller's log behind a bar; what does not happen as expected ends the demo with an error.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
log=$work/log seen=0
mkdir "$work/services"
# Those with health checks come last: what these find of servers that are nowhere belongs to their own part of the tour.
grep -L '^  health:' "$here"/examples/*.yaml | xargs cp -t "$work/services"
cd "$work/services"

ipvs-operator() { node "$here/dist/command/main.js" "$@" --state-dir "$work/state"; }

title() { printf '\n\033[1m== %s\033[0m\n' "$1"; }

fail() { echo "demo: $1" >&2; exit 1; }

# A command as a person would type it.
shell_text() {
  local word text=''
  for word in "$@"; do
    case $word in
      *[!a-zA-Z0-9_./:=,+-]*) text+=" ${word@Q}" ;;
      *) text+=" $word" ;;
    esac
  done
  echo "${text# }"
}

# show STATUS COMMAND...: prints the command, runs it, and wants this exit status.
show() {
  local want=$1 got=0
  shift
  printf '\033[32m$ %s\033[0m\n' "$(shell_text "$@")"
  "$@" || got=$?
  [ "$got" = "$want" ] || fail "exit status $got instead of $want"
}

# expect PATTERN [LINES]: shows what the controller logs from now on, until so many lines (1) fit.
expect() {
  local deadline=$((SECONDS + 180))
  until [ "$(tail -n "+$((seen + 1))" "$log" | grep -c -- "$1")" -ge "${2:-1}" ]; do
    kill -0 "$controller" 2>/dev/null || { cat "$log"; fail 'the controller ended'; }
    [ "$SECONDS" -lt "$deadline" ] || { cat "$log"; fail "the controller did not say: $1"; }
    sleep 0.5
  done
  tail -n "+$((seen + 1))" "$log" | sed 's/^[^ ]* /  │ /'
  seen=$(wc -l <"$log")
}

printf 'Linux %s, a network namespace of its own, in %s\n' "$(uname -r)" "$work/services"

title 'The table is empty. A plan says what would be done, and does nothing'
show 0 ipvs-operator plan -f web.yaml

title 'The controller follows the folder. What it does and finds stands behind a bar'
printf '\033[32m$ %s &\033[0m\n' 'ipvs-operator run -f . --resync 3'
node "$here/dist/command/main.js" run -f . --resync 3 --state-dir "$work/state" --data-dir "$work/data" --listen none 2>"$log" &
controller=$!
trap 'kill "$controller" 2>/dev/null || true; wait "$controller" 2>/dev/null || true; rm -rf "$work"' EXIT
expect 'changes in'
show 0 ipvs-operator get

title 'A file is changed: one weight'
show 0 sed -i 's/198.51.100.2 }/198.51.100.2, weight: 2 }/' web.yaml
expect 'weight 1 -> 2' 2
show 0 ipvsadm -Ln -t 192.0.2.10:80

title 'A file is broken: its last good state stays, and the other files are still followed'
ipvsadm -Sn >"$work/before"
show 0 sed -i 's/scheduler: wrr/sheduler: wrr/; s/port: 443, targetPort: 8443/port: 443000/' web.yaml
expect 'web.yaml:' 2
ipvsadm -Sn | cmp - "$work/before" || fail 'a broken file changed the table'
echo '(the table is as it was)'
show 0 sed -i '/persistence:/s/timeoutSeconds: 300/timeoutSeconds: 60/' mark.yaml
expect 'FWM 7'

title 'Drift: somebody deletes a service by hand, changes a weight, and makes a service of their own'
show 0 ipvsadm -D -f 7
show 0 ipvsadm -e -t 192.0.2.10:80 -r 198.51.100.1:8080 -m -w 77
show 0 ipvsadm -A -t 203.0.113.99:25 -s rr
expect 'repaired' 4
echo '(the foreign service stays: it is not ours to remove)'
show 0 ipvsadm -Ln -t 203.0.113.99:25

title 'The file is mended'
show 0 sed -i 's/sheduler: wrr/scheduler: wrr/; s/port: 443000/port: 443, targetPort: 8443/' web.yaml
expect 'nothing is broken any more'
show 0 ipvs-operator status

title 'Health: files with checks are added. Their servers are nowhere, and sorry servers stand in'
(cd "$here/examples" && cp health.yaml weights.yaml dns.yaml "$work")
show 0 mv ../health.yaml ../weights.yaml ../dns.yaml .
expect 'shop/checked.*the quorum is lost'
show 0 ipvs-operator get shop/checked

title 'The controller ends, and the kernel goes on forwarding'
show 0 kill -TERM "$controller"
wait "$controller" || fail "the controller's exit status was $?"
expect 'ended'
ipvsadm -Sn | sed 's/^/  /' | head -n 5
echo '  ...'
