#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run_text.sh PROGRAM SECONDS: fuzzes from ordinary and disguised sentences and from lexicons; what crashed it is kept
# beside the program.
set -euo pipefail
program=$1 seconds=$2
corpus=$(mktemp -d)
trap 'rm -rf -- "$corpus"' EXIT
n=0
while IFS= read -r line; do
  n=$((n + 1))
  printf '\x02%s' "$line" >"$corpus/sentence-$n"
done < <(grep -v '^#' tests/policy/data/ordinary.txt)
for text in '加❤微❤信，①元购' '&#24494;&amp;#x4FE1;%E5%BE%AE\u5fae微<b>信</b>' 'jia wei xin wxh b0tox 138oo138000' '月半 亻言 言射 又又' '一百零二 两千三 贰拾叁 ⑩'; do
  n=$((n + 1))
  printf '\x02%s' "$text" >"$corpus/disguise-$n"
done
printf '\x02\xe2\x80\xae信微加\xe2\x80\xac' >"$corpus/turned"
printf '\x00category: x\nzh: 甲\n加微信 | 附近须有：乙、丙 | within: 3 | initials\n' >"$corpus/lexicon"
printf '\x01词,类别,附近须有\n"加,微信",x,"乙、丙"\n' >"$corpus/table"
"$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -print_final_stats=1 \
  -artifact_prefix="${program%/*}/fuzz-text-" "$corpus"
