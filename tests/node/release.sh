#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: release.sh ZHILI. A pack goes through shadow, canary, enforce and back on a running node that takes submissions all
# the time: each is decided once, by the pack in force for its account; a guard falls back by itself; a release outlives
# kill -9; somebody else must approve where the node's file says so; the folder verifies.
set -euo pipefail
zhili=$1
dir=$(mktemp -d)
node= load=
trap '[[ -z $node ]] || kill -9 "$node" 2>/dev/null; [[ -z $load ]] || kill "$load" 2>/dev/null; rm -rf -- "$dir"' EXIT
port=$((20000 + $$ % 20000))
to=tcp://127.0.0.1:$((port + 1))
fail() { printf 'release: %s\n' "$*" >&2; tail -n 20 "$dir/log" >&2; exit 1; }

cp -r packs/baseline-2021 "$dir/strict"
sed -i 's/^name: .*/name: strict/; s/^version: .*/version: 2/' "$dir/strict/pack.yaml"
cat >"$dir/strict/rules/strict.yaml" <<'YAML'
- id: strict-unnamed
  title: {zh: 未指明机构, en: Names no institution}
  status: test
  level: low
  match: {stage: diary}
  when: "!institution_named"
  then: {verdict: label, label: {zh: 未指明机构, en: names no institution}}
  basis: [{statute: platform, article: test, valid_from: 2020-01-01}]
  reason: {zh: 测试。, en: A test.}
  tests:
    - {name: none, facts: {institution_named: false}, expect: fires}
    - {name: one, facts: {institution_named: true}, expect: silent}
YAML

config() {
  cat >"$dir/node.yaml" <<YAML
name: node-1
data_dir: $dir/data
pack: baseline-2021
gateway: $to
http: 127.0.0.1:$port
releases: {approval: $1}
YAML
}
start() {
  "$zhili" node --config "$dir/node.yaml" 2>>"$dir/log" &
  node=$!
  for ((i = 0; i < 300; ++i)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))") 2>/dev/null && return
    sleep 0.1
  done
  fail "the node did not start"
}
release() { "$zhili" policy release "$@" --to "$to"; }
# WHAT of the last release, or of the whole: `field state`
field() { release --status --format json | python3 -c "
import json, sys
s = json.load(sys.stdin)[0]['status']
r = s['releases'][-1] if s['releases'] else {}
print({**s, **r}.get('$1'))"; }
labelled() { "$zhili" tail --to "$to" --from start | grep -c '"verdict":"label"' || true; }

config false
start
"$zhili" load --to "$to" --rate 400 --for 40s --format json >"$dir/load" 2>>"$dir/log" &
load=$!
sleep 3

# A step may not be left out, and who and why must be said.
release "$dir/strict" --stage enforce --by lead --why test >"$dir/said" 2>&1 && fail "enforced without a canary"
grep -q 'canary first' "$dir/said" || fail "no word of the step that is missing: $(cat "$dir/said")"
release "$dir/strict" --stage shadow --why test >"$dir/said" 2>&1 && fail "released by nobody"
# In the language of whoever asks.
release "$dir/strict" --stage enforce --by lead --why test --lang zh >"$dir/said" 2>&1 && fail "enforced without a canary"
grep -q '还没有灰度过；请先用 --stage canary 发布' "$dir/said" || fail "the node refuses in English: $(cat "$dir/said")"

release "$dir/strict" --stage shadow --by lead --why 'a test' >/dev/null
sleep 3
[[ $(field judged_by_both) -gt 500 ]] || fail "nothing was judged in shadow"
[[ $(field came_out_otherwise) -gt 100 ]] || fail "nothing came out otherwise in shadow"
[[ $(labelled) == 0 ]] || fail "a pack in shadow had an effect"

release "$dir/strict" --stage canary --percent 20 --by lead --why 'a test' >/dev/null
sleep 3
canary=$(labelled)
((canary > 20)) || fail "the canary labelled $canary"
release "$dir/strict" --stage enforce --by lead --why 'a test' >/dev/null
sleep 3
enforced=$(labelled)
((enforced > canary + 300)) || fail "enforced, and $canary became $enforced"

# What is in force outlives a kill; the file names another pack.
kill -9 "$node"; wait "$node" 2>/dev/null || true
start
[[ $(field stage) == enforce ]] || fail "a kill undid the release"
sleep 3
after=$(labelled)
((after > enforced + 100)) || fail "after a kill $enforced became $after"

release --rollback --by lead --why complaints >/dev/null
sleep 1
before=$(labelled)
sleep 2
[[ $(labelled) == "$before" ]] || fail "labels go on after the rollback"

# More changes than the guard allows: back in shadow without anybody's word.
release "$dir/strict" --stage shadow --by lead --why 'a test' >/dev/null
release "$dir/strict" --stage canary --percent 50 --guard 2% --by lead --why 'a test' >/dev/null
for ((i = 0; i < 100; ++i)); do [[ $(field by) == guard ]] && break; sleep 0.1; done
[[ $(field by) == guard && $(field stage) == shadow ]] || fail "the guard did nothing"
field why | grep -q 'came out otherwise' || fail "the guard did not say why: $(field why)"

# At a stated time.
release "$dir/strict" --stage canary --percent 50 --by lead --why 'a test' --at "$(date -u -d '+4 seconds' +%Y-%m-%dT%H:%M:%SZ)" >/dev/null
[[ $(field state) == scheduled ]] || fail "took effect before its time"
sleep 6
[[ $(field state) == 'in force' ]] || fail "did not take effect at its time"

wait "$load" || fail "the load tool: $(cat "$dir/load")"
load=
python3 - "$dir/load" <<'PY'
import json, sys
said = json.load(open(sys.argv[1]))
assert said["refused"] == 0, said
assert said["accepted"] == said["submitted"], said
PY

# Somebody else approves.
kill "$node"; wait "$node" 2>/dev/null || true
config true
start
release --rollback --by lead --why 'a test' >/dev/null
release "$dir/strict" --stage shadow --by lead --why 'a test' >/dev/null
[[ $(field state) == 'waits for approval' ]] || fail "took effect without approval"
number=$(field number)
release --approve "$number" --by lead >"$dir/said" 2>&1 && fail "the author approved"
release --approve "$number" --by safety >/dev/null
[[ $(field state) == 'in force' && $(field approved_by) == safety ]] || fail "approved, and not in force"

kill "$node"; wait "$node" 2>/dev/null || true
node=
"$zhili" verify "$dir/data" >"$dir/verified" || fail "the folder does not verify: $(cat "$dir/verified")"
printf 'labels: canary %s, enforced %s, after a kill %s\n' "$canary" "$enforced" "$after"
