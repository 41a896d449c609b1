#!/usr/bin/env bash
# Builds the documentation of every library into .build/documentation, and fails at any warning: a
# dead link, a parameter that is not described, a name that is no parameter. Also fails where a
# catalogue does not map a type of its module, and compiles the examples that catalogues show.
# Needs nothing but Swift and a build.
#
#   scripts/build-docs.sh [MODULES]    where the build's modules lie; by default those of `make build`
set -euo pipefail
cd "$(dirname "$0")/.."

modules=${1:-.build/release/Modules}
# Beside the program `swift`, wherever that is a link to.
tools=$(dirname "$(readlink -f "$(command -v "${SWIFT:-swift}")")")
target=$("$tools/swiftc" -print-target-info | sed -n 's/^ *"triple": "\(.*\)",$/\1/p' | head -n 1)
out=.build/documentation
rm -rf "$out"
mkdir -p "$out"
# C libraries, which modules of ours are built on.
flags=(-I "$modules")
for map in Sources/C*/module.modulemap "$modules"/../C*.build/module.modulemap; do
  flags+=(-Xcc "-fmodule-map-file=$map")
done

failed=()
for catalogue in Sources/*/Documentation.docc; do
  module=$(basename "$(dirname "$catalogue")")
  mkdir -p "$out/graphs/$module"
  "$tools/swift-symbolgraph-extract" -module-name "$module" "${flags[@]}" -target "$target" \
    -minimum-access-level public -skip-synthesized-members -emit-extension-block-symbols \
    -output-dir "$out/graphs/$module"
  "$tools/docc" convert "$catalogue" --additional-symbol-graph-dir "$out/graphs/$module" \
    --fallback-display-name "$module" --fallback-bundle-identifier "extract.$module" \
    --warnings-as-errors --output-dir "$out/$module.doccarchive" || failed+=("$module")

  # The map of a module has all of its types.
  for type in $(grep -rhoE '^public (final |indirect )*(struct|enum|class|protocol|actor) [A-Za-z0-9]+' \
    "$(dirname "$catalogue")" --include='*.swift' | awk '{ print $NF }' | sort -u); do
    grep -qxF -- "- \`\`$type\`\`" "$catalogue/$module.md" || failed+=("$module does not map $type")
  done

  # Every block of Swift in a catalogue is a program.
  awk -v out="$out/$module" '
    /^```swift$/ { count += 1; inside = 1; next }
    /^```$/ { inside = 0 }
    inside { print > (out "-" count ".swift") }
  ' "$catalogue"/*.md
  for example in "$out/$module"-*.swift; do
    "$tools/swiftc" -typecheck -swift-version 6 "${flags[@]}" "$example" || failed+=("$example")
  done
done
for folder in Sources/*/; do
  module=$(basename "$folder")
  case $module in C[A-Z]* | extract) continue ;; esac
  [ -f "$folder/Documentation.docc/$module.md" ] || failed+=("$module, which has no catalogue")
done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'The documentation is not right: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo "Written to $out: an archive for each of $(ls -d "$out"/*.doccarchive | wc -l) libraries."
