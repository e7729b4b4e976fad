#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# policy_errors.sh ZHILI: what somebody reads who writes rules, makes mistakes and knows Chinese.
set -euo pipefail
zhili=$1
# shellcheck source=tests/node/policy_support.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/policy_support.sh"
# mistake FILE SED: a fresh copy of a template with that change, checked in Chinese.
mistake() {
  rm -rf -- "$work/pack"
  cp -r packs/templates/minors "$work/pack"
  sed -i "$2" "$work/pack/$1"
  ! cmp -s "packs/templates/minors/$1" "$work/pack/$1" || fail "nothing changed: $2"
  refuses 3 check "$work/pack" --lang zh
}
unset LC_ALL LC_MESSAGES LANG
rules=rules/minors_bait.yaml
words=lexicons/young_people.txt

mistake $rules 's/stage: ad/stage: ads/'
says "/pack/rules/minors_bait.yaml:5:18: 没有 'ads' 这个环节；你是不是想写 'ad'？"
mistake $rules 's/hits(young_people)/hits(yong_people)/'
says "minors_bait.yaml:9:18: 规则包里没有叫 'yong_people' 的词表；你是不是想写 'young_people'？"
mistake $rules 's/p <= 10元/p <= １０元/'
says "'１０元' 是全角的；你是不是想写 '10元'？"
mistake $rules 's/p <= 10元/p <= 10/'
says '金额（如 9.9元）和整数不能比较：请写金额，如 10元、9.9元'
mistake $rules 's/verdict: reject/verdict: rejct/'
says "'verdict' 不能是 'rejct'；你是不是想写 'reject'？"
mistake $rules 's/^  level/ level/'
says '4:2: 缩进没有对齐：这一行前面有 1 个空格，同级的第 3 行有 2 个'
mistake $rules 's/^  level: /  level：/'
says "4:8: 冒号是全角的：请写成 'level: '（半角冒号加一个空格）"
mistake $rules 's/2015-09-01/2015年9月1日/'
says "'valid_from' 后面应当写四位年、两位月、两位日的日期 2015-09-01，而不是 '2015年9月1日'"
mistake $rules 's/audience: minors/audience: 未成年人/'
says "'audience'：没有 '未成年人' 这个词"
mistake $rules 's/low && (/low 且 (/'
says "不认识 '且'；你是不是想写 '&&'？"
mistake $words 's/^category/categry/'
says "young_people.txt:1:1: 表头没有 'categry' 这一项；你是不是想写 'category'？"
(($(wc -l <"$work/out") == 1)) || fail "one slip, one error: $(cat "$work/out")"
mistake pack.yaml 's/^version: 1/version: 一/'
says "pack.yaml:2:10: 'version' 后面应当写从 1 到 1000000000 的整数，而不是 '一'"

# The locale decides as --lang does, and English stays what it was.
code=0
LANG=zh_CN.UTF-8 "$zhili" policy check "$work/pack" >"$work/out" 2>&1 || code=$?
((code == 3)) || fail "exit code $code"
says '的整数'
refuses 3 check "$work/pack"
says "'version' wants a whole number from 1 to 1000000000, not '一'"

# What is no pack, template, stage or fact.
refuses 3 check "$work/nothing" --lang zh
says '没有这个文件夹'
refuses 2 new "$work/x" --from wrds --lang zh
says "没有 'wrds' 这个模板；你是不是想写 'words'？"
refuses 2 explain --kind adv --lang zh
says "没有 'adv'；你是不是想写 'ad'？可以写的有 content"
# Two workflows have a stage of that name: none is taken in silence.
refuses 2 explain --kind institution --lang zh
says "--kind：不止一个环节叫 'institution'；请写明是 onboarding.institution, risk.institution"
"$zhili" policy explain --kind risk.institution --lang zh >"$work/out"
says 'risk.institution 机构风险指数'
"$zhili" policy explain --kind 广告 --lang zh >"$work/out"
says 'ad 广告'
echo '{"audience": "studnets"}' >"$work/facts.json"
refuses 3 explain --kind ad --facts "$work/facts.json" --lang zh
says "'audience'：没有 'studnets' 这个词；你是不是想写 'students'？"
refuses 3 eval --expr '1 +' --lang zh
says '末尾缺少'
refuses 3 eval --expr '1 / 0' --lang zh
says '除以零'

# Releases: what is wrong before a node is asked.
refuses 2 release --lang zh
says '请写明要做什么：--stage、--approve'
refuses 2 release packs/templates/words --stage shadwo --by lead --why test --lang zh
says "--stage 只能是 shadow（影子）、canary（灰度）或 enforce（启用），不是 'shadwo'"
refuses 2 release packs/templates/words --stage shadow --guard 2 --lang zh
says "--guard：'2' 不是份额；请写成 2% 这样"
refuses 2 release --status --lang zh
says '没有写 --to：入口在哪里'
refuses 2 release --status --to tcp://127.0.0.1:1 --to tcp://127.0.0.1:1 --lang zh
says '--to tcp://127.0.0.1:1 写了两次'

# What --help teaches: in the reader's language to the last option, and English where nothing is asked.
verbs=$("$zhili" policy help | sed -n 's/^  \([a-z]*\) .*/\1/p')
(($(wc -w <<<"$verbs") >= 11)) || fail "verbs: $verbs"
for verb in $verbs; do
  run "$verb" --help --lang zh
  says "用法：zhili policy $verb "
  says '例子'
  iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null || fail "$verb: a character was cut"
  sed -n '/^选项:/,$p' "$work/out" | LC_ALL=C grep -v "$(printf '[\200-\377]')" >"$work/english" && fail "$verb: $(cat "$work/english")"
  run "$verb" --help
  says "usage: zhili policy $verb "
  says_not '用法'
done
code=0
LANG=zh_CN.UTF-8 "$zhili" policy check --help >"$work/out" || code=$?
((code == 0)) || fail "exit code $code"
says '用法：zhili policy check'

# An absent fact is absent, and one place is one hit.
echo '{"audience": "students"}' >"$work/facts.json"
"$zhili" policy explain --pack packs/templates/minors --kind ad --text '学生党一元体验' --all --lang zh >"$work/out"
says 'has(audience)  =  false'
says 'audience in ["minors", "students"]  =  算不出来（缺少事实）'
says '    audience  =  没有提供'
says_not 'no such fact'
"$zhili" policy explain --pack packs/default --kind ad --text '零风险，安全无痛，全国第一' --lang zh >"$work/out"
sed -n '/命中词/,/^$/p' "$work/out" | sort | uniq -d >"$work/twice"
[[ ! -s $work/twice ]] || fail "hits stand there twice: $(cat "$work/twice")"

# diff names what is new with what it does; the shipped templates leave no rule without both kinds of tests.
cp -r packs/templates/words "$work/mine"
"$zhili" policy new "$work/mine" --from minors >/dev/null
"$zhili" policy diff packs/templates/words "$work/mine" --lang zh >"$work/out"
says '+ 规则 my-minors-bait  针对青少年的低价引流'
says '    环节 content.ad；触发时 reject（不予通过），10 分；shadow（影子）'
says '    条件 low && (declared || worded)'
says '+ 词表 young_people  青少年用语：'
for template in packs/templates/*/; do
  "$zhili" policy test "$template" --lang zh >"$work/out"
  says_not '没有测试'
done
echo 'errors ok'
