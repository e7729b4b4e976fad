#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: tests/scenarios/golden_logs/make.sh build/zhili. Makes the golden logs anew after a workflow's `behaviour` was
# raised: two shards of every workflow from a run of smoke, and the states in which they end. Look at the diff: only what
# was meant to change may have.
set -euo pipefail
zhili=$(readlink -f -- "$1")
here=$(dirname -- "$(readlink -f -- "$0")")
run=$(mktemp -d)
trap 'rm -rf -- "$run"' EXIT
cd -- "$here/../../.."
"$zhili" simulate smoke --seed 1 --data-dir "$run/data" >"$run/said"
rm -rf -- "$here"/*.copy "$here"/*.texts "$here"/copies.json "$here"/packs "$here"/registry "$here"/states.txt
for workflow in onboarding product content desk takedown risk signal quality inspection; do
  for shard in 5 54; do
    "$zhili" partition export --data-dir "$run/data" --workflow "$workflow" --shard "$shard" --out "$here" >"$run/said"
  done
done
ZHILI_GOLDEN_STATES=write "$(dirname -- "$zhili")/zhili-test-scenarios" --source-file='*golden_logs_test.cpp'
