#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: http.sh ZHILI. Runs a node and asks its HTTP door as an orchestrator and Prometheus would; promtool judges
# metrics and alerts where it is installed.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
node=
trap '[[ -z $node ]] || kill -9 "$node" 2>/dev/null; rm -rf -- "$dir"' EXIT
port=$((20000 + $$ % 20000))
cat >"$dir/node.yaml" <<YAML
name: node-1
data_dir: $dir/data
pack: baseline-2021
gateway: tcp://127.0.0.1:$((port + 1))
http: 127.0.0.1:$port
host: {workflows: all, shards: all}
YAML
"$zhili" node --config "$dir/node.yaml" 2>"$dir/log" &
node=$!

# get PATH: the answer, head and body.
get() {
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return
  printf 'GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' "$1" >&3
  cat <&3
  exec 3>&-
}
for ((i = 0; i < 300; ++i)); do
  (get /readyz) 2>/dev/null | grep -q '^HTTP/1.1 200' && break
  sleep 0.1
done
get /readyz | grep -q '^HTTP/1.1 200'
get /healthz | grep -q '^HTTP/1.1 200'
get /metrics | tr -d '\r' | sed '1,/^$/d' >"$dir/metrics"
grep -qx 'zhili_ready 1' "$dir/metrics"
grep -q '^zhili_build_info{.*pack="baseline-2021"' "$dir/metrics"

# Every metric that an alert asks for exists, or is one of those that come with the first decision.
grep -o 'zhili_[a-z_]*' packaging/alerts.yml | sort -u | while read -r name; do
  grep -q "^$name[{ ]" "$dir/metrics" || [[ $name == zhili_decisions_total ]] || { echo "no metric $name"; exit 1; }
done
# Every alert has its line in the operations page.
grep -oP 'alert: \K\w+' packaging/alerts.yml | while read -r name; do
  grep -q "| $name |" docs/operations.md || { echo "docs/operations.md knows no $name"; exit 1; }
done
if command -v promtool >/dev/null; then
  promtool check metrics <"$dir/metrics" >"$dir/said" 2>&1
  [[ ! -s $dir/said ]] || { cat "$dir/said"; exit 1; }
  promtool check rules packaging/alerts.yml
else
  echo 'promtool is not installed (package prometheus): tests/node/metrics_test.cpp holds its rules'
fi

sed "s/^http: .*/http: 0.0.0.0:$port/" "$dir/node.yaml" >"$dir/open.yaml"
if "$zhili" node --config "$dir/open.yaml" --check-config 2>"$dir/refused"; then exit 1; fi
grep -q 'insecure: true' "$dir/refused"

kill "$node"
wait "$node"
node=
grep -q '"says":"stopped"' "$dir/log"
echo 'http ok'
