#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: guide.sh ZHILI [PAGE...]. Walks the writing guide as a reader would: files written, commands run in order, in a copy
# of packs/, scenarios/ and docs/examples/; every command ends as the page says and prints what the page says that one sees. Before the first
# command that names a node, one is started with packs/default; once the pack is in force there, the page's ad is rejected by
# the node and a lawful one is not.
set -euo pipefail
zhili=$(readlink -f "$1")
shift
pages=("$@")
((${#pages[@]})) || pages=(docs/zh/写规则.md docs/writing-rules.md)
dir=$(mktemp -d)
node=
stop_node() { [[ -z $node ]] || { kill "$node" 2>/dev/null || true; wait "$node" 2>/dev/null || true; }; node=; }
trap 'stop_node; rm -rf -- "$dir"' EXIT
fail() { printf 'guide: %s\n' "$*" >&2; [[ ! -s $dir/log ]] || tail -n 5 "$dir/log" >&2; exit 1; }

shown_port=7600
port=$((20000 + $$ % 20000))

start_node() {
  cat >"$dir/node.yaml" <<YAML
name: node-1
data_dir: $dir/data
pack: packs/default
gateway: tcp://127.0.0.1:$port
http: 127.0.0.1:$((port + 1))
clock: trace
YAML
  (cd "$work" && exec "$zhili" node --config "$dir/node.yaml" 2>"$dir/log") &
  node=$!
  for ((i = 0; i < 300; ++i)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
    kill -0 "$node" 2>/dev/null || break
    sleep 0.1
  done
  fail "the node did not start"
}

# What the node says of the ad that the page rejects and of a lawful one.
judged_by_node() {
  python3 tests/node/guide_ads.py docs/examples/recorded-ads.ndjson "$dir/ads.ndjson" >"$dir/subjects"
  "$zhili" submit "$dir/ads.ndjson" --to "tcp://127.0.0.1:$port" >"$dir/out" 2>&1 || fail "ads: $(cat "$dir/out")"
  "$zhili" tail --to "tcp://127.0.0.1:$port" --from start >"$dir/tail"
  grep -qF '"rule":"my-minors-bait"' "$dir/tail" || fail "no word of the guide's rule in the node's log"
  local subject verdict
  while read -r subject verdict; do
    # A subject is printed without the two digits of its kind.
    grep -F "${subject:2}" "$dir/tail" | grep -qF "\"verdict\":\"$verdict\"" ||
      fail "the node did not say $verdict of $subject: $(grep -F "${subject:2}" "$dir/tail")"
  done <"$dir/subjects"
}

# `…` in a line of the page stands for anything.
seen() {
  python3 - "$1" "$2" <<'PY'
import re, sys
said = open(sys.argv[2], encoding="utf-8").read()
wanted = ".*".join(map(re.escape, (p.strip() for p in sys.argv[1].split("…"))))
sys.exit(0 if re.search(wanted, said) else 1)
PY
}

run_commands() {
  local block=$1
  ! grep -q ":$shown_port" "$block" || [[ -n $node ]] || start_node
  { printf '[[ ! -f %q ]] || . %q\nset -eo pipefail\n' "$dir/env" "$dir/env"
    sed "s/:$shown_port\b/:$port/g" "$block"
    printf '\nexport -p >%q\n' "$dir/env"; } >"$dir/script"
  local code=0
  (cd "$work" && bash "$dir/script") >"$dir/out" 2>&1 || code=$?
  if [[ -f ${block%.sh}.fails ]]; then
    ((code != 0)) || fail "$page: this should have failed: $(cat "$block" "$dir/out")"
  else
    ((code == 0)) || fail "$page: exit code $code: $(cat "$block" "$dir/out")"
  fi
  while IFS= read -r line; do
    checked=$((checked + 1))
    seen "$line" "$dir/out" || fail "$page: no '$line' in: $(cat "$block" "$dir/out")"
  done <"${block%.sh}.see"
  ! grep -q -- '--stage enforce' "$block" || [[ -f ${block%.sh}.fails ]] || judged_by_node
}

write_file() {
  local to=$work/$(head -n 1 "$1")
  mkdir -p "$(dirname "$to")"
  tail -n +2 "$1" >"$to"
}

change_lines() {
  python3 - "$1" "$work" <<'PY'
import pathlib, sys
path, *lines = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
file = pathlib.Path(sys.argv[2]) / path
text = file.read_text(encoding="utf-8").splitlines()
# A misspelt key is put right by the line that stands in its place: `reason:` finds `raeson:`.
def key(line): return line[:len(line) - len(line.lstrip())] + "".join(sorted(line.split(":")[0].strip()))
for line in lines:
    at = [n for n, old in enumerate(text) if key(old) == key(line)]
    if len(at) != 1: sys.exit(f"guide: {path}: {len(at)} lines like '{line}'")
    text[at[0]] = line
file.write_text("\n".join(text) + "\n", encoding="utf-8")
PY
}

unset LC_ALL LC_MESSAGES LANG
for page in "${pages[@]}"; do
  work=$dir/work
  rm -rf -- "$work" "$dir/blocks" "$dir/data" "$dir/env"
  mkdir -p "$work/bin" "$dir/blocks"
  cp -r packs scenarios "$work/"
  mkdir "$work/docs"
  cp -r docs/examples "$work/docs/"
  ln -s "$zhili" "$work/bin/zhili"
  printf 'export PATH=%q:$PATH\n' "$work/bin" >"$dir/env"
  count=$(python3 tests/node/guide_blocks.py "$page" "$dir/blocks")
  ((count > 20)) || fail "$page: $count blocks"
  checked=0
  for block in "$dir"/blocks/*; do
    case $block in
      *.sh) run_commands "$block" ;;
      *.file) write_file "$block" ;;
      *.lines) change_lines "$block" ;;
    esac
  done
  [[ -n $node ]] || fail "$page: nothing was released"
  stop_node
  printf '%s: %s blocks, %s lines seen\n' "$page" "$count" "$checked"
done
