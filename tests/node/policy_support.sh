# SPDX-License-Identifier: Apache-2.0
# What the scripts about policy verbs share; they source it with the program in $zhili. Gives them a folder of their own, $work,
# and keeps in $work/out what was said last.
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
# says TEXT: the output so far holds it.
says() { grep -qF -- "$1" "$work/out" || { cat "$work/out" >&2; fail "no '$1'"; }; }
says_not() { ! grep -qF -- "$1" "$work/out" || { cat "$work/out" >&2; fail "there is '$1'"; }; }
# run VERB...: ends well.
run() { "$zhili" policy "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; fail "$*"; }; }
# refuses CODE VERB...: ends with that code.
refuses() {
  local wanted=$1 code=0
  shift
  "$zhili" policy "$@" >"$work/out" 2>&1 || code=$?
  ((code == wanted)) || { cat "$work/out" >&2; fail "exit code $code of: $*"; }
}
