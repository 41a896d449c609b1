#!/usr/bin/env bash
# Compiles the first programs in Examples/ and runs them: one trains a network, the other reads a run
# that is trained for it.
#
#   scripts/run-examples.sh EXTRACT
set -euo pipefail
cd "$(dirname "$0")/.."

extract=$(realpath "${1:?needed is the program}")
swift=${SWIFT:-swift}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# Built beside the program, so that the libraries are not built a second time.
build=("$swift" build -c release --package-path Examples --scratch-path .build)
"${build[@]}"
examples=$("${build[@]}" --show-bin-path)

"$examples/watch-training" | tee "$place/watched"
tail -n 1 "$place/watched" | grep -q "^epoch 1000: [0-9]* states, parity$" || {
  echo "watch-training did not end in parity." >&2
  exit 1
}
"$extract" train --task parity --out "$place/run" >/dev/null
"$examples/history" "$place/run" >"$place/history"
head -n 3 "$place/history"
echo …
tail -n 12 "$place/history" | tee "$place/end"
grep -q "^the task was learnt:$" "$place/end" || {
  echo "history did not end in the task." >&2
  exit 1
}
