#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: cluster_kills.sh ZHILI. Feeds the smoke scenario to gateway and groups as processes while they are killed fifty
# times, each kind at least five times, half of them in the middle of a commit, and while of a thousand frames between them
# ten are lost, ten doubled and ten overtaken. The verb holds books and decisions against replay; every log must re-execute.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT
port=$((20000 + $$ % 20000))
"$zhili" cluster --scenario smoke --days 2 --kills 50 --faults 10 --port "$port" --dir "$dir/c" --lang en | tee "$dir/out"
read -r kills in_commit < <(sed -nE 's/^ *killed with -9 ([0-9]+), in a commit ([0-9]+).*/\1 \2/p' "$dir/out")
((kills >= 50 && 2 * in_commit >= kills)) || { echo "killed $kills times, $in_commit in a commit"; exit 1; }
grep -Eq 'frames between nodes .*: lost [1-9][0-9]*, doubled [1-9][0-9]*, overtaken [1-9][0-9]*$' "$dir/out"
grep -q 'the books agree, nothing is there twice' "$dir/out"
for node in "$dir"/c/nodes/*/; do
  name=$(basename "$node")
  times=$(sed -nE "s/^    $name +([0-9]+) +[0-9]+$/\1/p" "$dir/out")
  ((times >= 5)) || { echo "$name was killed ${times:-0} times"; exit 1; }
  "$zhili" verify "$node/data" --lang en | tee "$dir/verify"
  grep -q 'divergences 0' "$dir/verify"
done
