#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: restore_under_load.sh ZHILI. Two nodes under load. Partitions of both are copied while they work; later one node is
# stopped and its partition put back from the older copy, then the other's, while submissions go on. What the copies do
# not know is reported and counted, nothing stands still, the books balance, and every log re-executes. Then a shard moves
# from one node to the other: nothing is lost, nothing comes twice.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
declare -A pid=()
load=
finish() {
  for p in $load "${pid[@]}"; do kill -9 "$p" 2>/dev/null || true; done
  rm -rf -- "$dir"
}
trap finish EXIT
port=$((20000 + $$ % 20000))
a=tcp://127.0.0.1:$port b=tcp://127.0.0.1:$((port + 1))
export LANG=C LC_ALL=C
stop() { printf 'restore_under_load: %s\n' "$1" >&2; exit 1; }

# config NAME GATEWAY LISTEN HTTP HOST OTHER OTHER_LISTEN OTHER_HOST
config() {
  cat >"$dir/$1.yaml" <<YAML
name: $1
data_dir: $dir/$1
pack: baseline-2021
gateway: $2
listen: tcp://127.0.0.1:$3
http: 127.0.0.1:$4
host: $5
peers: {$6: {endpoint: "tcp://127.0.0.1:$7", ${8#\{}}
YAML
}
up() {
  "$zhili" node --config "$dir/$1.yaml" 2>>"$dir/$1.log" &
  pid[$1]=$!
}
down() {
  kill "${pid[$1]}"
  wait "${pid[$1]}" || stop "$1 did not end well: $(tail -n 3 "$dir/$1.log")"
  unset "pid[$1]"
}
# page PORT, gaps PORT WHAT, balanced PORT: of /metrics
page() {
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' >&3
  tr -d '\r' <&3
  exec 3>&-
}
gaps() { page "$1" | sed -n "s/^zhili_restore_gap_letters_total{what=\"$2\"} //p"; }
balanced() { page "$1" | awk '/^zhili_accounted/ {
    split($0, part, "\""); n[part[2] " " part[4]] = $2; kinds[part[2]] }
  END { for (k in kinds) if (n[k " submitted"] != n[k " decided"] + n[k " waiting"] + n[k " refused"]) { print k; bad = 1 } exit bad }'; }
feed() { "$zhili" load --to "$a" --rate "$1" --for "$2" --format json >"$dir/load.json"; }
accepted() { grep -o '"accepted": *[0-9]*' "$dir/load.json" | grep -o '[0-9]*$'; }

# together SHARDS_OF_A SHARDS_OF_B: writes both files
together() {
  config a "$a" $((port + 2)) $((port + 4)) "{workflows: all, shards: [$1]}" b $((port + 3)) "{workflows: all, shards: [$2]}"
  config b "$b" $((port + 3)) $((port + 5)) "{workflows: all, shards: [$2]}" a $((port + 2)) "{workflows: all, shards: [$1]}"
}
both() { echo $(($("$1" $((port + 4)) "${@:2}") + $("$1" $((port + 5)) "${@:2}"))); }
submitted() { page "$1" | sed -n 's/^zhili_accounted{kind="diary",state="submitted"} //p'; }
ready() {
  for _ in {1..200}; do
    if (page $((port + 4)) && page $((port + 5))) 2>/dev/null | grep -c '^zhili_ready 1' | grep -qx 2; then return; fi
    sleep 0.1
  done
  stop 'the nodes do not come up'
}
# steady: books balance on both, and what is fed now is submitted once
steady() {
  local before
  before=$(both submitted)
  feed 300 3s
  balanced $((port + 4)) || stop "the books of a do not balance"
  balanced $((port + 5)) || stop "the books of b do not balance"
  (($(both submitted) == before + $(accepted))) || stop "accepted $(accepted), submitted $before and then $(both submitted)"
}
# Every decision once, over both nodes.
decided_once() {
  local to
  for to in "$a" "$b"; do "$zhili" tail --to "$to"; done >"$dir/tail"
  grep '"kind":"decision"' "$dir/tail" | sed 's/.*"partition":"\([a-z]*\)\/.*"subject":"\([^"]*\)".*"number":\([0-9]*\),.*/\1 \2 \3/' |
    sort | uniq -d >"$dir/twice"
  [[ ! -s $dir/twice ]] || stop "decided twice: $(head -n 3 "$dir/twice")"
}

together 0-31 32-63
up a
up b
ready
feed 400 3s
# One that submissions go to, and one that its letters go to, on either node; as they stand while they work.
feed 400 6s &
load=$!
sleep 2
"$zhili" partition export --to "$a" --to "$b" --workflow content --shard 7 --out "$dir/copy" >"$dir/said"
"$zhili" partition export --to "$a" --to "$b" --workflow takedown --shard 40 --out "$dir/copy" >"$dir/said"
wait "$load"
load=

# The other node goes on and submissions come in while each is put back.
again=0
for turn in "b takedown 40" "a content 7"; do
  read -r node workflow shard <<<"$turn"
  feed 200 8s &
  load=$!
  sleep 1
  down "$node"
  "$zhili" partition import --in "$dir/copy" --workflow "$workflow" --shard "$shard" --data-dir "$dir/$node" --as restore >"$dir/said"
  up "$node"
  wait "$load" || stop "submissions were not all accepted: $(cat "$dir/load.json")"
  load=
  # Stale letters are looked for every other second, and twice.
  sleep 7
  ready
  # Counted since each process began: the next turn starts one again.
  again=$((again + $(both gaps sent_again_from_the_log)))
done
cat "$dir/a.log" "$dir/b.log" >"$dir/logs"
grep '"level":"warn"' "$dir/logs" | grep 'takedown shard 40 was restored from an older copy: it had acknowledged messages' >/dev/null ||
  stop 'no line names what takedown/40 lacks'
grep '"level":"warn"' "$dir/logs" | grep 'content shard 7: .* has heard messages [0-9]* to [0-9]* of it' >/dev/null ||
  stop 'no line names what content/7 forgot'
sent=$(both gaps sent_and_forgotten_here) missed=$(both gaps missed_for_good)
((sent > 0)) || stop 'nothing was counted that a copy did not know it had sent'
((again > 0)) || stop 'nothing was sent again that a copy had not taken'
((missed == 0)) || stop "$missed letters are missing for good"
steady
decided_once
printf 'restored: %s letters forgotten by copies, %s sent again\n' "$sent" "$again"

# Shard 31 of every workflow moves from a to b.
down a
down b
for w in onboarding product content desk takedown risk signal quality inspection; do
  "$zhili" partition export --data-dir "$dir/a" --workflow "$w" --shard 31 --out "$dir/moving" >"$dir/said"
done
"$zhili" partition import --in "$dir/moving" --all --data-dir "$dir/b" --as move >"$dir/said"
grep -q 'partitions 9 ' "$dir/said" || stop "not all of shard 31 came along: $(cat "$dir/said")"
together 0-30 31-63
: >"$dir/a.log"
: >"$dir/b.log"
up a
up b
ready
steady
decided_once
# content/7 may speak to some of its neighbours for the first time in its new life.
cat "$dir/a.log" "$dir/b.log" | grep -v 'content shard 7 was restored' | grep 'older\|configurations differ\|"error"' && stop 'a move left a gap'
(($(both gaps sent_and_forgotten_here) == 0 && $(both gaps sent_again_from_the_log) == 0)) || stop 'a move left a gap'
down a
down b
for node in a b; do
  "$zhili" verify "$dir/$node" >"$dir/verified" || stop "$node: $(cat "$dir/verified")"
  grep -q 'divergences 0' "$dir/verified" || stop "$node: $(cat "$dir/verified")"
done
echo 'restore under load ok'
