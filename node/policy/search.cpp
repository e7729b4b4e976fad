// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/fields.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/text/normaliser.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy search", "WORD",
    {"动手写规则之前，先看一个词已经有什么管着：规则（按编号、标题、理由、标签和所依据的法律）、词表里含有它或被它含有的词、\n"
    "评分卡里含有它的词和它们的分（它比这些词长时，列它含有的词）、计数器和事实，中文英文都行。写法的差别和判定文字时一样\n"
    "不计：全角半角、繁体简体、大小写。\n"
    "\n"
    "例子\n"
    "  zhili policy search 引流\n"
    "  zhili policy search guarantee --pack packs/baseline-2021",
    "Says what already covers a word before anybody writes a rule of it: rules (by id, title, reason, tags "
    "and the law\n"
    "that they rest on), terms of lexicons that hold the word or are held by it, terms of scorecards that hold it "
    "(of a word\n"
    "longer than they are: that it holds) with their weights, counters and facts, in Chinese or English. Spelling counts "
    "as it\n"
    "does for texts: width, case, traditional characters.\n\n"
    "examples\n"
    "  zhili policy search 引流\n"
    "  zhili policy search guarantee --pack packs/baseline-2021"},
    false};

constexpr std::size_t terms_shown_max = 12;

std::string folded(std::string_view text) {
  policy::normalised_text out;
  policy::normaliser::with(policy::techniques::all())->normalise(text, out);
  return out.utf8();
}

/// A word, folded; finds itself in texts.
class needle {
 public:
  explicit needle(std::string_view word) : word_(folded(word)) {}
  bool in(std::string_view text) const {
    return !word_.empty() && folded(text).find(word_) != std::string::npos;
  }
  /// The term stands in the word: a text with the word would be hit.
  bool holds(std::string_view term) const {
    const std::string t = folded(term);
    return !t.empty() && word_.find(t) != std::string::npos;
  }
  bool empty() const { return word_.empty(); }

 private:
  std::string word_;
};

bool is_one_character(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }) == 1;
}

struct found_terms {
  const policy::lexicon_category* category = nullptr;
  bool by_title = false;
  std::vector<std::string> terms;
};

bool names(const needle& n, const policy::rule_info& r) {
  if (n.in(r.id) || n.in(r.title.zh) || n.in(r.title.en) || n.in(r.description) || n.in(r.reason.zh) ||
      n.in(r.reason.en))
    return true;
  for (const std::string& tag : r.tags) {
    if (n.in(tag)) return true;
  }
  return std::any_of(r.basis.begin(), r.basis.end(), [&](const policy::provision& b) {
    return n.in(b.statute + b.article);
  });
}

std::vector<found_terms> search_terms(const needle& n, const policy::pack& pack) {
  std::vector<found_terms> out;
  for (const policy::lexicon_category& c : pack.categories()) {
    found_terms f{&c, n.in(c.name) || n.in(c.title.zh) || n.in(c.title.en), {}};
    for (const std::string& t : c.terms) {
      if (n.in(t) || n.holds(t)) f.terms.push_back(t);
    }
    if (f.by_title || !f.terms.empty()) out.push_back(std::move(f));
  }
  return out;
}

/// Terms that are the word come first, then the weightiest.
struct found_card {
  const policy::scorecard* card = nullptr;
  std::vector<std::pair<std::string, std::int32_t>> terms;
};

std::vector<found_card> search_scorecards(const needle& n, std::string_view word, const policy::pack& pack) {
  const policy::pack::compiled& c = pack.internals();
  policy::text_reading reading;
  reading.begin(*c.words, word);
  std::vector<std::uint32_t> characters;
  policy::scored_characters(reading.characters(), characters);
  std::string scored;
  policy::in_utf8(characters, scored);
  const bool is_long = characters.size() > policy::scored_characters_max;
  std::vector<found_card> out;
  for (const policy::scorecard& card : c.scorecards) {
    found_card f{&card, card.terms_with(is_long || scored.empty() ? std::string_view{} : scored)};
    std::erase_if(f.terms, [&](const auto& t) {
      return scored.empty() || (is_long && (scored.find(t.first) == std::string::npos || is_one_character(t.first)));
    });
    const auto weight = [&](const auto& t) { return std::pair(t.first != scored, -std::abs(t.second)); };
    std::ranges::stable_sort(f.terms, {}, weight);
    if (!f.terms.empty() || n.in(card.name()) || n.in(card.title().zh) || n.in(card.title().en)) out.push_back(std::move(f));
  }
  return out;
}

/// A counter as the fact that it is, with what it counts.
struct found_counter {
  const policy::workflow_info* workflow = nullptr;
  const policy::field_info* fact = nullptr;
  std::string_view said;
};

std::vector<found_counter> search_counters(const needle& n, const policy::pack& pack) {
  std::vector<found_counter> out;
  for (const policy::compiled_counter& k : pack.internals().counters) {
    for (const policy::workflow_info& w : pack.workflows()) {
      const bool counts_here =
          std::ranges::any_of(w.stages, [&](const policy::stage_info& s) { return s.number == k.stages.front(); });
      if (!counts_here) continue;
      for (const policy::field_info& f : w.fields) {
        if (f.name == k.name && (n.in(f.name) || n.in(f.zh) || n.in(f.en) || n.in(k.said))) out.push_back({&w, &f, k.said});
      }
    }
  }
  return out;
}

struct found_field {
  const policy::workflow_info* workflow = nullptr;
  const policy::field_info* field = nullptr;
};

std::vector<found_field> search_fields(const needle& n) {
  std::vector<found_field> out;
  for (const policy::workflow_info& w : policy::workflows()) {
    for (const policy::field_info& f : w.fields) {
      if (n.in(f.name) || n.in(f.zh) || n.in(f.en)) out.push_back({&w, &f});
    }
  }
  return out;
}

struct everything {
  std::vector<const policy::rule_info*> rules;
  std::vector<found_terms> terms;
  std::vector<found_card> cards;
  std::vector<found_counter> counters;
  std::vector<found_field> fields;
};

void print_json(const everything& all) {
  nlohmann::ordered_json j{
      {"rules", nlohmann::ordered_json::array()},
      {"lexicons", nlohmann::ordered_json::array()},
      {"scorecards", nlohmann::ordered_json::array()},
      {"counters", nlohmann::ordered_json::array()},
      {"facts", nlohmann::ordered_json::array()}};
  for (const auto* r : all.rules)
    j["rules"].push_back(
        {{"id", r->id}, {"zh", r->title.zh}, {"en", r->title.en}, {"file", r->file}, {"line", r->line}});
  for (const auto& t : all.terms)
    j["lexicons"].push_back(
        {{"category", t.category->name},
         {"zh", t.category->title.zh},
         {"en", t.category->title.en},
         {"terms", t.terms}});
  for (const auto& s : all.cards) {
    auto terms = nlohmann::ordered_json::array();
    for (const auto& [term, weight] : s.terms) terms.push_back({{"term", term}, {"weight", weight}});
    j["scorecards"].push_back(
        {{"name", s.card->name()}, {"zh", s.card->title().zh}, {"en", s.card->title().en}, {"terms", terms}});
  }
  for (const auto& k : all.counters)
    j["counters"].push_back(
        {{"workflow", k.workflow->name},
         {"name", k.fact->name},
         {"zh", k.fact->zh},
         {"en", k.fact->en},
         {"counts", k.said}});
  for (const auto& f : all.fields)
    j["facts"].push_back(
        {{"workflow", f.workflow->name}, {"name", f.field->name}, {"zh", f.field->zh}, {"en", f.field->en}});
  std::printf("%s\n", j.dump(2).c_str());
}

/// A dozen of them, and how many there are.
std::string first_of(const std::vector<std::string>& terms, std::string_view between = " ") {
  std::string out;
  for (std::size_t i = 0; i < terms.size() && i < terms_shown_max; ++i) {
    if (i > 0) out += between;
    out += terms[i];
  }
  if (terms.size() > terms_shown_max) out += fmt::format(" … ({})", terms.size());
  return out;
}

void print_text(const everything& all, scenarios::language lang) {
  std::vector<std::vector<std::string>> rows;
  const auto section = [&](std::string_view zh, std::string_view en) {
    if (!rows.empty()) std::printf("%s\n%s\n", in(lang, zh, en).data(), table_text(rows).c_str());
    rows.clear();
  };
  for (const auto* r : all.rules)
    rows.push_back({"  " + r->id, in(lang, r->title), fmt::format("{}:{}", r->file, r->line)});
  section("规则", "rules");
  for (const auto& t : all.terms) {
    rows.push_back({fmt::format("  hits({})", t.category->name), in(lang, t.category->title), first_of(t.terms)});
  }
  section("词表", "lexicons");
  for (const auto& s : all.cards) {
    std::vector<std::string> terms;
    for (const auto& [term, weight] : s.terms) terms.push_back(fmt::format("{} {:+}", term, weight));
    rows.push_back({fmt::format("  score({})", s.card->name()), in(lang, s.card->title()), first_of(terms, "  ")});
  }
  section("评分卡", "scorecards");
  for (const auto& k : all.counters)
    rows.push_back(
        {fmt::format("  {}", k.fact->name), std::string(in(lang, k.fact->zh, k.fact->en)), std::string(k.workflow->name),
         std::string(k.said)});
  section("计数器", "counters");
  for (const auto& f : all.fields)
    rows.push_back(
        {fmt::format("  {}", f.field->name), std::string(f.field->zh), std::string(f.workflow->name),
         std::string(f.field->en)});
  section("字段", "facts");
  if (all.rules.empty() && all.terms.empty() && all.cards.empty() && all.counters.empty() && all.fields.empty())
    std::printf(
        "%s\n",
        in(lang, "没有规则、词条、评分卡、计数器或字段涉及它", "no rule, term, scorecard, counter or fact covers it").data());
}

}  // namespace

int run_policy_search(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  options.add_options()(
      "pack", po::value<std::string>()->default_value(default_pack()), say("在哪个规则包里找", "the pack to search"));
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto pack = load_pack(p.values["pack"].as<std::string>());
  if (!pack) return complain(pack.error(), language_of(p.values));
  const needle word(positional_of(p.values, ""));
  if (word.empty())
    return complain(
        {errc::bad_argument, bilingual{"没有写要查的词", "the word is empty"}}, language_of(p.values));
  everything all;
  for (std::uint16_t i = 0; i < (*pack)->rule_count(); ++i) {
    if (names(word, (*pack)->rule(i))) all.rules.push_back(&(*pack)->rule(i));
  }
  all.terms = search_terms(word, **pack);
  all.cards = search_scorecards(word, positional_of(p.values, ""), **pack);
  all.counters = search_counters(word, **pack);
  all.fields = search_fields(word);
  if (wants_json(p.values)) {
    print_json(all);
  } else {
    print_text(all, language_of(p.values));
  }
  return exit_ok;
}

}  // namespace zhili::node
