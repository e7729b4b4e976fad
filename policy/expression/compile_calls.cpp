// SPDX-License-Identifier: Apache-2.0
// Calls, loops, lists, maps, members and arithmetic.
#include <fmt/ranges.h>

#include <algorithm>

#include "policy/expression/compiler.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/result.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view macro_names[] = {"all", "exists", "exists_one", "map", "filter"};

const part a_condition{kind::boolean, {}, 0, kind::any, 0};
const part anything{kind::any, {}, 0, kind::any, 0};

// What a workflow's facts say together, by the names that policy teams use. Missing facts are errors in them
// as anywhere.
struct shorthand {
  std::string_view name, workflow, stage, means;
};
constexpr shorthand shorthands[] = {
    {"scope_allows", "product", "listing", "scope_matches && department_licensed && level <= level_max"},
    {"licence_valid", "onboarding", "institution",
     "licence_layout_valid && numbers_agree && licence_days_left >= 0 && registry == \"listed\""},
    {"licence_valid", "onboarding", "practitioner",
     "certificate_form_ok && in_register == \"yes\" && registration_days_left >= 0"},
};

bool fits(kind wanted, const part& got) {
  return wanted == kind::any || !got.known() || *got.type == wanted;
}

}  // namespace

part compiler::presence(std::uint32_t n) {
  const std::uint32_t inner = node(n).children[0];
  const expression_node& asked = node(inner);
  if (asked.kind == node_kind::select) {
    if (const auto name = dotted(inner); name && !typed()) {
      const bool known =
          std::find(names_.variables.begin(), names_.variables.end(), *name) != names_.variables.end();
      if (known) {
        code(opcode::constant, constant(bool_value(true)), 1);
        return a_condition;
      }
    }
    const part target = emit(asked.children[0]);
    if (typed() && target.known() && target.type != kind::map)
      report(asked.offset, tell("{}没有成员", "{} has no members", described(*target.type)));
    code(opcode::has_member, constant(text_value(pool_.memory.keep(asked.text))), 0);
    return a_condition;
  }
  if (!typed()) {
    const bool known =
        std::find(names_.variables.begin(), names_.variables.end(), asked.text) != names_.variables.end();
    code(opcode::constant, constant(bool_value(known || find_loop(asked.text) != nullptr)), 1);
    return a_condition;
  }
  const bool is_part = find_let(asked.text).has_value() || find_loop(asked.text) != nullptr;
  if (is_part)
    report(
        asked.offset, tell(
                          "has() 只能问事实有没有；'{}' 是 'let' 下面起的名字，直接用它就行",
                          "has() asks whether a field is known; '{}' is none", asked.text));
  const field_info* f = is_part ? nullptr : field(asked);
  if (f != nullptr) out_.asks_for |= std::uint64_t{1} << f->slot;
  code(opcode::has, f != nullptr ? f->slot : 0u, 1);
  return a_condition;
}

std::optional<macro> compiler::macro_of(const expression_node& n) const {
  if (!n.is_member) return std::nullopt;
  for (std::size_t i = 0; i < std::size(macro_names); ++i) {
    if (n.text != macro_names[i]) continue;
    const bool shaped = n.children.size() == 3 || (n.text == "map" && n.children.size() == 4);
    if (shaped) return static_cast<macro>(i);
  }
  return std::nullopt;
}

/// all(x, y, …) and others that CEL's extensions know; without a type, an error when it is reached, as a
/// function that does not exist.
part compiler::misshapen_loop(const expression_node& n) {
  const bilingual message = tell(
      "'{0}' 要写成 列表.{0}(x, …)：先给每一项起个名字，再用它写",
      "{0} takes a name for the item and what to do with it: list.{0}(x, …)", n.text);
  if (typed()) report(n.offset, message);
  const part failed = raise(message.en);
  return typed() ? part{} : failed;
}

part compiler::call(std::uint32_t n) {
  const expression_node& it = node(n);
  if (it.text == "hits" && !it.is_member && it.children.size() == 1) return hits(it);
  if (it.text == "score" && !it.is_member && it.children.size() == 1) return score(it);
  if (const auto m = macro_of(it)) return loop(n, *m);
  if (it.is_member &&
      std::find(std::begin(macro_names), std::end(macro_names), it.text) != std::end(macro_names))
    return misshapen_loop(it);
  const auto children = it.children;
  const bool literal_pattern = it.text == "matches" && children.size() == 2 &&
                               node(children[1]).kind == node_kind::literal &&
                               node(children[1]).literal.kind() == kind::text;
  if (literal_pattern) return pattern_call(it);
  if (typed() && !it.is_member && it.children.empty()) {
    if (const auto p = short_call(it)) return *p;
  }
  if (typed() && !known_function(it)) return {};
  std::vector<part> arguments;
  for (const std::uint32_t c : children) arguments.push_back(boxed(emit(c)));
  const overload* chosen = nullptr;
  check_call(it, arguments, chosen);
  if (typed() && it.text == "matches" && chosen != nullptr)
    report(
        node(children[1]).offset, {"matches() 的模式要直接写在这里，放在引号里",
                                   "the pattern of matches() stands here as a text in quotes"});
  if (chosen == nullptr) {
    // What stands on the stack is not looked at any more.
    const part failed = raise(fmt::format("no such overload: {}() with these values", it.text));
    code(
        opcode::list, 0, -static_cast<int>(children.size()), 0,
        static_cast<std::uint16_t>(children.size() + 1));
    return typed() ? part{} : failed;
  }
  const std::uint64_t text_size = 1;
  spend(chosen->cost * text_size);
  code(
      opcode::call, 0, 1 - static_cast<int>(children.size()), static_cast<std::uint8_t>(chosen->id),
      static_cast<std::uint16_t>(children.size()));
  part out{chosen->result, {}, 0, chosen->element, chosen->items_max};
  if (chosen->id == function::dyn && !arguments.empty()) out.items_max = arguments[0].items_max;
  return out;
}

// A pattern that stands in the rule is compiled once.
part compiler::pattern_call(const expression_node& n) {
  const part target = boxed(emit(n.children[0]));
  const expression_node& source = node(n.children[1]);
  auto known = pool_.known_patterns.find(source.literal.text);
  if (known == pool_.known_patterns.end()) {
    auto compiled = pattern::compile(source.literal.text);
    if (!compiled) {
      if (typed()) report(source.offset, compiled.error().both());
      code(opcode::constant, constant(text_value(pool_.memory.keep(compiled.error().detail), kind::error)), 1);
      code(opcode::list, 0, -1, 0, 2);
      return a_condition;
    }
    known = pool_.known_patterns.emplace(source.literal.text, std::move(*compiled)).first;
  }
  if (typed() && target.known() && target.type != kind::text)
    report(
        n.offset, tell(
                      "matches() 只能查文字，这里是{}", "matches() looks into a text, and this is {}",
                      described(*target.type)));
  spend(256);
  pool_.patterns.push_back(known->second);
  code(opcode::match, static_cast<std::uint32_t>(pool_.patterns.size() - 1), 0);
  return a_condition;
}

/// scope_allows(), licence_valid(): nothing for other names.
std::optional<part> compiler::short_call(const expression_node& n) {
  std::string places;
  for (const shorthand& s : shorthands) {
    if (s.name != n.text) continue;
    places += fmt::format("{}{}.{}", places.empty() ? "" : ", ", s.workflow, s.stage);
    if (s.workflow != names_.workflow->name || stage_names(names_.stages) != s.stage) continue;
    std::vector<problem> none;
    const expression means = parse_expression(s.means, none);
    const expression* const before = source_;
    source_ = &means;
    const part out = emit(means.root);
    source_ = before;
    return out;
  }
  if (places.empty()) return std::nullopt;
  report(
      n.offset,
      tell("{}() 用到的事实只有环节 {} 才有", "{}() asks facts that are at {} alone", n.text, places));
  raise("unknown function");
  return part{};
}

/// Reports a name that no function has; its arguments would be noise.
bool compiler::known_function(const expression_node& n) {
  std::vector<std::string_view> names{"hits", "score", "has", "scope_allows", "licence_valid"};
  for (const overload& o : overloads()) {
    if (o.name == n.text) return true;
    names.push_back(o.name);
  }
  names.insert(names.end(), std::begin(macro_names), std::end(macro_names));
  report(
      n.offset, tell("没有 '{}' 这个函数{}", "unknown function '{}'{}", n.text, suggestion(n.text, names)));
  raise("unknown function");
  return false;
}

/// The overload that fits; typed, a report where none does.
void compiler::check_call(
    const expression_node& n, std::span<const part> arguments, const overload*& chosen) {
  std::vector<bilingual_view> taken;
  for (const overload& o : overloads()) {
    if (o.name != n.text) continue;
    if (o.is_member != n.is_member || o.count != arguments.size()) continue;
    bool all = true;
    for (std::size_t i = 0; i < arguments.size(); ++i) all &= fits(o.arguments[i], arguments[i]);
    taken.push_back(described(o.arguments[0]));
    if (!typed() && chosen == nullptr) chosen = &o;
    if (typed() && all && chosen == nullptr) chosen = &o;
  }
  if (!typed() || chosen != nullptr) return;
  if (taken.empty()) {
    return report(
        n.offset, n.is_member ? tell(
                                    "'{0}' 不是这样用的；你是不是想写 {0}(…)？",
                                    "'{0}' is not called like this; did you mean {0}(…)?", n.text)
                              : tell(
                                    "'{0}' 不是这样用的；你是不是想写 text.{0}(…)？",
                                    "'{0}' is not called like this; did you mean text.{0}(…)?", n.text));
  }
  const auto wrong = std::find_if(arguments.begin(), arguments.end(), [](const part& p) { return !p.type; });
  if (wrong != arguments.end()) return;
  std::sort(taken.begin(), taken.end(), [](const auto& a, const auto& b) { return a.en < b.en; });
  bilingual takes, got;
  const auto append = [](bilingual& to, const bilingual_view& what, std::string_view zh,
                         std::string_view en) {
    to.zh += (to.zh.empty() ? "" : std::string(zh)) + std::string(what.zh);
    to.en += (to.en.empty() ? "" : std::string(en)) + std::string(what.en);
  };
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (i == 0 || taken[i].en != taken[i - 1].en) append(takes, taken[i], "或", " or ");
  }
  for (const part& p : arguments) append(got, described(p.type.value_or(kind::any)), "、", ", ");
  report(n.offset, tell("{}() 要的是{}，不是{}", "{}() takes {}, and not {}", n.text, takes, got));
}

part compiler::loop(std::uint32_t n, macro m) {
  const auto children = node(n).children;
  const expression_node& variable = node(children[1]);
  const part over = boxed(emit(children[0]));
  if (variable.kind != node_kind::name) {
    report(
        variable.offset, tell(
                             "{0} 要给每一项起个名字：写成 列表.{0}(x, …)",
                             "{0} wants a name for the item: list.{0}(x, …)", node(n).text));
    return {};
  }
  const std::size_t open = loops_before_ + loops_.size();
  if (loops_.size() >= program_loops_max || open >= program_open_loops_max) {
    report(
        node(n).offset,
        tell("循环套循环超过 {} 层", "more than {} loops inside one another", program_loops_max));
    return {};
  }
  if (typed() && over.known() && over.type != kind::list && over.type != kind::map) {
    report(
        node(n).offset, tell(
                            "{} 只能用在列表上，这里是{}", "{} goes over a list, and this is {}",
                            node(n).text, described(*over.type)));
    return {};
  }
  if (typed() && (find_field(variable.text) != nullptr || find_let(variable.text)))
    report(
        variable.offset, tell(
                             "'{}' 已经有别的意思：换个名字",
                             "'{}' has a meaning already: choose another name", variable.text));

  const auto base = static_cast<std::uint16_t>(program_lets_max + 4 * open);
  loops_most_ = std::max(loops_most_, open + 1);
  const auto aux = static_cast<std::uint8_t>(m);
  code(opcode::loop_begin, 0, -1, aux, base);
  const std::uint32_t next = here();
  const std::size_t leave = code(opcode::loop_next, 0, 0, aux, base);
  loops_.push_back({variable.text, base + 2u, {typed() ? over.element : kind::any, {}, 0, kind::any, 0}});
  const std::uint64_t before = cost_;
  if (children.size() == 4) {
    must_be_condition(
        children[2], emit(children[2]),
        {"而 map() 的这里要写条件", "and map() keeps what a condition lets through"});
    code(opcode::loop_gate, next, -1, aux, base);
  }
  const std::uint32_t last = children.back();
  const part body = boxed(emit(last));
  if (m != macro::map) {
    const bilingual rule = tell("而 {}() 里要写条件", "and {}() asks for a condition", node(n).text);
    must_be_condition(last, body, {rule.zh, rule.en});
  }
  code(opcode::loop_step, next, -1, aux, base);
  cost_ = before + std::min<std::uint64_t>(
                       (cost_ - before) * std::max<std::uint64_t>(over.items_max, 1), std::uint64_t{1} << 50);
  loops_.pop_back();
  land(leave);
  code(opcode::loop_end, 0, 1, aux, base);
  if (m == macro::map) return {kind::list, {}, 0, body.type.value_or(kind::any), over.items_max};
  if (m == macro::filter) return {kind::list, {}, 0, over.element, over.items_max};
  return a_condition;
}

// [1, 2]: made once, when the pack loads.
part compiler::constant_list(std::uint32_t n) {
  const auto& children = node(n).children;
  value* const items = pool_.memory.take_array<value>(children.size());
  ZHILI_ASSERT(items != nullptr, "a pack's text bounds its constants");
  part out{kind::list, {}, 0, kind::any, children.size()};
  for (std::size_t i = 0; i < children.size(); ++i) {
    items[i] = kept(node(children[i]).literal);
    if (items[i].is(kind::span_ms)) items[i] = span_value(items[i].number);
    if (i == 0) out.element = items[i].tag;
    if (items[i].tag != items[0].tag) out.element = kind::any;
  }
  code(opcode::constant, constant(list_value({items, children.size()})), 1);
  return out;
}

part compiler::list(std::uint32_t n) {
  if (literal_list(n)) return constant_list(n);
  const auto children = node(n).children;
  part out{kind::list, {}, 0, kind::any, children.size()};
  bool same = true;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const part p = boxed(emit(children[i]));
    const kind k = p.type.value_or(kind::any);
    if (i == 0) out.element = k;
    same &= k == out.element;
  }
  if (!same) out.element = kind::any;
  code(
      opcode::list, 0, 1 - static_cast<int>(children.size()), 0, static_cast<std::uint16_t>(children.size()));
  return out;
}

part compiler::map(std::uint32_t n) {
  const auto children = node(n).children;
  part out{kind::map, {}, 0, kind::any, children.size() / 2};
  bool same = true;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const kind k = boxed(emit(children[i])).type.value_or(kind::any);
    if (i == 0) out.element = k;
    if (i % 2 == 0) same &= k == out.element;
  }
  if (!same) out.element = kind::any;
  // Each key is held against those before it.
  spend(children.size() * children.size() / 8);
  code(opcode::map, 0, 1 - static_cast<int>(children.size()), 0, static_cast<std::uint16_t>(children.size()));
  return out;
}

part compiler::index(std::uint32_t n) {
  const auto children = node(n).children;
  const part container = boxed(emit(children[0]));
  const part position = boxed(emit(children[1]));
  if (typed() && container.known() && container.type != kind::list && container.type != kind::map) {
    report(
        node(n).offset, tell(
                            "'[..]' 只能用在列表或映射后面，这里是{}",
                            "'[..]' takes from a list or a map, and this is {}", described(*container.type)));
    return {};
  }
  if (typed() && container.type == kind::list && position.known() && position.type != kind::integer &&
      position.type != kind::uint) {
    report(
        node(children[1]).offset,
        tell(
            "列表里的位置是从 0 数起的整数，不是{}", "a place in a list is a number from 0, and not {}",
            described(*position.type)));
  }
  spend(container.items_max);
  code(opcode::index, 0, -1);
  if (container.type == kind::list) return {container.element, {}, 0, kind::any, 0};
  return anything;
}

/// a.b.c, where it is nothing but names.
std::optional<std::string> compiler::dotted(std::uint32_t n) const {
  if (node(n).kind == node_kind::name) {
    if (find_loop(node(n).text) != nullptr) return std::nullopt;
    return node(n).text;
  }
  if (node(n).kind != node_kind::select) return std::nullopt;
  const auto target = dotted(node(n).children[0]);
  return target ? std::optional(*target + "." + node(n).text) : std::nullopt;
}

part compiler::select(std::uint32_t n) {
  if (!typed()) {
    const auto name = dotted(n);
    const auto found =
        name ? std::find(names_.variables.begin(), names_.variables.end(), *name) : names_.variables.end();
    if (found != names_.variables.end()) {
      code(opcode::variable, static_cast<std::uint32_t>(found - names_.variables.begin()), 1);
      return anything;
    }
    if (const auto k = name ? type_named(*name) : std::nullopt) {
      code(opcode::constant, constant(number_value(kind::type, static_cast<std::int64_t>(*k))), 1);
      return {kind::type, {}, 0, kind::any, 0};
    }
  }
  const part target = emit(node(n).children[0]);
  if (typed() && target.known() && target.type != kind::map) {
    report(
        node(n).offset,
        tell("{}没有成员 '{}'", "{} has no member '{}'", described(*target.type), node(n).text));
    return {};
  }
  spend(target.items_max);
  code(opcode::member, constant(text_value(pool_.memory.keep(node(n).text))), 0);
  return anything;
}

part compiler::minus(std::uint32_t n) {
  const part p = boxed(emit(node(n).children[0]));
  code(opcode::minus, 0, 0);
  const bool can =
      p.type == kind::integer || p.type == kind::real || p.type == kind::money || p.type == kind::span;
  if (typed() && p.known() && !can) {
    report(
        node(n).offset, tell(
                            "负号 '-' 只能用在数、金额或时长前面，不能用在{}前面",
                            "'-' turns a number, an amount or a span, and not {}", described(*p.type)));
    return {};
  }
  return {p.type, {}, 0, kind::any, 0};
}

part compiler::calculation(std::uint32_t n) {
  constexpr std::string_view signs[] = {"+", "-", "*", "/", "%"};
  const auto children = node(n).children;
  const arithmetic op = node(n).arithmetic;
  const part left = boxed(emit(children[0]));
  const part right = boxed(emit(children[1]));
  code(opcode::calculate, 0, -1, static_cast<std::uint8_t>(op));
  part out{
      kind::any,
      {},
      0,
      left.element == right.element ? left.element : kind::any,
      left.items_max + right.items_max};
  if (!left.type || !right.type) return {};
  if (!typed() || !left.known() || !right.known()) return out;
  out.type = calculated(op, *left.type, *right.type);
  if (*out.type != kind::error) return out;
  report(
      node(n).offset,
      tell(
          "'{}' 不能用于{}和{}", "'{}' does not work on {} and {}", signs[static_cast<std::size_t>(op)],
          described(*left.type), described(*right.type)));
  return {};
}

/// kind::error where the two do not go together.
kind compiler::calculated(arithmetic op, kind left, kind right) const {
  const bool sum = op == arithmetic::add, sums = sum || op == arithmetic::subtract;
  if (left == right) {
    switch (left) {
      case kind::integer:
      case kind::uint: return left;
      case kind::real: return op == arithmetic::modulo ? kind::error : left;
      case kind::text:
      case kind::bytes:
      case kind::list: return sum ? left : kind::error;
      case kind::span: return sums ? left : kind::error;
      case kind::timestamp:
      case kind::date: return op == arithmetic::subtract ? kind::span : kind::error;
      case kind::money:
        return op == arithmetic::divide ? kind::integer : op == arithmetic::multiply ? kind::error : left;
      default: return kind::error;
    }
  }
  if (left == kind::money && right == kind::integer)
    return op == arithmetic::multiply || op == arithmetic::divide ? left : kind::error;
  if (left == kind::integer && right == kind::money) return op == arithmetic::multiply ? right : kind::error;
  if ((left == kind::timestamp || left == kind::date) && right == kind::span)
    return sums ? left : kind::error;
  if (left == kind::span && right == kind::timestamp) return sum ? right : kind::error;
  return kind::error;
}

}  // namespace zhili::policy
