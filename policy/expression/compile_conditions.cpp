// SPDX-License-Identifier: Apache-2.0
// Conditions: && || ! ?:, comparisons and membership.
#include <algorithm>
#include <bit>
#include <utility>

#include "policy/expression/compiler.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

bool is_numeric(kind k) {
  return k == kind::integer || k == kind::uint || k == kind::real;
}

// An int64 in value::number that compares as it is.
bool is_bare(kind k) {
  return k == kind::integer || k == kind::money || k == kind::date || k == kind::boolean || k == kind::span ||
         k == kind::span_ms || k == kind::word;
}

const part a_condition{kind::boolean, {}, 0, kind::any, 0};

}  // namespace

void compiler::not_a_condition(std::uint32_t n, kind type, const bilingual_view& rule) {
  const expression_node& it = node(n);
  if (it.kind == node_kind::call && it.text == "hits") {
    const std::string& category = node(it.children[0]).text;
    return report(
        it.offset, tell(
                       "hits({0}) 是个数，{1}；你是不是想写 'hits({0}) > 0'？",
                       "hits({0}) is a number, {1}; did you mean 'hits({0}) > 0'?", category, rule));
  }
  const bilingual what =
      it.kind == node_kind::name ? tell("这里的 '{}' ", "'{}'", it.text) : bilingual{"这里", "this"};
  report(
      it.offset, tell(
                     "{}是{}，{}：请拿它和一个值比较（如 == 或 >）", "{} is {}, {}: compare it", what,
                     described(type), rule));
  if (it.kind != node_kind::name || find_loop(it.text) != nullptr) return;
  if (const auto let = find_let(it.text)) problems_.back().no_condition = lets_[*let].name;
}

void compiler::must_be_condition(std::uint32_t n, const part& p, const bilingual_view& rule) {
  if (typed() && p.known() && *p.type != kind::boolean) not_a_condition(n, *p.type, rule);
}

part compiler::negation(std::uint32_t n) {
  const std::uint32_t inner = node(n).children[0];
  const part p = emit(inner);
  must_be_condition(inner, p, {"而 '!' 后面要写条件", "and '!' turns true and false"});
  code(opcode::negate, 0, 0);
  return a_condition;
}

part compiler::junction(std::uint32_t n) {
  const bool is_and = node(n).kind == node_kind::conjunction;
  const std::uint32_t l = node(n).children[0], r = node(n).children[1];
  const bilingual_view rule = is_and ? bilingual_view{"而 '&&' 连接的是条件", "and '&&' joins conditions"}
                                     : bilingual_view{"而 '||' 连接的是条件", "and '||' joins conditions"};
  // One side that is known and has not decided the whole leaves it to the other.
  if (known_.value(*source_, l)) return emit(r);
  if (known_.value(*source_, r)) return emit(l);
  const part left = emit(l);
  must_be_condition(l, left, rule);
  const std::size_t skip = code(is_and ? opcode::skip_if_false : opcode::skip_if_true, 0, 0);
  const part right = emit(r);
  must_be_condition(r, right, rule);
  code(is_and ? opcode::both : opcode::either, 0, -1);
  land(skip);
  // Both sides of && must hold, so each side's need is a need of the whole: take the narrower. Of || either
  // may hold, so the whole needs something only if both sides do.
  part out = a_condition;
  if (is_and) {
    const bool left_narrower =
        right.needs == 0 || (left.needs != 0 && std::popcount(left.needs) <= std::popcount(right.needs));
    out.needs = left_narrower ? left.needs : right.needs;
  } else if (left.needs != 0 && right.needs != 0) {
    out.needs = left.needs | right.needs;
  }
  return out;
}

// condition; branch no; yes; jump end; no: …; end: An error of the condition goes to the jump.
part compiler::conditional(std::uint32_t n) {
  const auto children = node(n).children;
  const part condition = emit(children[0]);
  must_be_condition(children[0], condition, {"而 '?' 前面要写条件", "and '?' asks for a condition"});
  const std::size_t branch = code(opcode::branch, 0, -1);
  const part yes = boxed(emit(children[1]));
  const std::size_t over = code(opcode::jump, 0, 0);
  land(branch);
  --stack_;
  const part no = boxed(emit(children[2]));
  land(over);
  if (typed() && yes.known() && no.known() && *yes.type != *no.type) {
    report(
        node(children[2]).offset,
        tell(
            "':' 两边要是同一种值，这里是{}和{}", "both sides of ':' must be of one type: {} and {}",
            described(*yes.type), described(*no.type)));
    return {};
  }
  part out = yes.known() ? yes : no;
  out.needs = 0;
  if (yes.element != no.element) out.element = kind::any;
  out.items_max = std::max(yes.items_max, no.items_max);
  return out;
}

/// A comparison of hits() with a number that is false at zero hits: its category, as a bit.
std::uint64_t compiler::needs_of(std::uint32_t l, std::uint32_t r, relation rel) const {
  const auto is_hits = [&](std::uint32_t n) {
    return node(n).kind == node_kind::call && node(n).text == "hits" && !node(n).is_member;
  };
  const auto is_number = [&](std::uint32_t n) {
    return node(n).kind == node_kind::literal && node(n).literal.kind() == kind::integer;
  };
  const bool straight = is_hits(l) && is_number(r);
  const bool turned = is_hits(r) && is_number(l);
  if (!straight && !turned) return 0;
  const auto order = straight ? std::int64_t{0} <=> node(r).literal.scalar.number
                              : node(l).literal.scalar.number <=> std::int64_t{0};
  if (holds(rel, order)) return 0;
  const std::string& category = node(node(straight ? l : r).children[0]).text;
  const auto found = std::find(names_.categories.begin(), names_.categories.end(), category);
  return found == names_.categories.end() ? 0 : std::uint64_t{1} << (found - names_.categories.begin());
}

/// A side of a comparison whose other side is a field with words: the word's number, if it is one.
bool compiler::emit_word(std::uint32_t n, std::span<const std::string_view> words) {
  const expression_node& it = node(n);
  const bool is_text = it.kind == node_kind::literal && it.literal.kind() == kind::text;
  const std::string_view word = is_text ? it.literal.text : it.text;
  const auto found = std::find(words.begin(), words.end(), word);
  if (it.kind == node_kind::name && find_field(word) == nullptr && !find_let(word) &&
      find_loop(word) == nullptr && found != words.end()) {
    report(
        it.offset,
        tell("词要放在引号里；你是不是想写 \"{}\"？", "a word stands in quotes; did you mean \"{}\"?", word));
  } else if (!is_text) {
    return false;
  } else if (found == words.end()) {
    report(it.offset, tell("没有 \"{}\" 这个词{}", "unknown word \"{}\"{}", word, suggestion(word, words)));
  }
  code(opcode::constant, constant(number_value(kind::word, found - words.begin())), 1);
  return true;
}

std::span<const std::string_view> compiler::words_of(std::uint32_t n) const {
  if (node(n).kind != node_kind::name || find_loop(node(n).text) != nullptr) return {};
  if (const auto i = find_let(node(n).text)) return states_[*i].what.words;
  const field_info* f = find_field(node(n).text);
  return f != nullptr ? f->words : std::span<const std::string_view>{};
}

part compiler::comparison(std::uint32_t n) {
  const std::uint32_t l = node(n).children[0], r = node(n).children[1];
  const relation rel = node(n).relation;
  const auto left_words = words_of(l), right_words = words_of(r);
  const part word{kind::word, {}, 0, kind::any, 0};
  const part left = !right_words.empty() && emit_word(l, right_words) ? word : emit(l);
  const part right = !left_words.empty() && emit_word(r, left_words) ? word : emit(r);
  const auto aux = static_cast<std::uint8_t>(rel);
  part out = a_condition;
  out.needs = needs_of(l, r, rel);
  if (typed()) check_comparison(n, left, right);
  const bool same = left.known() && left.type == right.type;
  if (typed() && same && is_bare(*left.type)) {
    code(opcode::compare, 0, -1, aux);
  } else if (typed() && same && left.type == kind::text) {
    code(opcode::compare_text, 0, -1, aux);
  } else {
    boxed(left, 1);
    boxed(right);
    code(opcode::compare_any, 0, -1, aux);
  }
  return out;
}

void compiler::check_comparison(std::uint32_t n, const part& left, const part& right) {
  const std::uint32_t l = node(n).children[0], r = node(n).children[1];
  const relation rel = node(n).relation;
  const bool ordered = rel != relation::equal && rel != relation::not_equal;
  const auto has_order = [](kind k) {
    return k != kind::boolean && k != kind::word && k != kind::list && k != kind::map && k != kind::null &&
           k != kind::type;
  };
  for (const auto& [p, side] : {std::pair{&left, l}, std::pair{&right, r}}) {
    if (!ordered || !p->known() || has_order(*p->type)) continue;
    const std::size_t offset =
        *p->type == kind::boolean || *p->type == kind::word ? node(n).offset : node(side).offset;
    if (left.known() && right.known() && *left.type != *right.type) break;
    return report(
        offset, tell(
                    "{}不能比大小，只能用 == 或 !=", "{} has no order: only == and != compare it",
                    described(*p->type)));
  }
  if (!left.known() || !right.known()) return;
  const kind a = *left.type, b = *right.type;
  if (a == b) {
    if (!left.words.empty() && !right.words.empty() && left.words.data() != right.words.data())
      report(
          node(r).offset, {"这两个事实的词不是同一套，不能比较",
                           "these two fields have different words and cannot be compared"});
    return;
  }
  const auto spans = [](kind k) { return k == kind::span || k == kind::span_ms; };
  if ((is_numeric(a) && is_numeric(b)) || (spans(a) && spans(b))) return;
  mismatch(l, r, a, b);
}

void compiler::mismatch(std::uint32_t l, std::uint32_t r, kind left, kind right) {
  // The literal is what the writer can change.
  const bool blame_left = node(l).kind == node_kind::literal && node(r).kind != node_kind::literal;
  const std::uint32_t blamed = blame_left ? l : r;
  const kind wanted = blame_left ? right : left, got = blame_left ? left : right;
  const bool is_literal = node(blamed).kind == node_kind::literal;
  if (is_literal && wanted == kind::money && got == kind::real) {
    return report(
        node(blamed).offset,
        tell(
            "{0} 没有单位：金额请写成 {0}元", "{0} has decimals and no unit: write an amount such as {0}元",
            node(blamed).literal.scalar.real));
  }
  bilingual hint;
  if (left == kind::list || right == kind::list) {
    hint = {"：列表要逐个问，写成 列表.exists(x, x > …)", ": ask its items, list.exists(x, x > …)"};
  } else if (is_literal && wanted != kind::word) {
    hint = tell("：{}", ": {}", numbers_hint(wanted));
  }
  report(
      node(blamed).offset,
      tell("{}和{}不能比较{}", "{} cannot be compared with {}{}", described(wanted), described(got), hint));
}

bool compiler::literal_list(std::uint32_t n) const {
  if (node(n).kind != node_kind::list || node(n).children.empty()) return false;
  return std::all_of(node(n).children.begin(), node(n).children.end(), [&](std::uint32_t c) {
    return node(c).kind == node_kind::literal;
  });
}

part compiler::membership(std::uint32_t n) {
  const auto children = node(n).children;
  const part left = emit(children[0]);
  const bool bare = left.known() && (is_bare(*left.type) || left.type == kind::text);
  if (typed() && bare && literal_list(children[1])) return among_literals(children[1], left);
  if (typed() && left.type == kind::word && bare_words(children[1], left)) return a_condition;
  const part item = boxed(left);
  const part right = emit(children[1]);
  if (typed() && right.known() && right.type != kind::list && right.type != kind::map) {
    report(
        node(children[1]).offset,
        tell(
            "'in' 后面要写列表 [..] 或映射，这里是{}",
            "'in' looks into a list, [..], or a map, and this is {}", described(*right.type)));
  } else if (
      typed() && item.known() && right.element != kind::any && right.element != *item.type &&
      !(is_numeric(*item.type) && is_numeric(right.element))) {
    report(
        node(children[1]).offset, tell(
                                      "列表里是{}，不能和{}比较", "{} in a list that is compared with {}",
                                      described(right.element), described(*item.type)));
  }
  spend(right.items_max);
  code(opcode::in_any, 0, -1);
  return a_condition;
}

/// Reports words that stand in a list without quotes.
bool compiler::bare_words(std::uint32_t n, const part& left) {
  if (node(n).kind != node_kind::list) return false;
  bool any = false;
  for (const std::uint32_t c : node(n).children) {
    const expression_node& it = node(c);
    const bool means_more =
        find_field(it.text) != nullptr || find_let(it.text) || find_loop(it.text) != nullptr;
    if (it.kind != node_kind::name || means_more) continue;
    if (std::find(left.words.begin(), left.words.end(), it.text) == left.words.end()) continue;
    report(
        it.offset, tell(
                       "词要放在引号里；你是不是想写 \"{}\"？",
                       "a word stands in quotes; did you mean \"{}\"?", it.text));
    any = true;
  }
  return any;
}

part compiler::among_literals(std::uint32_t n, const part& left) {
  const auto& items = node(n).children;
  const auto first = static_cast<std::uint32_t>(pool_.constants.size());
  for (const std::uint32_t c : items) {
    const expression_node& item = node(c);
    value v = kept(item.literal);
    if (left.type == kind::word && item.literal.kind() == kind::text) {
      const auto found = std::find(left.words.begin(), left.words.end(), item.literal.text);
      if (found == left.words.end()) {
        report(
            item.offset, tell(
                             "没有 \"{}\" 这个词{}", "unknown word \"{}\"{}", item.literal.text,
                             suggestion(item.literal.text, left.words)));
      }
      v = number_value(kind::word, found - left.words.begin());
    } else if (left.type == kind::span && v.is(kind::span_ms)) {
      v = span_value(v.number);
    } else {
      check_item(item, left);
    }
    // A list against texts holds texts alone, or has been refused.
    if (left.type == kind::text && !v.is(kind::text)) v = text_value("");
    pool_.constants.push_back(v);
  }
  spend(items.size() / 8);
  code(
      left.type == kind::text ? opcode::in_texts : opcode::in_numbers, first, 0, 0,
      static_cast<std::uint16_t>(items.size()));
  return a_condition;
}

void compiler::check_item(const expression_node& item, const part& left) {
  const kind got = item.literal.kind();
  if (got == *left.type) return;
  report(
      item.offset, tell(
                       "列表里是{}，不能和{}比较：{}", "{} in a list that is compared with {}: {}",
                       described(got), described(*left.type), numbers_hint(*left.type)));
}

}  // namespace zhili::policy
