// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/reach.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

// What the parts so far leave of a field or of hits(): numbers from `low` to `high`, and one word if any.
struct remainder {
  std::int64_t low = lowest, high = highest;
  /// Set where a text must be one of these.
  std::optional<std::set<std::string>> words;
};

class walker {
 public:
  walker(const expression& e, const workflow_info& w) : e_(e), workflow_(w) {}

  std::optional<problem> run() {
    walk(e_.root);
    return found_;
  }

 private:
  const expression_node& node(std::uint32_t n) const { return e_.nodes[n]; }

  void walk(std::uint32_t n) {
    if (found_) return;
    const expression_node& it = node(n);
    switch (it.kind) {
      case node_kind::conjunction:
        walk(it.children[0]);
        walk(it.children[1]);
        return;
      case node_kind::literal:
        if (it.literal.scalar.is_false())
          found_ = problem{
              it.offset,
              {"这里永远不成立，规则永远不会触发：想停用它，请写 'mode: off'",
               "this is never true, so the rule never fires: write 'mode: off' to rest it"}};
        return;
      case node_kind::comparison: comparison(it); return;
      case node_kind::in: membership(it); return;
      default: return;
    }
  }

  /// The field or hits(category) that a side names, "" for anything else.
  std::string subject(std::uint32_t n) const {
    const expression_node& it = node(n);
    if (it.kind == node_kind::call && it.text == "hits" && !it.is_member)
      return "hits(" + node(it.children[0]).text + ")";
    if (it.kind != node_kind::name) return {};
    const bool field = std::any_of(
        workflow_.fields.begin(), workflow_.fields.end(),
        [&](const field_info& f) { return f.name == it.text; });
    return field ? it.text : std::string{};
  }

  static bool is_number(const literal& l) {
    const kind k = l.kind();
    return k == kind::integer || k == kind::money || k == kind::date || k == kind::span_ms;
  }

  void comparison(const expression_node& it) {
    std::uint32_t l = it.children[0], r = it.children[1];
    relation rel = it.relation;
    if (node(l).kind == node_kind::literal) {
      std::swap(l, r);
      rel = turned(rel);
    }
    const std::string name = subject(l);
    if (name.empty() || node(r).kind != node_kind::literal) return;
    const literal& v = node(r).literal;
    if (v.kind() == kind::text && rel == relation::equal) return keep_words(name, {v.text}, it.offset);
    if (is_number(v)) keep_numbers(name, rel, v.scalar.number, it.offset);
  }

  static relation turned(relation r) {
    switch (r) {
      case relation::less: return relation::greater;
      case relation::less_equal: return relation::greater_equal;
      case relation::greater: return relation::less;
      case relation::greater_equal: return relation::less_equal;
      default: return r;
    }
  }

  void membership(const expression_node& it) {
    const std::string name = subject(it.children[0]);
    const expression_node& list = node(it.children[1]);
    if (name.empty() || list.kind != node_kind::list || list.children.empty()) return;
    std::set<std::string> words;
    for (const std::uint32_t c : list.children) {
      if (node(c).kind != node_kind::literal || node(c).literal.kind() != kind::text) return;
      words.insert(node(c).literal.text);
    }
    keep_words(name, std::move(words), it.offset);
  }

  void keep_words(const std::string& name, std::set<std::string> words, std::size_t offset) {
    auto& left = left_[name].words;
    if (left) std::erase_if(words, [&](const std::string& w) { return left->count(w) == 0; });
    left = std::move(words);
    if (left->empty()) refuse(name, offset);
  }

  void keep_numbers(const std::string& name, relation r, std::int64_t n, std::size_t offset) {
    remainder& left = left_[name];
    // Counts of hits begin at 0.
    if (name.starts_with("hits(")) left.low = std::max<std::int64_t>(left.low, 0);
    switch (r) {
      case relation::equal:
        left.low = std::max(left.low, n);
        left.high = std::min(left.high, n);
        break;
      case relation::less: left.high = std::min(left.high, n == lowest ? n : n - 1); break;
      case relation::less_equal: left.high = std::min(left.high, n); break;
      case relation::greater: left.low = std::max(left.low, n == highest ? n : n + 1); break;
      case relation::greater_equal: left.low = std::max(left.low, n); break;
      case relation::not_equal: break;
    }
    if (left.low > left.high) refuse(name, offset);
  }

  void refuse(const std::string& name, std::size_t offset) {
    if (found_) return;
    found_ = problem{
        offset, tell(
                    "规则永远不会触发：前面的条件已经不允许 '{}' 取这里的值",
                    "the rule can never fire: nothing is left of '{}' by the parts before this one", name)};
  }

  const expression& e_;
  const workflow_info& workflow_;
  std::map<std::string, remainder> left_;
  std::optional<problem> found_;
};

}  // namespace

std::optional<problem> never_true(const expression& when, const workflow_info& workflow) {
  if (when.nodes.empty()) return std::nullopt;
  return walker(when, workflow).run();
}

}  // namespace zhili::policy
