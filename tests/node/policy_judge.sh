#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: policy_judge.sh ZHILI. One line in, one line out, whatever the bytes; wrong input is named with its place.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT
fail() { echo "$1"; exit 1; }
judge() { "$zhili" policy judge --kind content --text --date 2026-01-15 "$@"; }

# Empty lines, bytes that are no UTF-8, a NUL, escapes, 10 MB without a newline, a last line without one.
{
  printf '效果立竿见影\n\n\xff\xfe坏的字节\n空\0字节\r\n\\ud83d\\u0041 \\q\n'
  head -c 10000000 /dev/zero | tr '\0' 'a'
  printf '\n全国唯一'
} >"$dir/in"
judge <"$dir/in" >"$dir/out"
[[ $(wc -l <"$dir/out") == 7 ]] || fail "7 lines in, $(wc -l <"$dir/out") out"
awk -F'\t' 'NF != 4 || $1 !~ /^(approve|label|demote|reject|escalate)$/ { bad = 1 } END { exit bad }' "$dir/out" || { cat "$dir/out"; fail 'a line is not verdict TAB categories TAB spans TAB text'; }
[[ $(cut -f1 "$dir/out" | tr '\n' ' ') == 'reject approve approve approve approve escalate reject ' ]] || { cut -c1-80 "$dir/out"; fail 'other verdicts than these'; }
[[ $(sed -n 6p "$dir/out") == $'escalate\ttoo_long\t-\t' ]] || fail 'a text that no node would take is marked'

# Twice the same bytes, line by line the same judgement, with JSON too.
judge <"$dir/in" | cmp - "$dir/out" || fail 'the second time gave something else'
[[ $(judge --format json <"$dir/in" | wc -l) == 7 ]] || fail 'JSON is a line each too'

wrong() {
  local want=$1 code=$2 rc=0
  shift 2
  "$zhili" policy "$@" >"$dir/out" 2>"$dir/err" </dev/null || rc=$?
  [[ $rc == "$code" ]] || { cat "$dir/err"; fail "policy $*: exit code $rc, not $code"; }
  grep -qF -- "$want" "$dir/err" || { cat "$dir/err"; fail "policy $*: does not say '$want'"; }
}
printf 'label\tphrase\nMA04\t立竿见影\n坏 标签\tx\n' >"$dir/bad.tsv"
printf '{"ad_certificate": "god"}' >"$dir/facts.json"
wrong 'bad.tsv:3:1:' 3 measure --labelled "$dir/bad.tsv"
wrong 'names the phrases' 2 measure
wrong "there is no 'advert'" 2 judge --kind advert
wrong "did you mean 'good'" 3 judge --kind ad --facts "$dir/facts.json"
wrong '2021-07-18' 2 judge --date 18.7.2021
echo 'one line in, one line out'
