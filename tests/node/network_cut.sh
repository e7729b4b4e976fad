#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: network_cut.sh ZHILI. Two nodes in network namespaces of their own, CURVE between them, under load: the cable is
# pulled for some seconds, later one direction alone is lost. Both have to notice, to recover without a restart, and to
# lose nothing. Ends with 77 where namespaces are not allowed.
set -euo pipefail
zhili=$1
export PATH=$PATH:/usr/sbin:/sbin
a=zhili-$$-a b=zhili-$$-b
dir=$(mktemp -d)
pids=()
clean() {
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  ip netns del "$a" 2>/dev/null || true
  ip netns del "$b" 2>/dev/null || true
  rm -rf -- "$dir"
}
trap clean EXIT
skip() { echo "skipped: $*"; exit 77; }
command -v ip >/dev/null || skip 'ip is not installed (package iproute2)'
ip netns add "$a" 2>"$dir/why" || skip "no network namespaces here: $(<"$dir/why")"
ip netns add "$b" 2>"$dir/why" || skip "no network namespaces here: $(<"$dir/why")"
ip netns exec "$a" true 2>"$dir/why" || skip "no network namespaces here: $(<"$dir/why")"
ip link add cable netns "$a" type veth peer name cable netns "$b" 2>"$dir/why" || skip "no veth here: $(<"$dir/why")"
for side in "$a 10.77.0.1" "$b 10.77.0.2"; do
  read -r ns address <<<"$side"
  ip -n "$ns" link set lo up
  ip -n "$ns" address add "$address/24" dev cable
  ip -n "$ns" link set cable up
done

mkdir "$dir/keys" "$dir/clients"
for name in node-1 node-2 client; do "$zhili" keygen --out "$dir/keys" --name "$name" >/dev/null; done

mv "$dir/keys/client.public" "$dir/clients/"
cp "$dir/clients/client.public" "$dir/keys/"
# config NAME OWN-SHARDS OWN-ADDRESS OTHER OTHER-SHARDS OTHER-ADDRESS
config() {
  cat >"$dir/$1.yaml" <<YAML
name: $1
data_dir: $dir/$1
pack: baseline-2021
gateway: tcp://$3:7600
listen: tcp://$3:7700
http: 127.0.0.1:7680
secret_key_file: $dir/keys/$1.secret
client_keys_dir: $dir/clients
host: {shards: [$2]}
peers:
  $4: {endpoint: "tcp://$6:7700", shards: [$5], public_key_file: $dir/keys/$4.public}
YAML
}
config node-1 0-31 10.77.0.1 node-2 32-63 10.77.0.2
config node-2 32-63 10.77.0.2 node-1 0-31 10.77.0.1
ip netns exec "$a" "$zhili" node --config "$dir/node-1.yaml" 2>"$dir/node-1.log" & pids+=($!)
ip netns exec "$b" "$zhili" node --config "$dir/node-2.yaml" 2>"$dir/node-2.log" & pids+=($!)

# metric NAMESPACE PATTERN: the sum of the samples whose line begins so.
metric() {
  ip netns exec "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/7680 && printf "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" >&3 && cat <&3' |
    tr -d '\r' | awk -v p="$2" 'index($0, p) == 1 { sum += $NF } END { printf "%d\n", sum }'
}
# until TENTHS WHAT COMMAND...: waits for the command to hold, and says how long it took.
until_holds() {
  local most=$1 what=$2 i
  shift 2
  for ((i = 0; i < most; ++i)); do
    if "$@" 2>/dev/null; then printf '  %s after %d.%d s\n' "$what" $((i / 10)) $((i % 10)); return; fi
    sleep 0.1
  done
  echo "not within $((most / 10)) s: $what"
  cat "$dir"/node-*.log
  exit 1
}
said() { (($(grep -c "\"says\":\"$2\"" "$dir/$1.log") >= $3)); }
both_said() { said node-1 "node-2 is $1" "$2" && said node-2 "node-1 is $1" "$2"; }
until_holds 200 'the nodes hear each other' both_said there 1

ip netns exec "$a" "$zhili" load --to tcp://10.77.0.1:7600 --key "$dir/keys/client.secret" --server-key "$dir/keys/node-1.public" \
  --rate 300 --for 26s --format json >"$dir/load.json" & load=$!
pids+=("$load")
sleep 2
echo 'the cable is pulled'
ip -n "$a" link set cable down
until_holds 150 'both have noticed' both_said gone 1
sleep 1
ip -n "$a" link set cable up
until_holds 150 'both have recovered' both_said there 2
sleep 1
echo 'what goes from 1 to 2 is lost, the other direction works'
ip -n "$a" neigh replace 10.77.0.2 lladdr 02:00:00:00:00:99 dev cable nud permanent
until_holds 150 'both have noticed' both_said gone 2
sleep 1
ip -n "$a" neigh del 10.77.0.2 dev cable
until_holds 150 'both have recovered' both_said there 3
wait "$load" || { cat "$dir/load.json" "$dir"/node-*.log; echo 'not all was accepted'; exit 1; }
tr -d '\n' <"$dir/load.json"; echo

field() { sed -nE "s/^ *\"$1\": ([0-9]+).*/\1/p" "$dir/load.json"; }
((  $(field submitted) == $(field accepted) + $(field refused) ))
books() { echo $(($(metric "$a" "zhili_accounted{kind=\"diary\",state=\"$1\"}") + $(metric "$b" "zhili_accounted{kind=\"diary\",state=\"$1\"}"))); }
echo "books: submitted $(books submitted), decided $(books decided), waiting $(books waiting), refused $(books refused)"
(($(books submitted) == $(field submitted) && $(books submitted) == $(books decided) + $(books waiting) + $(books refused)))
for ns in "$a" "$b"; do
  (($(metric "$ns" 'zhili_link_total{cause="calls_down"}') >= 2)) || { echo "metrics do not show the cut"; exit 1; }
done
# A drain that leaves nothing on its way: every letter between the two came over in the end.
for n in 1 0; do kill "${pids[n]}"; done
for n in 1 0; do wait "${pids[n]}"; done
if grep -h 'still on its way' "$dir"/node-*.log; then exit 1; fi
for node in node-1 node-2; do
  (($(grep -c '"says":"ready' "$dir/$node.log") == 1)) || { echo "$node was started again"; exit 1; }
  "$zhili" verify "$dir/$node" --lang en | tee "$dir/verify"
  grep -q 'divergences 0' "$dir/verify"
done
