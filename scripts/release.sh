#!/usr/bin/env bash
# Packs what a release holds: the program, stripped, with its README, licence, changelog, docs and the
# shells' completions. Leaves dist/extract-VERSION-SYSTEM.tar.gz and its SHA-256 beside it; the same
# program packs into the same bytes.
#
#   scripts/release.sh EXTRACT    a program that was linked with the Swift runtime inside
set -euo pipefail
cd "$(dirname "$0")/.."

program=${1:?needed is the program to pack}
version=$("$program" --version)
name=extract-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
if ! grep -qF "## [$version]" CHANGELOG.md; then
  echo "CHANGELOG.md says nothing of version $version." >&2
  exit 1
fi
if readelf -d "$program" | grep -q 'NEEDED.*libswift'; then
  echo "$program needs the Swift runtime beside it; build it with --static-swift-stdlib." >&2
  exit 1
fi

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
root=$place/$name
mkdir -p "$root/bin" "$root/completions"
install -s -m 755 "$program" "$root/bin/extract"
cp README.md LICENSE CHANGELOG.md "$root"
git ls-files -z docs | xargs -0 cp --parents --target-directory="$root"
# Each under the name that its shell looks for.
"$root/bin/extract" --generate-completion-script bash >"$root/completions/extract.bash"
"$root/bin/extract" --generate-completion-script zsh >"$root/completions/_extract"
"$root/bin/extract" --generate-completion-script fish >"$root/completions/extract.fish"

mkdir -p dist
# The time of the last commit, and one owner, for all: what is packed does not depend on when.
tar --create --sort=name --owner=0 --group=0 --numeric-owner \
  --mtime="@$(git log -1 --format=%ct)" --mode='u+rwX,go+rX,go-w' --directory="$place" "$name" |
  gzip -9 --no-name >"dist/$name.tar.gz"
(cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "Written to dist/$name.tar.gz ($(du -h "dist/$name.tar.gz" | cut -f 1)) and dist/$name.tar.gz.sha256"
