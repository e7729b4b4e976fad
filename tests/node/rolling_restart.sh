#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: rolling_restart.sh ZHILI. Restarts a gateway and three nodes one after the other under load: nothing is lost, no
# partition is silent for more than two seconds beyond what it is without a restart, and every log re-executes.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT
port=$((20000 + $$ % 20000))
"$zhili" cluster --rolling --port "$port" --dir "$dir/c" --lang en | tee "$dir/out"
grep -q 'the books agree, nothing is there twice' "$dir/out"
sed -nE 's/^ *longest pause ([0-9.]+) s \(without a restart ([0-9.]+) s\)$/\1 \2/p' "$dir/out" >"$dir/pause"
awk 'END { if (NR != 1) exit 1; if ($1 > 2 + $2) { print "a partition paused for " $1 " s"; exit 1 } }' "$dir/pause"
for node in "$dir"/c/nodes/*/; do
  "$zhili" verify "$node/data" --lang en | tee "$dir/verify"
  grep -q 'divergences 0' "$dir/verify"
done
