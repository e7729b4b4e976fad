#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: clock_steps.sh ZHILI CLOCK.so. The wall clock of a node steps an hour forwards and two hours back while a client
# submits: every submission is answered once, and in no log does time go back.
set -euo pipefail
zhili=$1 shim=$2
dir=$(mktemp -d)
node=
trap '[[ -z $node ]] || kill -9 "$node" 2>/dev/null; rm -rf -- "$dir"' EXIT
to=tcp://127.0.0.1:$((20000 + $$ % 20000))
printf 'name: node-1\ndata_dir: %s\npack: baseline-2021\ngateway: %s\n' "$dir/data" "$to" >"$dir/node.yaml"
echo 0 >"$dir/clock"
ZHILI_TEST_CLOCK=$dir/clock LD_PRELOAD=$shim "$zhili" node --config "$dir/node.yaml" 2>"$dir/log" &
node=$!
for ((i = 0; i < 300; ++i)); do grep -q '"says":"ready' "$dir/log" && break; sleep 0.1; done
"$zhili" load --to "$to" --rate 500 --for 6s --format json >"$dir/load.json" & load=$!
sleep 2
echo 3600 >"$dir/clock.new" && mv "$dir/clock.new" "$dir/clock"
sleep 2
echo -3600 >"$dir/clock.new" && mv "$dir/clock.new" "$dir/clock"
wait "$load" || { cat "$dir/load.json" "$dir/log"; echo 'not all was accepted'; exit 1; }
kill "$node"
wait "$node"
node=
# The node's own lines show that its clock did step.
first=$(sed -nE '1s/.*"at":([0-9]+).*/\1/p' "$dir/log") last=$(sed -nE '$s/.*"at":([0-9]+).*/\1/p' "$dir/log")
((last < first)) || { echo "the clock did not step: $first $last"; exit 1; }
# verify refuses a log whose time goes back.
"$zhili" verify "$dir/data" --lang en | tee "$dir/verify"
grep -q 'divergences 0' "$dir/verify"
tr -d '\n' <"$dir/load.json"
echo
