#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: cluster_kills.sh ZHILI. Feeds the smoke scenario to gateway and groups as processes while they are killed fifty
# times, at least five times each; every log must re-execute.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT
port=$((20000 + $$ % 20000))
"$zhili" cluster --scenario smoke --days 3 --kills 50 --port "$port" --dir "$dir/c" --lang en | tee "$dir/out"
grep -q 'killed with -9 50' "$dir/out"
for node in "$dir"/c/nodes/*/; do
  "$zhili" verify "$node/data" --lang en | tee "$dir/verify"
  grep -q 'divergences 0' "$dir/verify"
done
