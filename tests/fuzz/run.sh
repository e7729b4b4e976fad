#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh PROGRAM SECONDS: fuzzes from the golden frames and envelopes; what crashed it is kept beside the program.
set -euo pipefail
program=$1 seconds=$2
corpus=$(mktemp -d)
trap 'rm -rf -- "$corpus"' EXIT
n=0
# Each sample twice: as it is, and as one whose head is made good after every change.
while IFS= read -r line; do
  case $line in envelope*) ways='02 03' ;; *) ways='00 01' ;; esac
  for way in $ways; do
    n=$((n + 1))
    # shellcheck disable=SC2059 # the bytes are the format
    printf "$(sed 's/../\\x&/g' <<<"$way${line#*: }")" >"$corpus/sample-$n"
  done
done < <(cat tests/protocols/golden/frame.txt tests/protocols/golden/envelope.txt)
"$program" -max_total_time="$seconds" -max_len=8192 -timeout=10 -print_final_stats=1 \
  -artifact_prefix="${program%/*}/fuzz-" "$corpus"
