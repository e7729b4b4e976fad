// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_index.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "protocols/types/result.hpp"

namespace zhili::policy {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
/// An axis of more bitmap words than this is left out: the programs of its rules run.
constexpr std::size_t axis_words_max = 1 << 20;

// Gathers what the parts of a conjunction ask of single slots.
class gatherer {
 public:
  gatherer(std::span<const let_source> lets, const workflow_info& workflow)
      : lets_(lets), workflow_(workflow) {}

  std::vector<slot_constraint> run(const expression& when) {
    if (!when.nodes.empty()) walk(when, when.root, 0);
    return std::move(out_);
  }

 private:
  const field_info* field(const expression& e, std::uint32_t n) const {
    if (e.nodes[n].kind != node_kind::name) return nullptr;
    for (const field_info& f : workflow_.fields) {
      if (f.name == e.nodes[n].text && f.type != value_type::text) return &f;
    }
    return nullptr;
  }

  void walk(const expression& e, std::uint32_t n, std::size_t depth) {
    const expression_node& it = e.nodes[n];
    switch (it.kind) {
      case node_kind::conjunction:
        walk(e, it.children[0], depth);
        walk(e, it.children[1], depth);
        return;
      case node_kind::name:
        if (const field_info* f = field(e, n)) return keep(f->slot, {{1, highest}, {lowest, -1}});
        // A part under let is computed as it stands there.
        for (const let_source& l : lets_) {
          if (l.name == it.text && !l.value->nodes.empty() && depth < lets_.size())
            walk(*l.value, l.value->root, depth + 1);
        }
        return;
      case node_kind::negation:
        if (const field_info* f = field(e, it.children[0])) keep(f->slot, {{0, 0}});
        return;
      case node_kind::comparison: return comparison(e, it);
      case node_kind::in: return membership(e, it);
      default: return;
    }
  }

  // The literal as a slot holds it; nothing for texts that are no words of the field.
  std::optional<std::int64_t> number(const field_info& f, const literal& l) const {
    if (l.kind() != kind::text)
      return l.kind() == kind::real || l.kind() == kind::uint ? std::nullopt : std::optional(l.scalar.number);
    const auto found = std::find(f.words.begin(), f.words.end(), l.text);
    return found == f.words.end() ? std::nullopt : std::optional<std::int64_t>(found - f.words.begin());
  }

  void comparison(const expression& e, const expression_node& it) {
    const bool turned = field(e, it.children[0]) == nullptr;
    const std::uint32_t side = it.children[turned ? 1 : 0], other = it.children[turned ? 0 : 1];
    const field_info* f = field(e, side);
    if (f == nullptr || e.nodes[other].kind != node_kind::literal) return;
    const auto n = number(*f, e.nodes[other].literal);
    if (!n) return;
    const auto order = [&](relation r) { return it.relation == r; };
    const bool less = turned ? order(relation::greater) : order(relation::less);
    const bool greater = turned ? order(relation::less) : order(relation::greater);
    const bool less_equal = turned ? order(relation::greater_equal) : order(relation::less_equal);
    const bool greater_equal = turned ? order(relation::less_equal) : order(relation::greater_equal);
    if ((less && *n == lowest) || (greater && *n == highest)) return;
    if (order(relation::equal)) keep(f->slot, {{*n, *n}});
    if (less) keep(f->slot, {{lowest, *n - 1}});
    if (less_equal) keep(f->slot, {{lowest, *n}});
    if (greater) keep(f->slot, {{*n + 1, highest}});
    if (greater_equal) keep(f->slot, {{*n, highest}});
    if (order(relation::not_equal) && *n != lowest && *n != highest)
      keep(f->slot, {{lowest, *n - 1}, {*n + 1, highest}});
  }

  void membership(const expression& e, const expression_node& it) {
    const field_info* f = field(e, it.children[0]);
    const expression_node& list = e.nodes[it.children[1]];
    if (f == nullptr || list.kind != node_kind::list) return;
    std::vector<value_span> allowed;
    for (const std::uint32_t c : list.children) {
      const auto n = e.nodes[c].kind == node_kind::literal ? number(*f, e.nodes[c].literal) : std::nullopt;
      if (!n) return;
      allowed.push_back({*n, *n});
    }
    keep(f->slot, std::move(allowed));
  }

  void keep(std::uint16_t slot, std::vector<value_span> allowed) {
    out_.push_back({slot, std::move(allowed)});
  }

  std::span<const let_source> lets_;
  const workflow_info& workflow_;
  std::vector<slot_constraint> out_;
};

}  // namespace

std::vector<slot_constraint> constraints_of(
    const expression& when, std::span<const let_source> lets, const workflow_info& workflow) {
  return gatherer(lets, workflow).run(when);
}

const std::uint64_t* rule_index::axis::at(std::int64_t n, std::size_t words) const {
  const auto next = std::upper_bound(begins.begin(), begins.end(), n);
  return masks.data() + static_cast<std::size_t>(next - begins.begin() - 1) * words;
}

rule_index::axis rule_index::cut(
    std::span<const std::pair<std::size_t, const std::vector<value_span>*>> asked, std::size_t rules) const {
  axis out;
  std::set<std::int64_t> begins{lowest};
  for (const auto& [rule, spans] : asked) {
    for (const value_span& s : *spans) {
      begins.insert(s.low);
      if (s.high != highest) begins.insert(s.high + 1);
    }
  }
  out.begins.assign(begins.begin(), begins.end());
  out.masks.assign(out.begins.size() * words_, 0);
  for (std::size_t i = 0; i < out.begins.size(); ++i) {
    for (std::size_t r = 0; r < rules; ++r) out.masks[i * words_ + r / 64] |= std::uint64_t{1} << (r % 64);
    for (const auto& [rule, spans] : asked) {
      const bool inside = std::any_of(spans->begin(), spans->end(), [&](const value_span& s) {
        return s.low <= out.begins[i] && out.begins[i] <= s.high;
      });
      if (!inside) out.masks[i * words_ + rule / 64] &= ~(std::uint64_t{1} << (rule % 64));
    }
  }
  return out;
}

void rule_index::build(std::span<const row> rows) {
  words_ = (rows.size() + 63) / 64;
  ZHILI_ASSERT(words_ <= words_max, "the loader bounds the number of rules");
  std::map<std::uint16_t, std::vector<std::pair<std::size_t, const std::vector<value_span>*>>> by_slot;
  std::vector<std::pair<std::size_t, const std::vector<value_span>*>> days;
  static const std::vector<value_span> never;
  needing_nothing_.assign(words_, 0);
  std::map<std::uint32_t, std::vector<std::uint64_t>> needing;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const row& it = rows[r];
    for (const slot_constraint& c : it.constraints) by_slot[c.slot].emplace_back(r, &c.allowed);
    days.emplace_back(r, it.off ? &never : &it.days);
    const std::uint64_t bit = std::uint64_t{1} << (r % 64);
    if (it.needs == 0) needing_nothing_[r / 64] |= bit;
    for (std::uint64_t m = it.needs; m != 0; m &= m - 1) {
      auto& mask = needing[static_cast<std::uint32_t>(__builtin_ctzll(m))];
      mask.resize(words_);
      mask[r / 64] |= bit;
    }
  }
  needing_.assign(needing.begin(), needing.end());
  days_ = cut(days, rows.size());
  axes_.clear();
  for (const auto& [slot, asked] : by_slot) {
    // Each span adds at most two places to cut at.
    std::size_t places = 1;
    for (const auto& [rule, spans] : asked) places += 2 * spans->size();
    if (places * words_ > axis_words_max) continue;
    axes_.push_back(cut(asked, rows.size()));
    axes_.back().slot = slot;
  }
}

void rule_index::candidates(
    const slots& facts, std::int32_t china_day, std::uint64_t hit_categories, std::uint64_t* out) const {
  const std::size_t n = words_;
  const std::uint64_t* const today = days_.at(china_day, n);
  for (std::size_t w = 0; w < n; ++w) out[w] = needing_nothing_[w];
  for (const auto& [category, mask] : needing_) {
    if ((hit_categories >> category & 1) == 0) continue;
    for (std::size_t w = 0; w < n; ++w) out[w] |= mask[w];
  }
  for (std::size_t w = 0; w < n; ++w) out[w] &= today[w];
  for (const axis& a : axes_) {
    // A missing fact is an error, which only the rest of the condition can absorb.
    if (!facts.has(a.slot)) continue;
    const std::uint64_t* const left = a.at(facts.number(a.slot), n);
    for (std::size_t w = 0; w < n; ++w) out[w] &= left[w];
  }
}

}  // namespace zhili::policy
