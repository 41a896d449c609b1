#!/usr/bin/env bash
# Runs the shell commands of README.md word for word, in a copy of this repository, and looks at
# what they leave. `make test` is left out: whoever runs this has run it.
set -euo pipefail
cd "$(dirname "$0")/.."

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
commands=$(awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md \
  | grep -v '^make test')

git ls-files -z | xargs -0 cp --parents --target-directory="$place"
# It is built anew there: what the compiler keeps names the folder that it was made in.
cd "$place"
export HOME=$place/home
mkdir -p "$HOME"
echo "$commands"
bash -euo pipefail -c "$commands"

for file in run/automata/movie.svg run/automata/movie.html run/automata/states.csv \
  run/automata/mergers.csv run7/automata/movie.svg run7/automata/minimal-001000.dot run7.gif run7.pdf; do
  [ -s "$file" ] || { echo "README: $file is missing" >&2; exit 1; }
done
if [ -n "${PYTORCH:-}" ]; then "$PYTORCH" Tests/pytorch/readme.py README.md .; fi
xmllint --noout run/automata/movie.svg
rsvg-convert run/automata/movie.svg --output film.png
echo "The README's commands work."
