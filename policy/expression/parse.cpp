// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/parse.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace zhili::policy {
namespace {

// Ends the parse at the first error of grammar: what follows one is noise. Slips that tokenise() mends do not
// come here.
struct stop {};

std::optional<relation> relation_of(token_kind kind) {
  switch (kind) {
    case token_kind::equal: return relation::equal;
    case token_kind::not_equal: return relation::not_equal;
    case token_kind::less: return relation::less;
    case token_kind::less_equal: return relation::less_equal;
    case token_kind::greater: return relation::greater;
    case token_kind::greater_equal: return relation::greater_equal;
    default: return std::nullopt;
  }
}

class parser {
 public:
  parser(std::vector<token> tokens, std::vector<problem>& problems)
      : tokens_(std::move(tokens)), problems_(problems) {}

  expression run() {
    out_.root = disjunction();
    if (here().kind != token_kind::end) expected("'&&', '||' or the end");
    return std::move(out_);
  }

 private:
  const token& here() const { return tokens_[at_]; }

  bool take(token_kind kind) {
    if (here().kind != kind) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void refuse(std::size_t offset, std::string message) {
    problems_.push_back({offset, std::move(message)});
    throw stop{};
  }

  [[noreturn]] void expected(std::string_view what) {
    const token& t = here();
    if (t.kind == token_kind::end) refuse(t.offset, fmt::format("{} is missing at the end", what));
    refuse(t.offset, fmt::format("{} is expected before '{}'", what, t.source));
  }

  std::uint32_t add(expression_node node) {
    out_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(out_.nodes.size() - 1);
  }

  std::uint32_t add_binary(node_kind kind, std::size_t offset, std::uint32_t left, std::uint32_t right) {
    return add({kind, {}, offset, {}, 0, {}, {left, right}});
  }

  std::uint32_t disjunction() {
    std::uint32_t left = conjunction();
    while (true) {
      const std::size_t offset = here().offset;
      if (!take(token_kind::or_or)) return left;
      left = add_binary(node_kind::disjunction, offset, left, conjunction());
    }
  }

  std::uint32_t conjunction() {
    std::uint32_t left = comparison();
    while (true) {
      const std::size_t offset = here().offset;
      if (!take(token_kind::and_and)) return left;
      left = add_binary(node_kind::conjunction, offset, left, comparison());
    }
  }

  std::uint32_t comparison() {
    const std::uint32_t left = unary();
    const token& op = here();
    const auto r = relation_of(op.kind);
    std::uint32_t node = left;
    if (take(token_kind::in)) {
      node = membership(left, op.offset);
    } else if (r) {
      ++at_;
      node = add_binary(node_kind::comparison, op.offset, left, unary());
      out_.nodes[node].relation = *r;
    }
    if (node != left && (relation_of(here().kind) || here().kind == token_kind::in)) {
      refuse(here().offset, "a comparison has two sides: write 'a < b && b < c' in place of 'a < b < c'");
    }
    return node;
  }

  std::uint32_t membership(std::uint32_t left, std::size_t offset) {
    if (!take(token_kind::left_bracket)) expected("a list in brackets, [..],");
    std::vector<std::uint32_t> children{left};
    do {
      if (children.size() > expression_list_max) {
        refuse(here().offset, fmt::format("more than {} values in a list", expression_list_max));
      }
      children.push_back(literal());
    } while (take(token_kind::comma));
    if (!take(token_kind::right_bracket)) expected("',' or ']'");
    return add({node_kind::in, {}, offset, {}, 0, {}, std::move(children)});
  }

  std::uint32_t literal() {
    const bool minus = take(token_kind::minus);
    const token& t = here();
    if (!take(token_kind::literal)) expected("a value (a number, an amount, a text in quotes)");
    if (minus && t.type != value_type::integer && t.type != value_type::money &&
        t.type != value_type::duration) {
      refuse(t.offset, "only numbers, amounts and spans can be negative");
    }
    return add({node_kind::literal, {}, t.offset, t.type, minus ? -t.number : t.number, t.text, {}});
  }

  std::uint32_t unary() {
    if (++depth_ > expression_depth_max)
      refuse(here().offset, "nested too deeply: name a part of it under 'let'");
    const std::uint32_t node = unary_inner();
    --depth_;
    return node;
  }

  std::uint32_t unary_inner() {
    const token& t = here();
    if (t.kind == token_kind::literal || t.kind == token_kind::minus) return literal();
    if (take(token_kind::exclamation)) {
      const std::uint32_t inner = unary();
      return add({node_kind::negation, {}, t.offset, {}, 0, {}, {inner}});
    }
    if (take(token_kind::left_parenthesis)) {
      const std::uint32_t inner = disjunction();
      if (!take(token_kind::right_parenthesis)) expected("')'");
      return inner;
    }
    if (!take(token_kind::name)) expected("a field, a value or '('");
    const std::uint32_t name = add({node_kind::name, {}, t.offset, {}, 0, std::string(t.source), {}});
    if (!take(token_kind::left_parenthesis)) return name;
    const token& argument = here();
    if (!take(token_kind::name)) expected("a name without quotes");
    if (!take(token_kind::right_parenthesis)) expected("')'");
    const std::uint32_t inner =
        add({node_kind::name, {}, argument.offset, {}, 0, std::string(argument.source), {}});
    return add({node_kind::call, {}, t.offset, {}, 0, std::string(t.source), {inner}});
  }

  std::vector<token> tokens_;
  std::vector<problem>& problems_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  expression out_;
};

}  // namespace

expression parse_expression(std::string_view source, std::vector<problem>& problems) {
  if (source.size() > expression_bytes_max) {
    problems.push_back(
        {0, fmt::format("longer than {} bytes: name parts of it under 'let'", expression_bytes_max)});
    return {};
  }
  try {
    return parser(tokenise(source, problems), problems).run();
  } catch (const stop&) {
  }
  return {};
}

}  // namespace zhili::policy
