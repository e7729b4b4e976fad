#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: desk_verbs.sh ZHILI. One node is fed the smoke scenario without what people did in it; a task is listed,
# claimed, refused to another reviewer and decided; its measure is acknowledged and appealed against; another reviewer
# upholds the appeal and the measure is lifted. Every command is given twice, and the log must re-execute.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
node=
finish() {
  [[ -z $node ]] || kill "$node" 2>/dev/null || true
  rm -rf -- "$dir"
}
trap finish EXIT
to=tcp://127.0.0.1:$((20000 + $$ % 20000))
export LANG=C LC_ALL=C

stop() { printf 'desk_verbs: %s\n' "$1" >&2; exit 1; }
# field NAME: the first string under that name in JSON on standard input
field() { grep -o "\"$1\": *\"[^\"]*\"" | head -n 1 | sed 's/.*: *"//; s/"$//' || true; }
desk() { "$zhili" desk "$@" --to "$to"; }
# says TEXT COMMAND...: the command succeeds and prints the text
says() {
  local text=$1 out
  shift
  out=$("$@" 2>&1) || stop "failed: $*: $out"
  [[ $out == *"$text"* ]] || stop "no '$text' from: $*: $out"
}
# refuses TEXT COMMAND...: the command ends with 1 and says why
refuses() {
  local text=$1 out code=0
  shift
  out=$("$@" 2>&1) || code=$?
  ((code == 1)) || stop "ended with $code: $*: $out"
  [[ $out == *"$text"* ]] || stop "no '$text' from: $*: $out"
}
# line PATTERN...: waits until one line of the tail has all of them, prints the last such line
line() {
  local pattern
  for _ in {1..100}; do
    "$zhili" tail --to "$to" >"$dir/tail"
    for pattern; do
      grep -F -- "$pattern" "$dir/tail" >"$dir/some" || true
      mv "$dir/some" "$dir/tail"
    done
    if [[ -s $dir/tail ]]; then
      tail -n 1 "$dir/tail"
      return
    fi
    sleep 0.1
  done
  stop "no such line in the tail: $*"
}

"$zhili" simulate smoke --record "$dir/smoke.ndjson" >"$dir/simulated"
awk '!/"workflow":"(desk|takedown)"/' "$dir/smoke.ndjson" >"$dir/part.ndjson"
cat >"$dir/node.yaml" <<YAML
name: desk-test
data_dir: $dir/data
pack: baseline-2021
registry: $dir/smoke.ndjson
clock: trace
gateway: $to
host: {workflows: all, shards: all}
YAML
"$zhili" node --config "$dir/node.yaml" 2>"$dir/log" &
node=$!
"$zhili" submit "$dir/part.ndjson" --to "$to" --settle 60s >"$dir/fed"

desk list --queue content --reviewer 7 --format json >"$dir/list"
task=$(field task <"$dir/list") subject=$(field subject <"$dir/list")
[[ $task == task:* && $subject == ad:* ]] || stop "no task of the content queue in: $(cat "$dir/list")"
says "$task" desk list --queue content
says '任务' desk list --lang zh

on=(--task "$task" --reviewer)
says 'claimed until' desk claim "${on[@]}" 7
says 'claimed until' desk claim "${on[@]}" 7
refuses 'reviewer 7 holds this task until' desk claim "${on[@]}" 8
refuses 'reviewer 7 holds this task until' desk decide "${on[@]}" 8 --verdict approve --reason 1000
desk list --queue content --reviewer 8 --limit 400 --format json >"$dir/list"
! grep -q "$task" "$dir/list" || stop 'a task that 7 holds is listed for 8'
refuses 'no such task' desk claim --task "${task%????}0000" --reviewer 7
says 'decided: reject' desk decide "${on[@]}" 7 --verdict reject --reason 1000
says 'decided: reject' desk decide "${on[@]}" 7 --verdict reject --reason 1000
refuses 'reviewer 7 has decided this task: reject' desk decide "${on[@]}" 7 --verdict approve --reason 1000

line '"kind":"decision"' "$subject" '"cause":"desk"' '"verdict":"reject"' '"by":"person"' >"$dir/decision"
line '"kind":"measure"' "$subject" '"do":"impose"' >"$dir/measure"
account=$(field account <"$dir/measure")
"$zhili" ack --to "$to" <"$dir/measure" >"$dir/acked"
grep -q 'accepted 1' "$dir/acked" || stop "not acknowledged: $(cat "$dir/acked")"
"$zhili" ack --to "$to" <"$dir/measure" >"$dir/acked"

appeal=("$zhili" appeal --to "$to" --account "$account")
refuses 'no measure' "${appeal[@]}" --subject "${subject%????}0000"
says 'lies at the desk as task:' "${appeal[@]}" --subject "$subject" --ground 1
said=$("${appeal[@]}" --subject "$subject" --ground 1)
on=(--task "task:${said##*task:}" --reviewer)
for _ in {1..100}; do
  desk list --queue appeal --reviewer 8 --limit 400 --format json >"$dir/list"
  if grep -q "${on[1]}" "$dir/list"; then break; fi
  sleep 0.1
done
refuses 'reviewer 7 decided this before' desk decide "${on[@]}" 7 --verdict reject --reason 1000
says 'decided: approve' desk decide "${on[@]}" 8 --verdict approve --reason 1000
line '"kind":"measure"' "$subject" '"do":"lift"' >"$dir/lifted"
refuses 'no longer holds' "${appeal[@]}" --subject "$subject" --ground 1

kill "$node"
wait "$node"
node=
says 'divergences 0' "$zhili" verify "$dir/data" --lang en
