// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/scenario.hpp"

#include <fmt/format.h>

#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::scenarios {

using policy::yaml_map;
using policy::yaml_node;

std::string_view name(figure_kind k) {
  switch (k) {
    case figure_kind::published: return "published";
    case figure_kind::assumed: return "assumed";
    case figure_kind::fitted: return "fitted";
    case figure_kind::result: return "result";
  }
  return "unknown";
}

std::string_view name(agreement a) {
  switch (a) {
    case agreement::fitted: return "fitted";
    case agreement::predicted: return "predicted";
    case agreement::assumed: return "assumed";
  }
  return "unknown";
}

double scenario::per_day(subject_kind k) const {
  const bool content = k == subject_kind::diary || k == subject_kind::post || k == subject_kind::ad || k == subject_kind::review;
  return of(k).per_day.value * (content ? contents_times_ppm / 1e6 : 1.0);
}

namespace {

constexpr std::string_view figure_kinds[] = {"published", "assumed", "fitted"};

std::uint32_t ppm(const yaml_node& n) { return static_cast<std::uint32_t>(n.integer(0, 1'000'000)); }

text_pair read_pair(const yaml_node& n) {
  yaml_map m(n);
  return {std::string(m.required("zh").text()), std::string(m.required("en").text())};
}

/// Words in both languages, or one text for both.
text_pair read_words(const yaml_node& n) {
  if (n.is_map()) return read_pair(n);
  return {std::string(n.text()), std::string(n.text())};
}

figure read_figure(const yaml_node& n) {
  yaml_map m(n);
  figure f;
  f.value = m.required("value").real(0, 1e9);
  f.kind = static_cast<figure_kind>(m.required("kind").choice(figure_kinds));
  const yaml_node reason = m.required("reason");
  const text_pair words = read_words(reason);
  f.reason = words.en;
  f.reason_zh = words.zh;
  if (reason.present() && f.reason.size() < 8)
    reason.error({"没有公布过的数字要写明理由", "a figure that nobody published needs its reason"});
  return f;
}

spread read_spread(const yaml_node& n) {
  yaml_map m(n);
  const yaml_node p90 = m.required("p90");
  const spread s{m.required("median").span(), p90.span()};
  if (p90.present() && s.p90 < s.median) p90.error({"p90 低于中位数", "p90 lies below the median"});
  return s;
}

/// A mapping from words to whole numbers; `index_of` says which words there are.
template <class IndexOf, class Set>
void read_weights(const yaml_node& n, const bilingual_view& what, IndexOf&& index_of, Set&& set) {
  for (const auto& [key, value] : n.entries()) {
    if (const auto index = index_of(key.text())) {
      set(*index, static_cast<std::uint32_t>(value.integer(0, 1'000'000)));
    } else {
      key.error(tell("没有 '{}' 这种{}", "'{}' is no {}", key.text(), what));
    }
  }
}

kind_model read_kind(const yaml_node& n) {
  yaml_map m(n);
  kind_model k;
  k.per_day = read_figure(m.required("per_day"));
  k.factor_ppm = static_cast<std::uint32_t>(m.optional("factor_ppm").integer(0, 100'000'000, 1'000'000));
  std::uint64_t sum = 0;
  const yaml_node wrongs = m.optional("wrongs");
  read_weights(wrongs, {"违法", "kind of wrong"}, wrong_named, [&](wrong w, std::uint32_t share) {
    k.wrongs.push_back({w, share});
    sum += share;
  });
  if (sum * k.factor_ppm / 1'000'000 > 1'000'000)
    wrongs.error({"各类违法的占比加起来超过全部", "the shares of wrongs add up to more than all"});
  k.lookalike_ppm = ppm(m.optional("lookalike_ppm"));
  if (const yaml_node changes = m.optional("changes_ppm"); changes.present()) k.changes_ppm = read_figure(changes);
  return k;
}

reviewer_group read_group(const yaml_node& n) {
  yaml_map m(n);
  reviewer_group g;
  g.queue = m.required("queue").text();
  g.count = static_cast<std::uint32_t>(m.required("count").integer(1, 10'000));
  g.from_hour = static_cast<int>(m.required("from_hour").integer(0, 23));
  const yaml_node to = m.required("to_hour");
  g.to_hour = static_cast<int>(to.integer(1, 36, 24));
  if (to.present() && (g.to_hour <= g.from_hour || g.to_hour > g.from_hour + 24)) {
    to.error(
        {"班次的结束要晚于开始，且在一天之内；凌晨两点写 26",
         "a shift ends after it began and within a day; write 26 for two in the morning"});
  }
  g.weekends = m.optional("weekends").boolean(true);
  g.handling = read_spread(m.required("handling"));
  g.misses_ppm = ppm(m.required("misses_ppm"));
  g.wrongs_ppm = ppm(m.required("wrongs_ppm"));
  g.sees_hidden_ppm = ppm(m.optional("sees_hidden_ppm"));
  return g;
}

reaction_model read_reactions(const yaml_node& n) {
  yaml_map m(n);
  reaction_model r;
  r.correct_ppm = ppm(m.required("correct_ppm"));
  r.respell_ppm = ppm(m.required("respell_ppm"));
  r.appeal_guilty_ppm = ppm(m.required("appeal_guilty_ppm"));
  r.appeal_innocent_ppm = ppm(m.required("appeal_innocent_ppm"));
  r.resubmit_innocent_ppm = ppm(m.required("resubmit_innocent_ppm"));
  r.delay = read_spread(m.required("delay"));
  if (r.correct_ppm + r.respell_ppm + r.appeal_guilty_ppm > 1'000'000) {
    n.error(
        {"correct、respell、appeal_guilty 加起来超过全部",
         "correct, respell and appeal_guilty add up to more than all"});
  }
  return r;
}

template <std::size_t N>
void read_row(const yaml_node& n, std::array<std::uint32_t, N>& out) {
  const auto items = n.items();
  if (n.present() && items.size() != N)
    n.error(tell("应当是 {} 个数，这里是 {} 个", "{} numbers, and {} stand here", N, items.size()));
  for (std::size_t i = 0; i < std::min(N, items.size()); ++i) {
    out[i] = static_cast<std::uint32_t>(items[i].integer(0, 1'000'000));
  }
}

void read_published(const yaml_node& n, scenario& s) {
  if (!n.present()) return;
  yaml_map m(n);
  s.published_source = read_words(m.required("source"));
  constexpr std::string_view names[] = {"products", "institutions",         "practitioners", "reviews",
                                        "contents", "contents_and_reviews", "total"};
  for (const auto& [key, value] : m.required("figures").entries()) {
    s.published[std::string(names[key.choice(names)])] = value.real(0, 1e12);
  }
  constexpr std::string_view ways[] = {"fitted", "predicted", "assumed"};
  for (const auto& [key, value] : m.optional("compared").entries()) {
    s.agreements[std::string(names[key.choice(names)])] = static_cast<agreement>(value.choice(ways));
  }
  for (const yaml_node& c : m.optional("contradictions").items()) s.contradictions.push_back(read_pair(c));
}

std::optional<subject_kind> submitted_kind(std::string_view word) {
  for (const subject_kind k : submitted_kinds) {
    if (word == wire::EnumNamesubject_kind(k)) return k;
  }
  return std::nullopt;
}

void read_scenario(yaml_map& m, scenario& s) {
  s.name = m.required("name").text();
  s.title = read_pair(m.required("title"));
  s.begin = m.required("begin").time();
  const yaml_node end = m.required("end");
  s.end = end.time();
  if (end.present() && s.end <= s.begin)
    end.error({"场景的结束要晚于开始", "a scenario ends after it began"});
  s.opening = m.optional("opening").span(std::chrono::hours{24});
  s.seed = static_cast<std::uint64_t>(m.optional("seed").integer(0, INT64_MAX, 1));
  s.pack = m.required("pack").text();
  const yaml_node hop = m.optional("hop");
  s.hop = hop.span(std::chrono::seconds{60});
  if (s.hop.count() <= 0) hop.error({"一跳的延迟要大于零", "the hop delay is longer than nothing"});
  {
    yaml_map p(m.required("populations"));
    s.institutions = read_figure(p.required("institutions"));
    s.practitioners = read_figure(p.required("practitioners"));
    s.users = read_figure(p.required("users"));
  }
  if (const yaml_node volume = m.optional("volume"); volume.present()) {
    yaml_map v(volume);
    s.volume = read_figure(v.required("submissions"));
    s.contents_times_ppm = static_cast<std::uint32_t>(v.optional("contents_times_ppm").integer(1, 100'000'000, 1'000'000));
  }
  for (const auto& [key, value] : m.required("kinds").entries()) {
    if (const auto kind = submitted_kind(key.text())) {
      s.of(*kind) = read_kind(value);
    } else {
      key.error(tell(
          "没有 '{}' 这一类：可以写 institution、practitioner、product、diary、post、ad、review",
          "'{}' is no kind: institution, practitioner, product, diary, post, ad or review", key.text()));
    }
  }
  {
    const yaml_node rogues = m.optional("rogues");
    if (rogues.present()) {
      yaml_map r(rogues);
      s.rogue_ppm = ppm(r.required("share_ppm"));
      s.rogue_times = static_cast<std::uint32_t>(r.required("times").integer(1, 100));
    }
  }
  read_row(m.required("hours"), s.hours);
  read_row(m.required("weekdays"), s.weekdays);
  read_weights(
      m.required("categories"), {"违法用语", "category of illegal text"}, violation_named,
      [&](violation v, std::uint32_t w) { s.categories[static_cast<std::size_t>(v)] = w; });
  read_weights(
      m.required("evasions"), {"规避写法", "evasive spelling"}, evasion_named,
      [&](evasion e, std::uint32_t w) { s.evasions[static_cast<std::size_t>(e)] = w; });
  for (const yaml_node& g : m.required("reviewers").items()) s.reviewers.push_back(read_group(g));
  s.reactions = read_reactions(m.required("reactions"));
  s.acknowledge = read_spread(m.required("acknowledge"));
  {
    yaml_map r(m.required("registry"));
    s.registry_every = r.required("every").span();
    s.registry_missing_ppm = ppm(r.required("missing_ppm"));
    s.revoked_per_1000_year = read_figure(r.required("revoked_per_1000_year"));
    s.revoked_until_reported = read_spread(r.required("revoked_until_reported"));
    s.renews_in_time_ppm = ppm(r.required("renews_in_time_ppm"));
  }
  s.ring_size = static_cast<std::uint32_t>(m.optional("ring_size").integer(1, 10'000, 8));
  s.burst_size = static_cast<std::uint32_t>(m.optional("burst_size").integer(1, 10'000, 40));
  read_published(m.optional("published"), s);
}

}  // namespace

result<scenario> scenario::parse(std::string yaml, std::string_view file) {
  policy::diagnostics found;
  scenario s;
  if (const auto doc = policy::yaml_document::parse(std::move(yaml), file, found)) {
    yaml_map m(doc->root());
    read_scenario(m, s);
  }
  if (!found.empty()) return tl::unexpected(found.as_error());
  return s;
}

result<scenario> scenario::load(const std::filesystem::path& file) {
  auto text = policy::read_file(file, policy::yaml_bytes_max);
  if (!text) return fail(text.error().code, tell("{}：{}", "{}: {}", file.string(), text.error().both()));
  return parse(std::move(*text), file.filename().string());
}

}  // namespace zhili::scenarios
