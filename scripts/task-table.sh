#!/usr/bin/env bash
# Trains on Tomita's languages and on 20 random machines, extracts the last automaton at two merge
# distances, and prints the rows of the table in docs/tasks.md. Takes some minutes.
#
#   scripts/task-table.sh FOLDER
set -euo pipefail

folder=${1:?needed is a folder for the runs}
extract=${EXTRACT:-.build/release/extract}

# The verdict on the last automaton: states, and what separates it from the task.
verdict() {
  sed -n 's/^The last automaton has \([0-9]*\) states\?\(.*\)$/\1\2/p' | sed \
    -e 's/, is complete, and its minimal equivalent has [0-9]*: it computes .*/, equivalent/' \
    -e 's/, is complete, and its minimal equivalent has [0-9]*; it differs from .* on \(.*\)\.$/, complete, differs on \1/' \
    -e 's/ and \([0-9]*\) open transitions\?.*/, \1 open/'
}

row() {
  local name=$1
  shift
  local run="$folder/${name//[ :]/-}"
  # A row is trained once.
  [ -f "$run/config.json" ] || "$extract" train --out "$run" "$@" >/dev/null
  "$extract" train --out "$run" --resume >/dev/null
  local fine coarse accuracy
  fine=$("$extract" --checkpoints "$run" --validate-lengths "" | verdict)
  coarse=$("$extract" --checkpoints "$run" --validate-lengths "" --out "$run/coarse" \
    --merge-distance 0.1 --scale checkpoint | verdict)
  accuracy=$(tail -n 1 "$run/metrics.csv" | cut -d , -f 5)
  shift 2
  echo "| $name | \`$*\` | $accuracy | $fine | $coarse |"
}

echo "| task | settings | accuracy at length 50 | states, default | states, 0.1 of the checkpoint |"
echo "| --- | --- | --- | --- | --- |"
paper="--gain 0.025 --learning-rate 0.05"
every="--learning-rate 0.05 --supervise every"
# shellcheck disable=SC2086 # The settings are several words.
{
  row tomita-1 --task tomita-1 $paper
  row tomita-2 --task tomita-2 $paper
  row tomita-3 --task tomita-3 $paper --max-length 12
  row tomita-4 --task tomita-4 --gain 0.1 --epochs 2000 $every
  row tomita-5 --task tomita-5 --gain 0.1 --epochs 2000 $every
  row tomita-6 --task tomita-6 --gain 0.05 --epochs 3000 $every
  row tomita-7 --task tomita-7 $paper
  for seed in $(seq 1 20); do
    row "random:7 seed $seed" --task random:7 --task-seed "$seed" $paper
  done
}
