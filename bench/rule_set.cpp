// SPDX-License-Identifier: Apache-2.0
#include "bench/rule_set.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "policy/fields.hpp"
#include "policy/fields/content.hpp"
#include "protocols/types/hash.hpp"

namespace zhili::bench {
namespace {

namespace slot = fields::content::slot;
constexpr std::int64_t minute_ms = 60'000;

// Counter-based, so that cases and rules are the same in every run.
class dice {
 public:
  explicit dice(std::uint64_t seed) : seed_(seed) {}
  std::int64_t below(std::int64_t n) {
    const std::array<std::uint64_t, 2> key{seed_, ++count_};
    return static_cast<std::int64_t>(
        xxh3_64(std::as_bytes(std::span{key}), 1) % static_cast<std::uint64_t>(n));
  }

 private:
  std::uint64_t seed_, count_ = 0;
};

rule_part drawn(dice& d) {
  switch (d.below(8)) {
    case 0: return {"author_band", ">=", {1 + d.below(2)}, {}};
    case 1: return {"verified_order", "==", {d.below(2)}, {}};
    case 2: return {"order_to_review", "<", {(5 + d.below(600)) * minute_ms}, {}};
    case 3: return {"burst", ">", {10 + d.below(200)}, {}};
    case 4: return {"shared_text_authors", ">=", {2 + d.below(40)}, {}};
    case 5: return {"stars", "in", {1 + d.below(5), 1 + d.below(5)}, {}};
    case 6: return {"institution_named", "==", {d.below(2)}, {}};
    default:
      return {
          "",
          "",
          {},
          {{"burst", ">", {20 + d.below(300)}, {}}, {"shared_text_authors", ">", {3 + d.below(50)}, {}}}};
  }
}

bool is_bool(const std::string& field) {
  return field == "verified_order" || field == "institution_named";
}

std::string text_of(const rule_part& p) {
  if (!p.any.empty()) return fmt::format("({} || {})", text_of(p.any[0]), text_of(p.any[1]));
  if (is_bool(p.field)) return fmt::format("{}{}", p.values[0] != 0 ? "" : "!", p.field);
  if (p.op == "in") return fmt::format("{} in [{}]", p.field, fmt::join(p.values, ", "));
  const bool span = p.field == "order_to_review";
  return fmt::format(
      "{} {} {}{}", p.field, p.op, span ? p.values[0] / minute_ms : p.values[0], span ? "m" : "");
}

nlohmann::json json_of(const rule_part& p) {
  nlohmann::json out;
  if (!p.any.empty()) {
    out["any"] = {json_of(p.any[0]), json_of(p.any[1])};
    return out;
  }
  out["field"] = p.field;
  out["op"] = p.op;
  if (p.op == "in") {
    out["value"] = p.values;
  } else if (is_bool(p.field)) {
    out["value"] = p.values[0] != 0;
  } else {
    out["value"] = p.values[0];
  }
  return out;
}

}  // namespace

rule_set rule_set::of(std::size_t count) {
  dice d(11);
  rule_set out;
  while (out.rules.size() < count) {
    auto& rule = out.rules.emplace_back();
    for (std::int64_t parts = 2 + d.below(3); parts > 0; --parts) rule.push_back(drawn(d));
  }
  return out;
}

std::vector<std::string> rule_set::conditions() const {
  std::vector<std::string> out;
  for (const auto& rule : rules) {
    std::string all;
    for (const rule_part& p : rule) all += (all.empty() ? "" : " && ") + text_of(p);
    out.push_back(std::move(all));
  }
  return out;
}

void rule_set::write_pack(const std::filesystem::path& dir) const {
  std::filesystem::create_directories(dir / "rules");
  std::ofstream(dir / "pack.yaml") << "name: bench-rules\nversion: 1\ntitle: {zh: 测, en: bench}\n";
  std::ofstream file(dir / "rules/rules.yaml");
  std::size_t n = 0;
  for (const std::string& when : conditions()) {
    file << fmt::format(
        "- id: r{}\n  title: {{zh: 规则, en: rule}}\n  level: low\n  match: {{stage: review}}\n  when: '{}'\n"
        "  then: {{verdict: escalate}}\n  basis: [{{statute: 电子商务法, article: \"17\", valid_from: "
        "2019-01-01}}]\n"
        "  reason: {{zh: 因, en: reason}}\n",
        n++, when);
  }
}

std::vector<policy::slots> rule_cases(std::size_t count) {
  dice d(12);
  std::vector<policy::slots> out(count);
  for (policy::slots& f : out) {
    f.set_int(slot::author_band, d.below(10) == 0 ? 1 + d.below(2) : 0);
    f.set_bool(slot::institution_named, d.below(3) == 0);
    f.set_bool(slot::verified_order, d.below(4) != 0);
    f.set_duration(slot::order_to_review, duration{d.below(20'000) * minute_ms});
    f.set_int(slot::burst, d.below(5) == 0 ? d.below(400) : 0);
    f.set_int(slot::shared_text_authors, d.below(8) == 0 ? d.below(60) : 1);
    f.set_int(slot::stars, 1 + d.below(5));
  }
  return out;
}

status write_peer_rules(
    const std::filesystem::path& file, const rule_set& rules, const std::vector<policy::slots>& cases,
    const std::vector<std::vector<std::uint16_t>>& fired) {
  nlohmann::json j;
  for (const auto& rule : rules.rules) {
    nlohmann::json all = nlohmann::json::array();
    for (const rule_part& p : rule) all.push_back(json_of(p));
    j["rules"].push_back({{"all", all}});
  }
  for (const policy::slots& c : cases) {
    nlohmann::json facts;
    for (const policy::workflow_info& w : policy::workflows()) {
      if (w.name != "content") continue;
      for (const policy::field_info& f : w.fields) {
        if (!c.has(f.slot)) continue;
        if (f.type == policy::value_type::boolean) {
          facts[std::string(f.name)] = c.number(f.slot) != 0;
        } else {
          facts[std::string(f.name)] = c.number(f.slot);
        }
      }
    }
    j["cases"].push_back(std::move(facts));
  }
  j["fired"] = fired;
  std::ofstream out(file, std::ios::binary);
  out << j.dump();
  if (!out.flush()) return fail(errc::io, file.string() + ": cannot be written");
  return {};
}

}  // namespace zhili::bench
