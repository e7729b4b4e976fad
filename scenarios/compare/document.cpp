// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/document.hpp"

#include <set>

#include <nlohmann/json.hpp>

#include "protocols/types/hash.hpp"
#include "scenarios/compare/example_data.hpp"
#include "scenarios/compare/paired.hpp"
#include "scenarios/trace/format.hpp"

namespace zhili::scenarios {

using nlohmann::ordered_json;

namespace {

ordered_json pair(const text_pair& t) { return {{"zh", t.zh}, {"en", t.en}}; }

ordered_json spread_data(const paired_mean& m) {
  ordered_json out{{"mean", m.mean}, {"low", nullptr}, {"high", nullptr}};
  if (m.within) {
    out["low"] = m.within->low;
    out["high"] = m.within->high;
  }
  return out;
}

/// One value of each seed.
template <class Value>
ordered_json over_seeds(const comparison& c, Value&& value) {
  std::vector<double> values;
  for (const seed_comparison& s : c.seeds) values.push_back(static_cast<double>(value(s)));
  return spread_data(paired(values));
}

ordered_json pack_data(const policy::pack& p) {
  return {{"name", p.name()}, {"version", p.version()}, {"digest", hex(p.digest())}, {"rules", p.rule_count()}};
}

ordered_json input_data(const comparison& c) {
  const scenario& s = c.scenario;
  return {{"kind", c.replayed.recorded ? "trace" : "scenario"},
          {"name", s.name},
          {"title", pair(s.title)},
          {"digest", c.input_digest},
          {"from", date_string(china_day(s.begin))},
          {"to", date_string(china_day(instant{s.end.ms - 1}))}};
}

ordered_json replayed_data(const replayed_share& r) {
  ordered_json out{{"submissions", r.submissions}, {"replayed", r.replayed}, {"left_out", ordered_json::array()},
                   {"acts", ordered_json::array()}};
  for (const left_out& l : r.left_out_by) out["left_out"].push_back({{"why", l.why}, {"count", l.count}});
  for (const acts_count& a : r.acts) {
    out["acts"].push_back(
        {{"what", a.what},
         {"recorded", a.recorded},
         {"no_longer_fit", {{"old", a.unfit_old}, {"now", a.unfit_now}}},
         {"modelled", {{"old", a.modelled_old}, {"now", a.modelled_now}}}});
  }
  return out;
}

// ---- affected ----

ordered_json kind_data(const comparison& c, subject_kind kind) {
  const auto at = static_cast<std::size_t>(kind);
  ordered_json out{{"kind", wire::EnumNamesubject_kind(kind)},
                   {"subjects", over_seeds(c, [at](const auto& s) { return s.affected.kinds[at].subjects; })},
                   {"affected", over_seeds(c, [at](const auto& s) { return s.affected.kinds[at].affected; })}};
  for (std::size_t n = 0; n < change_count; ++n) {
    const auto count = [&](auto part) {
      return over_seeds(c, [&](const seed_comparison& s) { return s.affected.kinds[at].by_change[n].*part; });
    };
    ordered_json& to = out["changes"][std::string(name(static_cast<change>(n)))];
    to["all"] = over_seeds(c, [&](const auto& s) { return s.affected.kinds[at].by_change[n].all(); });
    if (!c.truth) continue;
    to["unlawful"] = count(&by_truth::unlawful);
    to["lawful"] = count(&by_truth::lawful);
    to["for_owner"] = count(&by_truth::for_owner);
  }
  return out;
}

ordered_json owners_data(const comparison& c, owners_affected affected::*who) {
  const auto count = [&](auto part) {
    return over_seeds(c, [&](const seed_comparison& s) { return s.affected.*who.*part; });
  };
  return {{"all", count(&owners_affected::all)}, {"own", count(&owners_affected::own)}, {"items", count(&owners_affected::items)}};
}

/// What was said first, by verdict then and verdict now, over all kinds.
ordered_json first_data(const comparison& c) {
  ordered_json out = ordered_json::array();
  for (std::size_t from = 1; from < 8; ++from) {
    for (std::size_t to = 1; to < 8; ++to) {
      const auto count = [&](const seed_comparison& s) {
        std::uint64_t n = 0;
        for (const kind_changes& k : s.affected.kinds) n += k.first[from][to];
        return n;
      };
      std::uint64_t any = 0;
      for (const seed_comparison& s : c.seeds) any += count(s);
      if (any == 0) continue;
      out.push_back({{"old", wire::EnumNameverdict(static_cast<verdict>(from))},
                     {"now", wire::EnumNameverdict(static_cast<verdict>(to))},
                     {"subjects", over_seeds(c, count)}});
    }
  }
  return out;
}

ordered_json affected_data(const comparison& c) {
  ordered_json out;
  const auto sum = [](const seed_comparison& s, auto part) {
    std::uint64_t n = 0;
    for (const kind_changes& k : s.affected.kinds) n += k.*part;
    return n;
  };
  out["subjects"] = over_seeds(c, [&](const auto& s) { return sum(s, &kind_changes::subjects); });
  out["affected"] = over_seeds(c, [&](const auto& s) { return sum(s, &kind_changes::affected); });
  out["kinds"] = ordered_json::array();
  for (const subject_kind kind : submitted_kinds) out["kinds"].push_back(kind_data(c, kind));
  out["institutions"] = owners_data(c, &affected::institutions);
  out["practitioners"] = owners_data(c, &affected::practitioners);
  out["first"] = first_data(c);
  for (std::size_t n = 0; n < stopped_by_count; ++n) {
    const std::string by{name(static_cast<stopped_by>(n))};
    out["newly_stopped_by"][by] = over_seeds(c, [n](const auto& s) { return s.affected.stopped_by_now[n]; });
    out["newly_let_through_by"][by] = over_seeds(c, [n](const auto& s) { return s.affected.stopped_by_then[n]; });
  }
  return out;
}

// ---- figures and findings ----

ordered_json measures_data(const comparison& c) {
  ordered_json out = ordered_json::array();
  const auto& like = c.seeds.front().old_measures;
  for (std::size_t n = 0; n < like.size(); ++n) {
    if (like[n].needs_truth && !c.truth) continue;
    std::vector<double> old, now;
    for (const seed_comparison& s : c.seeds) {
      old.push_back(s.old_measures[n].value);
      now.push_back(s.now_measures[n].value);
    }
    out.push_back({{"key", like[n].key},
                   {"old", paired(old).mean},
                   {"now", paired(now).mean},
                   {"difference", spread_data(paired(differences(old, now)))}});
  }
  return out;
}

ordered_json findings_data(const comparison& c) {
  std::set<std::string> ids;
  for (const seed_comparison& s : c.seeds) {
    for (const auto* counts : {&s.fired_old, &s.fired_now, &s.stopped_by, &s.let_through_by}) {
      for (const auto& [id, n] : *counts) ids.insert(id);
    }
  }
  const auto count = [&](std::map<std::string, std::uint64_t> seed_comparison::*of, const std::string& id) {
    return over_seeds(c, [&](const seed_comparison& s) {
      const auto found = (s.*of).find(id);
      return found == (s.*of).end() ? std::uint64_t{0} : found->second;
    });
  };
  ordered_json out = ordered_json::array();
  for (const std::string& id : ids) {
    ordered_json row{{"id", id},
                     {"fired_old", count(&seed_comparison::fired_old, id)["mean"]},
                     {"fired_now", count(&seed_comparison::fired_now, id)["mean"]},
                     {"newly_stopped", count(&seed_comparison::stopped_by, id)},
                     {"newly_let_through", count(&seed_comparison::let_through_by, id)}};
    add_rule(c, id, row);
    out.push_back(std::move(row));
  }
  return out;
}

ordered_json runs_data(const comparison& c) {
  ordered_json out = ordered_json::array();
  for (const seed_comparison& s : c.seeds) {
    out.push_back({{"seed", s.seed},
                   {"old_digest", hex(s.old_digest)},
                   {"now_digest", hex(s.now_digest)},
                   {"submissions_old", s.submissions_old},
                   {"submissions_now", s.submissions_now}});
  }
  return out;
}

}  // namespace

ordered_json comparison_data(const comparison& c) {
  ordered_json j;
  j["compare"] = 1;
  j["input"] = input_data(c);
  j["old"] = pack_data(*c.old);
  j["now"] = pack_data(*c.now);
  for (const auto& [workflow, version] : behaviour_now()) j["behaviour"][workflow] = version;
  j["truth"] = c.truth;
  j["runs"] = runs_data(c);
  j["replayed"] = replayed_data(c.replayed);
  j["affected"] = affected_data(c);
  j["measures"] = measures_data(c);
  j["findings"] = findings_data(c);
  j["examples"]["newly_stopped"] = examples_data(c, c.newly_stopped, *c.now);
  j["examples"]["newly_let_through"] = examples_data(c, c.newly_let_through, *c.old);
  return j;
}

std::string digest_of_comparison(const ordered_json& data) {
  const std::string text = data.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return hex(blake2b_256(as_bytes_view(text)));
}

ordered_json comparison_document(const comparison& c) {
  ordered_json j = comparison_data(c);
  j["digest"] = digest_of_comparison(j);
  j["cost"] = {{"lanes", c.lanes}, {"wall_s", c.wall_s}, {"rss_max_bytes", c.rss_max_bytes}};
  return j;
}

std::string comparison_json(const comparison& c) {
  return comparison_document(c).dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace zhili::scenarios
