#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: client_mjs.sh ZHILI. The client of docs/integration.md applies for an institution at a real node, twice under one
# key, and acknowledges the measure. Ends with 77 where Node.js or its packages are not to be had.
set -euo pipefail
zhili=$1
command -v node >/dev/null && command -v npm >/dev/null || exit 77
dir=$(mktemp -d)
node_pid=
finish() {
  [[ -z $node_pid ]] || kill "$node_pid" 2>/dev/null || true
  rm -rf -- "$dir"
}
trap finish EXIT
to=tcp://127.0.0.1:$((20000 + $$ % 20000))
stop() { printf 'client_mjs: %s\n' "$1" >&2; exit 1; }

cp docs/examples/client.mjs "$dir/"
(cd "$dir" && npm install --no-audit --no-fund zeromq@6.8 flatbuffers hash-wasm >npm.log 2>&1) || exit 77
printf 'name: t\ndata_dir: %s/data\npack: baseline-2021\ngateway: %s\nhost: {workflows: all, shards: all}\n' "$dir" "$to" >"$dir/node.yaml"
"$zhili" node --config "$dir/node.yaml" 2>"$dir/log" &
node_pid=$!
"$zhili" tail --to "$to" >"$dir/tail"  # waits until it is there
cd "$dir"
node client.mjs "$to" 1001 >out
first=$(head -n 1 out)
[[ $first == '{ what: 1, status: 1, verdict: 4, why: 0 }' ]] || stop "first answer: $first"
for _ in {1..50}; do
  node client.mjs "$to" 1001 >out
  if grep -q '"kind":"measure"' out; then break; fi
  sleep 0.1
done
[[ $(head -n 1 out) == "$first" ]] || stop "another outcome under the same key: $(head -n 1 out)"
(($(grep -c '"kind":"decision"' out) == 1)) || stop "decided more than once: $(cat out)"
[[ $(grep -A 1 '"kind":"measure"' out | tail -n 1) == '{ what: 1, status: 1, verdict: 0, why: 0 }' ]] || stop "not acknowledged: $(cat out)"
