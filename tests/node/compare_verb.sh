#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: compare_verb.sh ZHILI. The comparison at the command line: a run in text, JSON and as a page, the same digest in
# each, and what is said of arguments that are wrong.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT
export LANG=C LC_ALL=C
two=(--pack baseline-2021 --pack baseline-2021)

stop() { printf 'compare_verb: %s\n' "$1" >&2; exit 1; }
# refuses CODE TEXT ARGUMENT...: the verb ends with the code and says why
refuses() {
  local code=$1 text=$2 out status=0
  shift 2
  out=$("$zhili" compare "$@" 2>&1) || status=$?
  ((status == code)) || stop "exit code $status, not $code: compare $*: $out"
  [[ $out == *"$text"* ]] || stop "no '$text' from: compare $*: $out"
}

refuses 2 'two packs, the old one first: --pack OLD --pack NEW; given: 1' smoke --pack baseline-2021
refuses 2 'given: 3' smoke "${two[@]}" --pack baseline-2021
refuses 2 '--seeds is 1 to' smoke "${two[@]}" --seeds 0
refuses 2 'give one SCENARIO|TRACE; 0 were given' "${two[@]}"
refuses 3 'no-such-world' no-such-world "${two[@]}"
refuses 3 'no-such-pack' smoke --pack baseline-2021 --pack no-such-pack
refuses 3 'gone.ndjson' "$dir/gone.ndjson" "${two[@]}"
refuses 1 'cannot be written' smoke "${two[@]}" --report "$dir/no/folder.html"
refuses 2 "did you mean" smoke "${two[@]}" --seedz 2

digest=$("$zhili" compare smoke "${two[@]}" --lanes 1 --report "$dir/page.html" | sed -nE 's/^  comparison ([0-9a-f]{64}) .*/\1/p')
[[ -n $digest ]] || stop 'no digest at the end'
"$zhili" compare smoke "${two[@]}" --lanes 2 --format json | grep -q "\"digest\": \"$digest\"" || stop 'the JSON has another digest'
grep -q "\"digest\":\"$digest\"" "$dir/page.html" || stop 'the page has another digest'
"$zhili" compare smoke "${two[@]}" --lang zh | grep -q "对比摘要 $digest" || stop 'no Chinese table'
"$zhili" simulate smoke --record "$dir/smoke.ndjson.zst" --lanes 1 >/dev/null
"$zhili" compare "$dir/smoke.ndjson.zst" "${two[@]}" --lanes 1 | grep -q 'decisions of people' || stop 'a recording is not compared'
