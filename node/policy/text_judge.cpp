// SPDX-License-Identifier: Apache-2.0
#include "node/policy/text_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "policy/pack_compiled.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/limits.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr std::string_view bare_text = "content";
constexpr std::string_view bare_text_stage = "ad";

void add_span(std::vector<byte_span>& spans, byte_span s) {
  if (!spans.empty() && s.first <= spans.back().second) {
    spans.back().second = std::max(spans.back().second, s.second);
  } else {
    spans.push_back(s);
  }
}

std::ptrdiff_t workflows_with(std::string_view stage, const policy::pack& pack) {
  return std::ranges::count_if(pack.workflows(), [&](const policy::workflow_info& w) {
    return std::ranges::any_of(w.stages, [&](const policy::stage_info& s) { return s.name == stage; });
  });
}

}  // namespace

std::string kind_name(const judged_kind& kind, const policy::pack& pack) {
  const std::string_view stage = kind.stage->name;
  return workflows_with(stage, pack) > 1 ? fmt::format("{}.{}", kind.workflow->name, stage) : std::string(stage);
}

result<judged_kind> find_kind(std::string_view name, const policy::pack& pack) {
  const std::string_view wanted = name == bare_text ? bare_text_stage : name;
  std::vector<std::string> known{std::string(bare_text)};
  std::vector<judged_kind> meant;
  for (const policy::workflow_info& w : pack.workflows()) {
    for (const policy::stage_info& s : w.stages) {
      const judged_kind kind{&w, &s};
      if (fmt::format("{}.{}", w.name, s.name) == wanted) return kind;
      if (s.name == wanted || s.zh == wanted) meant.push_back(kind);
      known.push_back(kind_name(kind, pack));
    }
  }
  if (meant.size() == 1) return meant.front();
  if (!meant.empty()) {
    std::vector<std::string> full;
    for (const judged_kind& k : meant) full.push_back(fmt::format("{}.{}", k.workflow->name, k.stage->name));
    return fail(
        errc::bad_argument, tell(
                                "--kind：不止一个环节叫 '{}'；请写明是 {}",
                                "--kind: several workflows have a stage '{}'; write one of {}", name,
                                fmt::format("{}", fmt::join(full, ", "))));
  }
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto near = policy::nearest(name, names);
  return fail(
      errc::bad_argument,
      tell(
          "--kind：没有 '{}'；{}可以写的有 {}", "--kind: there is no '{}'; {}there are {}", name,
          near.empty() ? bilingual{} : tell("你是不是想写 '{}'？", "did you mean '{}'? ", near),
          fmt::format("{}", fmt::join(names, ", "))));
}

void text_judge::collect(std::string_view text) {
  const policy::pack::compiled& c = pack_->internals();
  text_.begin(*c.words, text);
  out_.normalised = text_.printed();
  const policy::stage_plan* plan = c.plan(kind_.stage->number);
  if (plan == nullptr) return;
  std::uint64_t read = 0;
  for (const policy::finding& f : judgement_.findings) {
    if (f.shadow) continue;
    out_.rules.push_back(f.rule);
    for (const policy::staged_rule& r : plan->rules) {
      if (r.rule == f.rule) read |= r.when.categories;
    }
  }
  if (read == 0) return;
  plan->terms->scan(text_.normalised(), matcher_, hits_);
  std::uint64_t found = 0;
  for (const policy::hit& h : hits_) {
    if ((read >> h.category & 1) == 0) continue;
    if (c.categories[h.category].name.ends_with("_voice")) continue;
    found |= std::uint64_t{1} << h.category;
    add_span(out_.spans, {h.begin, h.begin + h.length});
  }
  for (std::size_t i = 0; i < c.categories.size(); ++i) {
    if ((found >> i & 1) != 0) out_.categories.push_back(c.categories[i].name);
  }
}

const judged_text& text_judge::judge(std::string_view text) {
  out_.categories.clear();
  out_.rules.clear();
  out_.spans.clear();
  out_.normalised.clear();
  out_.too_long = text.size() > limits::text_bytes_max;
  if (out_.too_long) {
    out_.verdict = verdict::escalate;
    out_.categories.push_back("too_long");
    return out_;
  }
  pack_->judge(kind_.stage->number, facts_, text, at_, 0, memory_, judgement_);
  out_.verdict = judgement_.verdict;
  collect(text);
  return out_;
}

std::string_view verdict_word(verdict v) {
  switch (v) {
    case verdict::label: return "label";
    case verdict::demote: return "demote";
    case verdict::reject:
    case verdict::suspend: return "reject";
    case verdict::escalate: return "escalate";
    case verdict::none:
    case verdict::approve: return "approve";
  }
  return "approve";
}

}  // namespace zhili::node
