#!/usr/bin/env bash
# What `make demo` runs inside a network namespace with IPVS: the examples applied, a change, a drift and its repair.
# Every command stands before its output; a command that does not end as expected ends the demo with an error.
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/examples/*.yaml "$work"
cd "$work"

ipvs-operator() { node "$here/dist/command/main.js" "$@" --state-dir "$work/state"; }

title() { printf '\n\033[1m== %s\033[0m\n' "$1"; }

# show STATUS COMMAND...: prints the command, runs it, and wants this exit status.
show() {
  local want=$1 got=0
  shift
  printf '\033[32m$ %s\033[0m\n' "$*"
  "$@" || got=$?
  [ "$got" = "$want" ] || { echo "demo: exit status $got instead of $want" >&2; exit 1; }
}

printf 'Linux %s, a network namespace of its own, in %s\n' "$(uname -r)" "$work"

title 'The table is empty. What would be done?'
show 2 ipvs-operator plan -f . --detailed-exitcode

title 'Do it, and read it back'
show 0 ipvs-operator apply -f .
show 0 ipvs-operator get

title 'A second apply has nothing to do'
show 0 ipvs-operator apply -f .

title 'A change: one weight, one server more'
sed -i 's/address: 198.51.100.2 }/address: 198.51.100.2, weight: 2 }\n    - { address: 198.51.100.4 }/' web.yaml
show 2 ipvs-operator plan -f . --detailed-exitcode
show 0 ipvs-operator apply -f .

title 'A drift: somebody deletes a service by hand, and makes one of their own'
show 0 ipvsadm -D -u 192.0.2.53:53
show 0 ipvsadm -A -t 203.0.113.99:25 -s rr
show 2 ipvs-operator plan -f . --detailed-exitcode
show 0 ipvs-operator apply -f .

title 'Repaired. The foreign service is still there, because it is not ours to remove'
show 0 ipvs-operator get

title 'A mistake is refused before anything is written'
sed -i 's/scheduler: wrr/sheduler: wrr/; s/port: 443, targetPort: 8443/port: 443000/' web.yaml
show 1 ipvs-operator apply -f .
