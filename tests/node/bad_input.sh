#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: bad_input.sh ZHILI HOSTILE. A node under every kind of bad input, one after the other, while an honest client
# submits: each kind is refused and counted by cause, the honest client is not slowed by more than a tenth, nothing is lost.
set -euo pipefail
zhili=$1 hostile=$2
dir=$(mktemp -d)
node=
trap '[[ -z $node ]] || kill -9 "$node" 2>/dev/null; rm -rf -- "$dir"' EXIT
port=$((20000 + $$ % 20000))
to=tcp://127.0.0.1:$((port + 1))
cat >"$dir/node.yaml" <<YAML
name: node-1
data_dir: $dir/data
pack: baseline-2021
gateway: $to
http: 127.0.0.1:$port
YAML

metric() {
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return
  printf 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' >&3
  tr -d '\r' <&3 | awk -v p="$1" 'index($0, p) == 1 { sum += $NF } END { printf "%d\n", sum }'
  exec 3>&-
}
start() {
  "$zhili" node --config "$dir/node.yaml" 2>>"$dir/log" &
  node=$!
  for ((i = 0; i < 300; ++i)); do
    [[ $(metric 'zhili_ready ' 2>/dev/null) == 1 ]] && return
    sleep 0.1
  done
  cat "$dir/log"
  exit 1
}
stop() { kill "$node" && wait "$node" && node=; }
honest=0
# load NAME SECONDS [OPTION...]: an honest client; prints what it saw, leaves its rate in $rate.
load() {
  "$zhili" load --to "$to" --rate 500 --for "$2s" --format json "${@:3}" >"$dir/load.json" ||
    { cat "$dir/load.json"; echo "$1: the honest client lost something"; exit 1; }
  rate=$(sed -nE 's/.*"rate_completed": ([0-9.]+).*/\1/p' "$dir/load.json")
  local p99
  # The first one: from due to acknowledged.
  p99=$(sed -nE '/"p99": /{s/.*"p99": ([0-9.]+).*/\1/p;q}' "$dir/load.json")
  honest=$((honest + $(sed -nE 's/.*"accepted": ([0-9]+).*/\1/p' "$dir/load.json")))
  printf '%-12s %7.1f/s  p99 %8.2f ms  %s\n' "$1" "$rate" "$p99" \
    "$(awk -v a="$rate" -v b="${calm:-$rate}" 'BEGIN { printf "%.3f of the calm rate", a / b }')"
  awk -v a="$rate" -v b="${calm:-$rate}" 'BEGIN { exit !(a >= 0.9 * b) }' || { echo "$1: slowed by more than a tenth"; exit 1; }
}
# counted METRIC BEFORE: it has grown since.
counted() { (($(metric "$1") > $2)) || { echo "$1 does not count it"; cat "$dir/log"; exit 1; }; }

start
load calm 4
calm=$rate
while read -r way cause; do
  before=$(metric "$cause")
  length=3
  # Behind a flood the last answers come late, and they count.
  [[ $way != flood ]] || length=8
  "$hostile" "$to" "$way" $((length + 1)) >"$dir/said" & attack=$!
  sleep 0.5
  load "$way" "$length"
  wait "$attack"
  [[ $way != silent ]] || sleep 3
  counted "$cause" "$before"
  printf '             sent %s, %s +%d\n' "$(<"$dir/said")" "$cause" $(($(metric "$cause") - before))
done <<'WAYS'
random zhili_link_total{cause="malformed"}
sums zhili_gateway_bad_total
counts zhili_link_total{cause="out_of_range"}
oversized zhili_link_total{cause="cut_off"}
silent zhili_link_total{cause="handshake_failed"}
flood zhili_gateway_over_share_total
WAYS
echo "memory $(awk '/VmHWM/ { print $2, $3 }' "/proc/$node/status")"
# Nothing lost: what the honest client heard accepted is in the books, with what came of the flood.
books() { metric "zhili_accounted{kind=\"diary\",state=\"$1\"}"; }
submitted=$(books submitted)
((submitted >= honest && submitted == $(books decided) + $(books waiting) + $(books refused)))
stop
"$zhili" verify "$dir/data" --lang en | tee "$dir/verify"
grep -q 'divergences 0' "$dir/verify"

# Behind keys nobody comes in without one, and who has one notices nothing.
mkdir "$dir/keys" "$dir/clients"
for name in node-1 client thief; do "$zhili" keygen --out "$dir/keys" --name "$name" >/dev/null; done
cp "$dir/keys/client.public" "$dir/clients/"
printf 'secret_key_file: %s\nclient_keys_dir: %s\n' "$dir/keys/node-1.secret" "$dir/clients" >>"$dir/node.yaml"
start
"$hostile" "$to" random 6 >"$dir/said" & attack=$!
timeout 20 "$zhili" load --to "$to" --rate 1 --for 1s --key "$dir/keys/thief.secret" --server-key "$dir/keys/node-1.public" 2>"$dir/thief" & thief=$!
calm=
load 'with a key' 4 --key "$dir/keys/client.secret" --server-key "$dir/keys/node-1.public"
wait "$attack"
if wait "$thief"; then echo 'a wrong key was let in'; exit 1; fi
counted 'zhili_link_total{cause="unknown_key"}' 0
counted 'zhili_link_total{cause="handshake_failed"}' 0
stop
echo 'bad input ok'
