#!/usr/bin/env bash
# Runs the tests of native/ under sanitizers, then each fuzz target: first over its committed corpus, then for
# FUZZ_SECONDS (10) on inputs of its own. New inputs are not kept; a crash leaves its input in build/native-tests.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v clang++-14 >/dev/null || ! command -v make >/dev/null; then
  ../lab/install-packages
fi
out=../../build/native-tests
echo "test/native: building into build/native-tests"
make --silent -j2

"$out/tests" | { grep -v '^ok' || true; }
for target in fuzz_replies fuzz_records; do
  log=$out/$target.log
  for arguments in "-runs=0 corpus/$target" "-max_total_time=${FUZZ_SECONDS:-10} $out/$target.new corpus/$target"; do
    rm -rf "$out/$target.new" && mkdir "$out/$target.new"
    # shellcheck disable=SC2086 # words on purpose
    "$out/$target" -artifact_prefix="$out/" -max_len=16384 $arguments >"$log" 2>&1 || {
      cat "$log" >&2
      exit 1
    }
  done
  echo "$target: $(find "corpus/$target" -type f | wc -l) files of the corpus, $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\).*/\1 inputs in \2 s/p' "$log")"
done
