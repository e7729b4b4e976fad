#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: bench/judgement/fasttext.sh ZHILI [PACK]. Sets a fastText classifier, trained on all phrases that the pack was tuned
# on, beside the pack on those that it was not: how many illegal phrases each finds, how many others each touches. Prints a
# Markdown table for each file.
# Needs Debian's package fasttext (apt-get install fasttext), which nothing else of zhili needs.
set -euo pipefail
cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.."
zhili=${1:?Usage: bench/judgement/fasttext.sh ZHILI [PACK]} pack=${2:-packs/default}
command -v fasttext >/dev/null || { echo 'fasttext.sh: install it with: apt-get install fasttext' >&2; exit 77; }
data=tests/policy/data
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT

# Characters are its words: Chinese has no spaces, and a cutter of words would be a second thing to compare.
characters() { LC_ALL=C.UTF-8 sed 's/ /_/g; s/./& /g' <<<"$1"; }
examples() {
  local label phrase
  while IFS=$'\t' read -r label phrase _; do
    [[ $label == label ]] && continue
    [[ $label == ok || $label == talk ]] || label=illegal
    printf '__label__%s %s\n' "$label" "$(characters "$phrase")"
  done <"$1"
}
for lot in development held_out third_lot cases_a posts_a probes training rules; do examples "$data/$lot.tsv"; done >"$dir/train"
# One thread and a fixed seed: the same model every time.
fasttext supervised -input "$dir/train" -output "$dir/model" -dim 64 -epoch 60 -lr 0.5 -wordNgrams 3 -minn 0 -maxn 0 \
  -loss softmax -thread 1 -seed 7 >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }

for lot in cases_b posts_b lot_c lot_d lot_e; do
  examples "$data/$lot.tsv" >"$dir/test"
  paste <(cut -d' ' -f1 "$dir/test") <(cut -d' ' -f2- "$dir/test" | fasttext predict "$dir/model.bin" -) >"$dir/said"
  echo "| on $lot.tsv | illegal found | harmless touched | ordinary talk touched |"
  echo '|---|---:|---:|---:|'
  awk -F'\t' '{ all[$1]++; if ($2 == "__label__illegal") hit[$1]++ }
    END { printf "| fastText, trained on the phrases tuned on |"
          n = split("illegal ok talk", k, " ")
          for (i = 1; i <= n; i++) { l = "__label__" k[i]; printf " %.1f %% (%d/%d) |", 100 * hit[l] / all[l], hit[l], all[l] }
          print "" }' "$dir/said"
  "$zhili" policy measure --labelled "$data/$lot.tsv" --pack "$pack" --lang en |
    awk -v pack="$pack" '{ sub(/ \[[^]]*\]/, "") } /^- recall: / { r = substr($0, 11) }
      /^- (harmless|ordinary talk): touched/ { sub(/.*touched /, ""); sub(/;.*/, ""); t = t " " $0 " |" }
      END { printf "| %s | %s |%s\n\n", pack, r, t }'
done
