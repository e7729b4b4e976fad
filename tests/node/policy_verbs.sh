#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# policy_verbs.sh ZHILI: the verbs of a policy team, as somebody at a terminal meets them.
set -euo pipefail
zhili=$1
# shellcheck source=tests/node/policy_support.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/policy_support.sh"

# Every template passes its own check and tests, and begins a pack of its own.
run new --lang zh
for template in packs/templates/*/; do
  name=$(basename "$template")
  says "$name"
done
for template in packs/templates/*/; do
  name=$(basename "$template")
  run check "$template"
  run test "$template"
done
run new "$work/mine" --from words
run new "$work/mine" --from price
run check "$work/mine"
says '2 rules, 1 lexicons'
refuses 2 new "$work/mine" --from words
says 'is there already'

run search 引流 --pack packs/baseline-2021 --lang zh
says 'hits(bait_price)'
# Scorecards: terms that hold the word, itself first; of a longer word those that it holds. Counters by title and name.
run search 名额 --lang zh
says '评分卡'
grep -qE 'score\(ad_wording\) +广告腔 +名额 [+-][0-9]+  ' "$work/out" || { cat "$work/out" >&2; fail 'no weight of 名额'; }
run search 名额有限好 --lang en
grep -qE 'score\(ad_wording\) +how unlawful ads word it .*名额 [+-]' "$work/out" || { cat "$work/out" >&2; fail 'no terms of 名额有限好'; }
says_not '  好 '
run search 一天内 --pack packs/templates/frequency --lang zh
says '计数器'
says 'my_posts_a_day  同一作者一天内的帖子数  content'
run search MY_AD --pack packs/templates/frequency --lang en
says 'counters'
says 'different ad texts of one institution within a week'
says 'distinct of normalised(text) by account'
run search 名额 --format json
says '"term": "名额"'

# A kind that there is not: every name once, and the workflow's where two have a stage of that name.
refuses 2 judge --kind product --text </dev/null
(($(grep -o 'institution' "$work/out" | wc -l) == 2)) && (($(grep -ow 'ad' "$work/out" | wc -l) == 1)) ||
  { cat "$work/out" >&2; fail 'kinds are said twice'; }
says 'onboarding.institution'
says 'risk.institution'
refuses 2 judge --kind institution --text </dev/null --lang zh
says '请写明是 onboarding.institution, risk.institution'
refuses 2 judge --kind reviw --text </dev/null --lang zh
says "没有 'reviw'；你是不是想写 'review'？可以写的有 content"

# What can be read but was hardly meant.
printf '美到爆炸💥\n加❤ | 附近须有：微信号～\n' >>"$work/mine/lexicons/my_words.txt"
run check "$work/mine" --lang zh
says "my_words.txt:9:1: 请留意：'美到爆炸💥' 会按 '美到爆炸' 匹配，判定时 '💥' 会略去"
says "my_words.txt:10:1: 请留意：'加❤' 会按 '加' 匹配"
says "my_words.txt:10:1: 请留意：'微信号～' 会按 '微信号' 匹配"
says '没有错误'
run check "$work/mine" --lang en
says "my_words.txt:9:1: warning: '美到爆炸💥' is matched as '美到爆炸': '💥' is left out of texts"
run check packs/baseline-2021 --lang en
says_not 'warning'
run facts --kind 广告 --lang zh
says '医疗广告审查证明'
run explain --pack packs/templates/price --kind ad --text '九块九包邮' --lang zh
says 'prices(text)  =  [9.90元]'
says '《价格法》第14条'
# A score: what it is made of, what it is compared with, and where its words stand.
run explain --kind ad --text '惊艳所有人！名额有限，欢迎到店咨询。' --lang zh
grep -qE '^  ad_wording  广告腔  [0-9]+（起点 -[0-9]+，[0-9]+ 个词合计 \+[0-9]+）$' "$work/out" || { cat "$work/out" >&2; fail 'no score'; }
grep -qE '^    门槛  score\(ad_wording\) >= [0-9]+  =  true（ad-wording）$' "$work/out" || { cat "$work/out" >&2; fail 'no threshold'; }
grep -qE "^    [+][0-9]+  名.*  字节 18\$" "$work/out" || { cat "$work/out" >&2; fail 'no place of a term'; }
grep -qE '^    另有 [0-9]+ 个词，合计 [+-][0-9]+$' "$work/out" || { cat "$work/out" >&2; fail 'no others'; }
run explain --kind ad --text '惊艳所有人！名额有限，欢迎到店咨询。' --lang en
says 'how unlawful ads word it'
grep -qE '^    threshold  score\(ad_wording\) >= [0-9]+  =  true \(ad-wording\)$' "$work/out" || { cat "$work/out" >&2; fail 'no threshold'; }
run explain --kind ad --text '惊艳所有人！名额有限，欢迎到店咨询。' --format json
says '"source": "score(ad_wording) >= '
# A pack without scorecards has none to show.
run explain --pack packs/templates/price --kind ad --text '九块九包邮' --lang zh
says_not '评分卡'
echo '{"institution_named": true, "ad_certificate": "expired"}' >"$work/facts.json"
run explain --pack packs/baseline-2021 --kind ad --facts "$work/facts.json" --for person --lang zh
says '如有异议'
says '如何改正'
echo '{"ad_certificate": "expird"}' >"$work/facts.json"
refuses 3 explain --kind ad --facts "$work/facts.json"
says "did you mean 'expired'?"

cp -r packs/templates/price "$work/other"
sed -i 's/10元/20元/; s/verdict: escalate, queue: normal/verdict: reject/' "$work/other/rules/low_price.yaml"
run diff packs/templates/price "$work/other" --lang en
says 'threshold: 10元 → 20元'
says 'verdict: escalate → reject'

[[ $("$zhili" policy eval --expr '1 + 1' --format json) == '{"value": 2}' ]] || fail 'eval'
[[ $("$zhili" policy eval --expr '1 / 0' --format json) == '{"error": "divide by zero"}' ]] || fail 'eval of an error'
[[ $(echo '{"a": {"b": [1, 2.0]}}' | "$zhili" policy eval --facts - --expr 'a.b' --format json) == '{"value": [1,2.0]}' ]] ||
  fail 'eval of facts'
[[ $("$zhili" policy eval --expr "timestamp(0).getHours('Asia/Kathmandu')" --format json) == '{"value": 5}' ]] || fail 'zones'
