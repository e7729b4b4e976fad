#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: several_nodes.sh ZHILI. Two nodes host some shards each. Whoever names both need not know which of them hosts
# what: one tail with one position, one list of tasks, tasks claimed and decided and appeals filed wherever they live.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
pids=()
finish() {
  ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null || true
  rm -rf -- "$dir"
}
trap finish EXIT
port=$((20000 + $$ % 20000))
a=tcp://127.0.0.1:$port b=tcp://127.0.0.1:$((port + 1))
both=(--to "$a" --to "$b") other_way=(--to "$b" --to "$a")
export LANG=C LC_ALL=C
stop() { printf 'several_nodes: %s\n' "$1" >&2; exit 1; }
says() {
  local text=$1 out
  shift
  out=$("$@" 2>&1) || stop "failed: $*: $out"
  [[ $out == *"$text"* ]] || stop "no '$text' from: $*: $out"
}
refuses() {
  local code=$1 text=$2 out got=0
  shift 2
  out=$("$@" 2>&1) || got=$?
  ((got == code)) || stop "ended with $got: $*: $out"
  [[ $out == *"$text"* ]] || stop "no '$text' from: $*: $out"
}
field() { grep -o "\"$1\": *\"\?[^\",}]*" | head -n 1 | sed 's/^"[^"]*": *"\?//' || true; }

"$zhili" simulate smoke --record "$dir/smoke.ndjson" >"$dir/simulated"
awk '!/"workflow":"(desk|takedown)"/ && ++n <= 3000' "$dir/smoke.ndjson" >"$dir/part.ndjson"
node() {
  cat >"$dir/$1.yaml" <<YAML
name: $1
data_dir: $dir/$1
pack: baseline-2021
registry: $dir/smoke.ndjson
clock: trace
gateway: $2
listen: tcp://127.0.0.1:$3
host: {workflows: all, shards: [$4]}
peers: {$5: {endpoint: "tcp://127.0.0.1:$6", workflows: all, shards: [$7]}}
YAML
  "$zhili" node --config "$dir/$1.yaml" 2>"$dir/$1.log" &
  pids+=($!)
}
node a "$a" $((port + 2)) 0-49 b $((port + 3)) 50-63
node b "$b" $((port + 3)) 50-63 a $((port + 2)) 0-49
"$zhili" submit "$dir/part.ndjson" --to "$a" >"$dir/fed"
sleep 5

# One position over both.
for from in a b; do "$zhili" tail --to "${!from}" --position "$dir/$from.json" | sort >"$dir/tail-$from"; done
"$zhili" tail "${both[@]}" --position "$dir/p.json" >"$dir/tail"
[[ -s $dir/tail-a && -s $dir/tail-b ]] || stop 'one of the nodes decides nothing'
sort "$dir/tail" | comm -13 - <(sort -m "$dir/tail-a" "$dir/tail-b") >"$dir/left-out"
[[ ! -s $dir/left-out ]] || stop "left out: $(head -n 2 "$dir/left-out")"
"$zhili" tail "${other_way[@]}" --position "$dir/p.json" | comm -12 - <(sort "$dir/tail") >"$dir/again"
[[ ! -s $dir/again ]] || stop "came twice: $(head -n 2 "$dir/again")"

# One list.
list() { "$zhili" desk list "$@" --limit 400 --format json; }
total() { list "$@" | field total; }
(($(total --to "$a") > 0 && $(total --to "$b") > 0)) || stop 'one of the desks is empty'
(($(total "${both[@]}") == $(total --to "$a") + $(total --to "$b"))) || stop 'the list is not that of both'
list "${both[@]}" | grep -o '"\(priority\|due\)": *-\?[0-9]*' | sed 's/.*: *//' | paste - - >"$dir/order"
sort -k1,1nr -k2,2n -s "$dir/order" | cmp - "$dir/order" || stop 'the list is not in the order of the desk'

# A task of each node, claimed and decided by who names both.
for from in a b; do
  list --to "${!from}" >"$dir/list"
  task=$(field task <"$dir/list")
  [[ $task == task:* ]] || stop "no task at $from"
  says 'claimed until' "$zhili" desk claim "${both[@]}" --task "$task" --reviewer 7
  refuses 1 'reviewer 7 holds this task until' "$zhili" desk claim "${other_way[@]}" --task "$task" --reviewer 8
  says 'decided: reject' "$zhili" desk decide "${other_way[@]}" --task "$task" --reviewer 7 --verdict reject --reason 1000
done
refuses 1 'no such task' "$zhili" desk claim "${both[@]}" --task "${task%????}0000" --reviewer 7

# An appeal against a measure of each node.
sleep 2
"$zhili" tail "${both[@]}" >"$dir/tail"
for shards in '[0-9]\|[1-4][0-9]' '5[0-9]\|6[0-3]'; do
  grep '"do":"impose"' "$dir/tail" | grep "\"partition\":\"takedown/\($shards\)\"" | tail -n 1 >"$dir/measure"
  [[ -s $dir/measure ]] || stop "no measure in shards $shards"
  appeal=("$zhili" appeal --account "$(field account <"$dir/measure")" --subject "$(field subject <"$dir/measure")" --ground 1)
  wrong=$b
  [[ $shards == '['* ]] || wrong=$a
  refuses 3 'lives on another node' "${appeal[@]}" --to "$wrong"
  says 'lies at the desk as task:' "${appeal[@]}" "${both[@]}"
  says 'lies at the desk as task:' "${appeal[@]}" "${other_way[@]}"
done
refuses 2 'is given twice' "$zhili" tail --to "$a" --to "$a"
echo 'several nodes ok'
