#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# text_verb.sh ZHILI: `zhili text normalise` prints one line for each line, whatever the line.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT
wrong=0
# expect WHAT GOT WANTED
expect() { [[ $2 == "$3" ]] || { printf 'FAILED: %s\n  got    %q\n  wanted %q\n' "$1" "$2" "$3" >&2; wrong=1; }; }

expect 'a line is normalised' "$(echo '加❤微❤信，①元做双眼皮' | "$zhili" text normalise)" '加微信,1元做双眼皮'
expect 'escapes in a line are undone' "$(printf '\\u5fae\\ud83d\\ude42\\u4fe1\\\\\\n换行\n' | "$zhili" text normalise)" '微信\n换行'
expect 'a technique may be left out' "$(echo '微 信' | "$zhili" text normalise --off separators)" '微 信'
printf 'a\n\n\xff\n\xe5\xbe\nb' | "$zhili" text normalise >"$dir/out"
expect 'one line for each: empty, broken, without a newline' "$(wc -l <"$dir/out")" 5
expect 'what is broken shows' "$(sed -n 3p "$dir/out")" $'\xef\xbf\xbd'

code=0
{ echo 甲; head -c 10000000 /dev/zero | tr '\0' 'x'; echo; echo 乙; } | (ulimit -v 1000000; timeout 60 "$zhili" text normalise) >"$dir/out" 2>"$dir/err" || code=$?
expect 'ten megabytes in a line are refused' "$code" 3
expect 'and take one line like the others' "$(wc -l <"$dir/out") $(sed -n '1p;3p' "$dir/out" | tr -d '\n')" '3 甲乙'
expect 'and the refusal says which' "$(grep -c 'standard input:2: a text has at most' "$dir/err")" 1

code=0
"$zhili" text normalise --off seperators </dev/null 2>"$dir/err" || code=$?
expect 'an unknown technique is refused' "$code $(grep -c "did you mean 'separators'" "$dir/err")" '2 1'
expect 'techniques have names' "$("$zhili" text techniques | wc -l)" 14
((wrong == 0)) && echo ok
exit "$wrong"
