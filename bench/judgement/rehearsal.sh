#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: bench/judgement/rehearsal.sh ZHILI [PACK]. Measures a pack on the phrases that scenarios compose their texts of:
# another author's, oblique on purpose, and never copied into a lexicon.
set -euo pipefail
cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.."
zhili=${1:?Usage: bench/judgement/rehearsal.sh ZHILI [PACK]} pack=${2:-packs/default}
file=$(mktemp)
trap 'rm -f -- "$file"' EXIT
awk 'BEGIN { OFS = "\t" } /^#/ || !NF { next } /^\[/ { gsub(/[][]/, ""); label = $1; next }
  { print (FILENAME ~ /harmless/ ? "ok" : label), $0, "rehearsal" }' scenarios/texts/data/{illegal,harmless}.txt >"$file"
"$zhili" policy measure --labelled "$file" --pack "$pack" --lang en | sed '/^## /,$d'
