#!/usr/bin/env bash
# Makes what is read offline: each version as PDFs, e-books and a bundle, in dist, and
# dist/downloads.json, which lists them for the site. offline.yml runs it for a release;
# the arguments are the address that the files will have, and versions (none: all).
set -euo pipefail
cd "$(dirname "$0")/.."

address=$1
shift
book=$(mktemp -d)/book
go build -o "$book" ./tools/book
if [ $# -eq 0 ]; then
	mapfile -t versions < <(sed -n '/^\[\[version\]\]/{n;s/^name *= *"\(.*\)"/\1/p}' annotations/book.toml)
	set -- "${versions[@]}"
fi
for version; do
	"$book" pdf --go "$version"
	"$book" epub --go "$version"
	"$book" bundle --go "$version"
done
cd dist
for file in before-main-*.*; do
	name=${file%.*}
	version=$(grep -o 'go[0-9]*\.[0-9]*' <<<"$name")
	jq -n --arg version "$version" --arg lang "$(sed -n 's/.*-\(zh\|en\)$/\1/p' <<<"$name")" --arg kind "${file##*.}" \
		--arg url "$address/$file" --argjson bytes "$(wc -c <"$file")" --arg date "$(date -u +%F)" \
		'{$version, $lang, $kind, $url, $bytes, $date} | del(..|select(. == ""))'
done | jq -s . >downloads.json
