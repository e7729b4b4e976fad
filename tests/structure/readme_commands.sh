#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: readme_commands.sh README... -- DEV ZHILI
# Every line of a ```sh block that starts with ./dev or build/zhili names a verb that answers --help, and for
# build/zhili also every --option of that line. Exits 77 (skipped) where no README exists yet.
set -euo pipefail

readmes=()
while [[ $1 != -- ]]; do
  [[ ! -f $1 ]] || readmes+=("$1")
  shift
done
dev=$2 zhili=$3
((${#readmes[@]})) || exit 77

# FILE:LINE:COMMAND of every line inside the blocks, without a prompt.
commands() {
  awk '/^```/ { inside = ($0 == "```sh"); next }
       inside && sub(/^(\$ )?/, "") && /^(\.\/dev|build\/zhili)( |$)/ { print FILENAME ":" FNR ":" $0 }' "$@"
}

checked=0 wrong=0
while IFS=: read -r file line command; do
  read -ra words <<<"${command%%#*}"
  program=$dev
  [[ ${words[0]} == ./dev ]] || program=$zhili
  verb=()
  [[ ${words[1]:---} == -* ]] || verb=("${words[1]}")
  checked=$((checked + 1))
  if ! help=$("$program" "${verb[@]}" --help 2>&1 </dev/null); then
    printf '%s:%d: there is no "%s"\n' "$file" "$line" "${words[*]:0:2}"
    wrong=$((wrong + 1))
    continue
  fi
  [[ $program == "$zhili" ]] || continue
  for word in "${words[@]:1}"; do
    [[ $word != --* ]] || grep -qFwe "${word%%=*}" <<<"$help" || {
      printf '%s:%d: "%s" has no option %s\n' "$file" "$line" "${words[*]:0:2}" "$word"
      wrong=$((wrong + 1))
    }
  done
done < <(commands "${readmes[@]}")

printf '%d commands, %d wrong\n' "$checked" "$wrong"
((checked > 0 && wrong == 0))
