#!/usr/bin/env bash
# Fails unless the examples that the documentation shows are the files in Examples/, which are
# compiled and run, and have at most 20 lines of code each.
#
# A block of Swift code is such an example where the line before it names the file:
#
#   <!-- Examples/Sources/history/main.swift -->
set -euo pipefail
cd "$(dirname "$0")/.."

shown=0
for page in README.md Sources/*/Documentation.docc/*.md; do
  while read -r file; do
    # The first block after the line that names the file.
    if ! diff "$file" <(awk -v mark="<!-- $file -->" '
        $0 == mark { found = 1; next }
        found && /^```swift$/ { inside = 1; next }
        inside && /^```$/ { exit }
        inside
      ' "$page"); then
      echo "$page does not show $file as it is." >&2
      exit 1
    fi
    shown=$((shown + 1))
  done < <(sed -n 's/^<!-- \(Examples\/.*\) -->$/\1/p' "$page")
done
for file in Examples/Sources/*/main.swift; do
  lines=$(grep -cvE '^[[:space:]]*(//.*)?$' "$file")
  if [ "$lines" -gt 20 ]; then
    echo "$file has $lines lines of code; a first program has at most 20." >&2
    exit 1
  fi
  if ! grep -qxF "<!-- $file -->" README.md; then
    echo "README.md does not show $file." >&2
    exit 1
  fi
done
echo "The documentation shows $shown examples as they are."
