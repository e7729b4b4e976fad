#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: disk_full.sh ZHILI. A node whose disk fills up says so and ends; what it kept is whole, and with room it goes on.
set -euo pipefail
zhili=$1
if [[ ${2-} != inside ]]; then
  unshare -rm true 2>/dev/null || { echo 'no namespace for a small disk here: skipped'; exit 77; }
  exec unshare -rm bash "$0" "$zhili" inside
fi
dir=$(mktemp -d)
pids=()
trap 'for p in "${pids[@]}"; do kill -9 "$p" 2>/dev/null || :; done; umount "$dir/disk" 2>/dev/null || :; rm -rf -- "$dir"' EXIT
mkdir "$dir/disk"
mount -t tmpfs -o size=24m small "$dir/disk" || { echo 'no small disk here: skipped'; exit 77; }
port=$((20000 + $$ % 20000))
cat >"$dir/node.yaml" <<YAML
name: node-1
data_dir: $dir/disk/data
pack: baseline-2021
gateway: tcp://127.0.0.1:$port
host: {workflows: all, shards: all}
YAML

"$zhili" node --config "$dir/node.yaml" 2>"$dir/log" &
node=$!
pids+=("$node")
for ((i = 0; i < 300; ++i)); do grep -qs 'ready after' "$dir/log" && break; sleep 0.1; done
"$zhili" load --to "tcp://127.0.0.1:$port" --rate 5000 --for 60s >/dev/null 2>&1 &
pids+=("$!")
code=0
wait "$node" || code=$?
kill -9 "${pids[1]}" 2>/dev/null || :
wait "${pids[1]}" 2>/dev/null || :
[[ $code != 0 ]] || { echo 'the node ended as if all were well'; exit 1; }
grep -q 'the disk is full' "$dir/log" || { echo 'the node does not say what is wrong:'; cat "$dir/log"; exit 1; }

mount -o remount,size=200m "$dir/disk"
"$zhili" verify "$dir/disk/data" >"$dir/verified"
grep -q 'divergences 0' "$dir/verified" || { cat "$dir/verified"; exit 1; }
"$zhili" node --config "$dir/node.yaml" 2>"$dir/log" &
node=$!
pids+=("$node")
for ((i = 0; i < 300; ++i)); do grep -qs 'ready after' "$dir/log" && break; sleep 0.1; done
"$zhili" load --to "tcp://127.0.0.1:$port" --rate 500 --for 1s >"$dir/again"
kill "$node"
wait "$node"
