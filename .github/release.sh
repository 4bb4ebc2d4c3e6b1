#!/usr/bin/env bash
# Tries the newest patch of each Go release that the book pins, and opens an issue with
# the work list of each that it does not pin yet. release.yml runs it once a week.
set -euo pipefail
cd "$(dirname "$0")/.."

book=$(mktemp -d)/book
go build -o "$book" ./tools/book
tags=$(curl -fsSL --max-time 60 'https://go.dev/dl/?mode=json' | jq -r '.[] | select(.stable) | .version')
for tag in $tags; do
	if ! [[ $tag =~ ^go1\.[0-9]+\.[0-9]+$ ]]; then
		continue # what is not a release must not reach a command line
	fi
	if grep -q "^tag *= *\"$tag\"" annotations/book.toml; then
		continue
	fi
	told=$(gh issue list --state all --search "in:title \"$tag\"" --json title --jq ".[] | select(.title == \"$tag\") | .title") # on its own, so that a failure ends the script
	if [ -n "$told" ]; then
		continue # it has been told
	fi
	body=$(mktemp)
	{
		printf 'To take it in / 接入这个版本:\n\n    go run ./tools/book bump %s %s\n\n' "${tag%.*}" "$tag"
		printf 'The work list, from a dry run / 预演得出的清单:\n\n```\n'
		"$book" bump "${tag%.*}" "$tag" --dry-run >"$body.list" || echo 'bump failed; the log of the run says why' >>"$body.list"
		head -c 50000 "$body.list" # GitHub takes 65536
		printf '\n```\n'
	} >"$body"
	gh issue create --title "$tag" --body-file "$body"
done
