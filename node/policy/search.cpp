// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/fields.hpp"
#include "policy/text/normaliser.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy search", "WORD",
    "Says what already covers a word before anybody writes a rule of it: rules (by id, title, reason, tags "
    "and the law\n"
    "that they rest on), terms of lexicons that hold the word or are held by it, and facts, in Chinese or "
    "English. Spelling\n"
    "counts as it does for texts: width, case, traditional characters.\n\n"
    "examples\n"
    "  zhili policy search 引流\n"
    "  zhili policy search guarantee --pack packs/baseline-2021",
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
  std::vector<found_field> fields;
};

void print_json(const everything& all) {
  nlohmann::ordered_json j{
      {"rules", nlohmann::ordered_json::array()},
      {"lexicons", nlohmann::ordered_json::array()},
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
  for (const auto& f : all.fields)
    j["facts"].push_back(
        {{"workflow", f.workflow->name}, {"name", f.field->name}, {"zh", f.field->zh}, {"en", f.field->en}});
  std::printf("%s\n", j.dump(2).c_str());
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
    std::string terms;
    for (std::size_t i = 0; i < t.terms.size() && i < terms_shown_max; ++i)
      terms += (i > 0 ? " " : "") + t.terms[i];
    if (t.terms.size() > terms_shown_max) terms += fmt::format(" … ({})", t.terms.size());
    rows.push_back({fmt::format("  hits({})", t.category->name), in(lang, t.category->title), terms});
  }
  section("词表", "lexicons");
  for (const auto& f : all.fields)
    rows.push_back(
        {fmt::format("  {}", f.field->name), std::string(f.field->zh), std::string(f.workflow->name),
         std::string(f.field->en)});
  section("字段", "facts");
  if (all.rules.empty() && all.terms.empty() && all.fields.empty())
    std::printf("%s\n", in(lang, "没有规则、词条或字段涉及它", "no rule, term or fact covers it").data());
}

}  // namespace

int run_policy_search(const std::vector<std::string>& arguments) {
  po::options_description options{"options"};
  options.add_options()(
      "pack", po::value<std::string>()->default_value(default_pack()), "the pack to search");
  add_common(options);
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
  all.fields = search_fields(word);
  if (wants_json(p.values)) {
    print_json(all);
  } else {
    print_text(all, language_of(p.values));
  }
  return exit_ok;
}

}  // namespace zhili::node
