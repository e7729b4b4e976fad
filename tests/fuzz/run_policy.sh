#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run_policy.sh PROGRAM SECONDS: fuzzes from the templates' files and a handful of expressions.
set -euo pipefail
program=$1 seconds=$2
corpus=$(mktemp -d)
trap 'rm -rf -- "$corpus"' EXIT
n=0
# put WAY: a sample from standard input, behind the byte that says how it is read.
put() { n=$((n + 1)); { printf '%b' "$1"; cat; } >"$corpus/sample-$n"; }
for file in packs/templates/*/rules/*.yaml; do put '\x00' <"$file"; done
for file in packs/templates/*/tables/*.yaml; do put '\x01' <"$file"; done
for file in packs/templates/*/tables/*.csv; do put '\x02' <"$file"; done
printf '原价1,280元，现价九块九，①元秒杀，两千八' | put '\x03'
while IFS= read -r line; do put '\x04' <<<"$line"; done <<'EXPRESSIONS'
x.all(i, i != 3) && t.matches('[a-z]+元') || has(a.b) ? [1, 2.5, 1u] : {'k': null}
timestamp('2021-07-18T09:30:00Z') + duration('1h30m') > timestamp(0) && size(string(b'\xff')) == 1
[1, 2, 3].map(n, n > 1, n * n).exists_one(q, q % 2 == 0)
prices(text).exists(p, p < 9.9元) && hits(toxic) >= 2 && author_band in [1, 2]
EXPRESSIONS
"$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
  -artifact_prefix="${program%/*}/fuzz-policy-" "$corpus"
