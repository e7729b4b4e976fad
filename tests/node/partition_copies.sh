#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: partition_copies.sh ZHILI. Copies the partitions of a node while it works and once it has stopped; a folder that is
# made of the copies alone re-executes; what does not fit is refused and harms nothing.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
node= feeder=
finish() {
  [[ -z $feeder ]] || kill "$feeder" 2>/dev/null || true
  [[ -z $node ]] || kill "$node" 2>/dev/null || true
  rm -rf -- "$dir"
}
trap finish EXIT
to=tcp://127.0.0.1:$((20000 + $$ % 20000))
export LANG=C LC_ALL=C
stop() { printf 'partition_copies: %s\n' "$1" >&2; exit 1; }
copies() { "$zhili" partition "$@"; }
# refuses CODE TEXT COMMAND...: ends with this code and says why
refuses() {
  local want=$1 text=$2 out code=0
  shift 2
  out=$("$@" 2>&1) || code=$?
  ((code == want)) || stop "ended with $code, not $want: $*: $out"
  [[ $out == *"$text"* ]] || stop "no '$text' from: $*: $out"
}
digest() { "$zhili" verify "$1" | tee "$dir/verified" | sed -n 's/^ *digest //p'; grep -q 'divergences 0' "$dir/verified"; }

"$zhili" simulate smoke --record "$dir/all.ndjson" >"$dir/simulated"
head -n 2500 "$dir/all.ndjson" >"$dir/smoke.ndjson"
cat >"$dir/node.yaml" <<YAML
name: copied
data_dir: $dir/data
pack: baseline-2021
registry: $dir/smoke.ndjson
clock: trace
gateway: $to
host: {workflows: all, shards: all}
YAML
"$zhili" node --config "$dir/node.yaml" 2>"$dir/log" &
node=$!
"$zhili" submit "$dir/smoke.ndjson" --to "$to" >"$dir/fed" &
feeder=$!

# While it works, and one partition as of a batch that is long past.
copies export --to "$to" --all --out "$dir/early" >"$dir/said"
wait "$feeder"
feeder=
copies export --to "$to" --all --out "$dir/late" >"$dir/said"
copies export --to "$to" --workflow content --shard 5 --through 3 --out "$dir/one" >"$dir/said"
grep -q 'content/5 .* 1\.\.3 ' "$dir/said" || stop "not as of batch 3: $(cat "$dir/said")"
refuses 1 'is in use by a running program' copies export --data-dir "$dir/data" --all --out "$dir/none"
kill "$node"
wait "$node"
node=
copies export --data-dir "$dir/data" --all --out "$dir/stopped" >"$dir/said"
cmp "$dir/late/content-5.copy" "$dir/stopped/content-5.copy"
cmp "$dir/late/content-5.texts" "$dir/stopped/content-5.texts"
ls "$dir"/*/ | grep '\.new$' && stop 'a half-written file was left'

# A backup alone is enough: of the running node, of the stopped one, and of the middle of the work.
whole=$(digest "$dir/data")
for from in late stopped early; do
  copies list --in "$dir/$from" >"$dir/said"
  copies import --in "$dir/$from" --all --data-dir "$dir/back-$from" --as restore >"$dir/said"
  again=$(digest "$dir/back-$from")
  [[ $from == early || $again == "$whole" ]] || stop "the folder of $from is another one"
done
grep -q 'submit it again under its keys' "$dir/said" || stop "a restore does not say what is missing: $(cat "$dir/said")"
copies list --data-dir "$dir/back-early" >"$dir/said"
grep -q 'content/5 .* life 1[0-9]\{9\} ' "$dir/said" || stop "a restore begins no new life: $(grep content/5 "$dir/said")"
copies import --in "$dir/stopped" --all --data-dir "$dir/moved" --as move >"$dir/said"
copies list --data-dir "$dir/moved" >"$dir/said"
grep -q 'content/5 .* life 1 ' "$dir/said" || stop "a move begins a new life: $(grep content/5 "$dir/said")"

# What does not fit, and harms nothing.
before=$(digest "$dir/moved")
one=(--workflow content --shard 5 --data-dir "$dir/moved")
refuses 2 'while the node ran' copies import --in "$dir/late" "${one[@]}" --as move
refuses 2 'while the node ran, or of a part' copies import --in "$dir/one" "${one[@]}" --as move
cp -r "$dir/stopped" "$dir/bad"
printf '\x01' | dd of="$dir/bad/content-5.copy" bs=1 seek=900 conv=notrunc 2>/dev/null
refuses 3 'content-5.copy: partition 3/5: the copy is not whole: record' copies import --in "$dir/bad" "${one[@]}" --as restore
refuses 3 'content-5.copy' copies list --in "$dir/bad"
refuses 3 'content-5.copy' copies import --in "$dir/bad" --all --data-dir "$dir/moved" --as restore
cp "$dir/stopped/content-6.copy" "$dir/bad/content-5.copy"
refuses 3 'field `partition`: the copy is of content/6' copies import --in "$dir/bad" "${one[@]}" --as restore
cp "$dir/stopped/content-5.copy" "$dir/bad/content-5.copy"
truncate -s -1 "$dir/bad/content-5.texts"
refuses 3 'content-5.texts: the texts are not whole' copies import --in "$dir/bad" "${one[@]}" --as restore
cp "$dir/stopped/content-5.texts" "$dir/bad/content-5.texts"
rm -r "$dir/bad/packs"
refuses 3 'which is not under' copies import --in "$dir/bad" --workflow content --shard 5 --data-dir "$dir/fresh" --as restore
refuses 2 '--workflow: there is no' copies import --in "$dir/late" --workflow contents --shard 5 --data-dir "$dir/moved" --as restore
refuses 2 '--shard: 64' copies import --in "$dir/late" --workflow content --shard 64 --data-dir "$dir/moved" --as restore
refuses 2 '--as is restore or move' copies import --in "$dir/late" "${one[@]}"
[[ $(digest "$dir/moved") == "$before" ]] || stop 'a refused copy has changed the folder'
echo 'partition copies ok'
