// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/parse.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "protocols/types/tell.hpp"

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

std::optional<arithmetic> sum_of(token_kind kind) {
  if (kind == token_kind::plus) return arithmetic::add;
  if (kind == token_kind::minus) return arithmetic::subtract;
  return std::nullopt;
}

std::optional<arithmetic> product_of(token_kind kind) {
  if (kind == token_kind::star) return arithmetic::multiply;
  if (kind == token_kind::slash) return arithmetic::divide;
  if (kind == token_kind::percent) return arithmetic::modulo;
  return std::nullopt;
}

bool has_sign(kind k) {
  return k == kind::integer || k == kind::real || k == kind::money || k == kind::span_ms;
}

class parser {
 public:
  parser(std::vector<token> tokens, std::vector<problem>& problems, dialect read_as)
      : tokens_(std::move(tokens)), problems_(problems), read_as_(read_as) {}

  expression run() {
    out_.root = conditional();
    if (here().kind == token_kind::name && is_member_name(here().source)) {
      refuse(
          here().offset,
          tell(
              "'{0}' 写在点的后面，要找的文字放在括号里：text.{0}(\"…\")",
              "'{0}' stands behind a point, with what it looks for in parentheses: text.{0}(\"…\")",
              here().source));
    }
    if (here().kind != token_kind::end) expected({"'&&'、'||'，或者到此结束", "'&&', '||' or the end"});
    return std::move(out_);
  }

 private:
  static bool is_member_name(std::string_view name) {
    return name == "contains" || name == "startsWith" || name == "endsWith" || name == "matches";
  }

  // One level of nesting, for as long as it lives.
  class level {
   public:
    explicit level(parser& p) : parser_(p) {
      if (++parser_.depth_ > expression_depth_max)
        parser_.refuse(
            parser_.here().offset, {"套得太深：把其中一段写到 'let' 下面，起个名字",
                                    "nested too deeply: name a part of it under 'let'"});
    }
    ~level() { --parser_.depth_; }
    level(const level&) = delete;
    level& operator=(const level&) = delete;

   private:
    parser& parser_;
  };

  const token& here() const { return tokens_[at_]; }
  const token& behind(std::size_t count) const { return tokens_[std::min(at_ + count, tokens_.size() - 1)]; }

  bool take(token_kind kind) {
    if (here().kind != kind) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void refuse(std::size_t offset, bilingual message) {
    problems_.push_back({offset, std::move(message)});
    throw stop{};
  }

  [[noreturn]] void expected(const bilingual_view& what) {
    const token& t = here();
    if (t.kind == token_kind::end) refuse(t.offset, tell("末尾缺少{}", "{} is missing at the end", what));
    refuse(t.offset, tell("'{1}' 前面应当是{0}", "{0} is expected before '{1}'", what, t.source));
  }

  // `begin`: where the part's first token stands; it ends before the next one.
  std::uint32_t add(
      node_kind kind, std::size_t offset, std::size_t begin, std::vector<std::uint32_t> children) {
    std::uint32_t depth = 1;
    for (const std::uint32_t c : children) {
      depth = std::max(depth, depths_[c] + 1);
      begin = std::min(begin, out_.nodes[c].begin);
    }
    if (depth > expression_chain_max)
      refuse(
          offset, {"一句里连得太长：把其中一些写到 'let' 下面，起个名字",
                   "too many parts hang on one another: name some of them under 'let'"});
    expression_node node;
    node.kind = kind;
    node.offset = offset;
    node.begin = begin;
    node.end = at_ > 0 ? tokens_[at_ - 1].offset + tokens_[at_ - 1].source.size() : begin;
    node.children = std::move(children);
    out_.nodes.push_back(std::move(node));
    depths_.push_back(depth);
    return static_cast<std::uint32_t>(out_.nodes.size() - 1);
  }

  std::uint32_t conditional() {
    const std::uint32_t condition = disjunction();
    const std::size_t offset = here().offset;
    if (!take(token_kind::question)) return condition;
    const level deeper(*this);
    const std::uint32_t yes = disjunction();
    if (!take(token_kind::colon)) expected({"':'（写法是 甲 ? 乙 : 丙）", "':' (as in a ? b : c)"});
    const std::uint32_t no = conditional();
    return add(node_kind::conditional, offset, offset, {condition, yes, no});
  }

  std::uint32_t disjunction() {
    std::uint32_t left = conjunction();
    while (true) {
      const std::size_t offset = here().offset;
      if (!take(token_kind::or_or)) return left;
      const std::uint32_t right = conjunction();
      left = add(node_kind::disjunction, offset, offset, {left, right});
    }
  }

  std::uint32_t conjunction() {
    std::uint32_t left = comparison();
    while (true) {
      const std::size_t offset = here().offset;
      if (!take(token_kind::and_and)) return left;
      const std::uint32_t right = comparison();
      left = add(node_kind::conjunction, offset, offset, {left, right});
    }
  }

  std::uint32_t comparison() {
    std::uint32_t left = sum();
    bool is_first = true;
    while (true) {
      const token& op = here();
      const auto r = relation_of(op.kind);
      if (!r && op.kind != token_kind::in) return left;
      if (!is_first && read_as_ == dialect::pack) {
        refuse(
            op.offset, {"一次只能比较两边：把 'a < b < c' 写成 'a < b && b < c'",
                        "a comparison has two sides: write 'a < b && b < c' in place of 'a < b < c'"});
      }
      is_first = false;
      ++at_;
      const std::uint32_t right = sum();
      left = add(r ? node_kind::comparison : node_kind::in, op.offset, op.offset, {left, right});
      if (r) out_.nodes[left].relation = *r;
    }
  }

  std::uint32_t sum() {
    std::uint32_t left = product();
    while (const auto op = sum_of(here().kind)) {
      const std::size_t offset = here().offset;
      ++at_;
      const std::uint32_t right = product();
      left = add(node_kind::calculation, offset, offset, {left, right});
      out_.nodes[left].arithmetic = *op;
    }
    return left;
  }

  std::uint32_t product() {
    std::uint32_t left = unary();
    while (const auto op = product_of(here().kind)) {
      const std::size_t offset = here().offset;
      ++at_;
      const std::uint32_t right = unary();
      left = add(node_kind::calculation, offset, offset, {left, right});
      out_.nodes[left].arithmetic = *op;
    }
    return left;
  }

  std::uint32_t unary() {
    const level deeper(*this);
    const token& t = here();
    if (take(token_kind::exclamation)) {
      const std::uint32_t inner = unary();
      return add(node_kind::negation, t.offset, t.offset, {inner});
    }
    // In CEL -'a' is an error when it is reached, and here at once.
    if (t.kind == token_kind::minus && behind(1).kind == token_kind::literal &&
        (read_as_ == dialect::pack || has_sign(behind(1).literal.kind()))) {
      ++at_;
      return members(negative_literal(t.offset));
    }
    if (take(token_kind::minus)) {
      const std::uint32_t inner = unary();
      return add(node_kind::minus, t.offset, t.offset, {inner});
    }
    return members(primary());
  }

  std::uint32_t negative_literal(std::size_t begin) {
    const token& t = here();
    literal l = t.literal;
    ++at_;
    switch (l.kind()) {
      case kind::integer:
      case kind::money:
      case kind::span_ms:
        // The one number that needs no turning is its own opposite.
        if (!t.only_negative) l.scalar.number = -l.scalar.number;
        break;
      case kind::real: l.scalar.real = -l.scalar.real; break;
      default:
        refuse(
            t.offset,
            {"只有数、金额和时长前面可以加负号", "only numbers, amounts and spans can be negative"});
    }
    const std::uint32_t n = add(node_kind::literal, t.offset, begin, {});
    out_.nodes[n].literal = std::move(l);
    return n;
  }

  std::uint32_t literal_here() {
    const token& t = here();
    ++at_;
    if (t.only_negative)
      refuse(t.offset, tell("'{}' 太大了，超出 64 位整数", "'{}' is larger than 64 bits hold", t.source));
    const std::uint32_t n = add(node_kind::literal, t.offset, t.offset, {});
    out_.nodes[n].literal = t.literal;
    return n;
  }

  // .name, .`name`, .name(…), [index]
  std::uint32_t members(std::uint32_t target) {
    while (true) {
      const token& t = here();
      if (take(token_kind::dot)) {
        target = member(target);
      } else if (take(token_kind::left_bracket)) {
        const std::uint32_t index = conditional();
        if (!take(token_kind::right_bracket)) expected({"']'", "']'"});
        target = add(node_kind::index, t.offset, t.offset, {target, index});
      } else {
        const node_kind what = out_.nodes[target].kind;
        if (t.kind == token_kind::left_brace && (what == node_kind::name || what == node_kind::select))
          refuse(
              t.offset, {"这里没有 '名字{…}' 这种写法", "messages 'name{…}' are not known here"});
        return target;
      }
    }
  }

  // Behind the point.
  std::uint32_t member(std::uint32_t target) {
    const token& name = here();
    const bool quoted = take(token_kind::quoted_name);
    if (!quoted && !take(token_kind::name)) expected({"成员或函数的名字", "the name of a member or function"});
    if (!quoted && take(token_kind::left_parenthesis)) return call(name, target, true);
    const std::uint32_t n = add(node_kind::select, name.offset, name.offset, {target});
    out_.nodes[n].text = quoted ? name.source.substr(1, name.source.size() - 2) : name.source;
    return n;
  }

  std::uint32_t primary() {
    const token& t = here();
    if (t.kind == token_kind::literal) return literal_here();
    if (take(token_kind::left_parenthesis)) {
      const std::uint32_t inner = conditional();
      if (!take(token_kind::right_parenthesis)) expected({"')'", "')'"});
      out_.nodes[inner].begin = t.offset;
      out_.nodes[inner].end = tokens_[at_ - 1].offset + 1;
      return inner;
    }
    if (take(token_kind::left_bracket)) return list(t);
    if (take(token_kind::left_brace)) return map(t);
    // .x is CEL's way to say that x is meant from the root on; there is nothing but the root here.
    if (t.kind == token_kind::dot && behind(1).kind == token_kind::name) ++at_;
    const token& name = here();
    if (!take(token_kind::name)) expected({"事实、值或 '('", "a field, a value or '('"});
    if (is_reserved(name.source))
      refuse(
          name.offset,
          tell("'{}' 是保留的词，不能用：换个名字", "'{}' is a word that CEL keeps for itself", name.source));
    if (take(token_kind::left_parenthesis)) {
      if (name.source == "has") return presence(name);
      if (name.source == "hits" || name.source == "score") return of_named(name);
      return call(name, std::nullopt, false);
    }
    return name_node(name);
  }

  std::uint32_t name_node(const token& t) {
    const std::uint32_t n = add(node_kind::name, t.offset, t.offset, {});
    out_.nodes[n].text = t.source;
    return n;
  }

  /// hits(category), score(card)
  std::uint32_t of_named(const token& function) {
    const token& argument = here();
    if (argument.kind == token_kind::literal && argument.literal.kind() == kind::text) {
      refuse(
          argument.offset, tell(
                               "{1}的名字不加引号：写成 {2}({0})", "the name of {1} stands without quotes: {2}({0})",
                               argument.literal.text,
                               function.source == "hits" ? bilingual{"词表", "a lexicon"} : bilingual{"评分卡", "a scorecard"},
                               function.source));
    }
    if (!take(token_kind::name)) expected({"不加引号的名字", "a name without quotes"});
    const std::uint32_t inner = name_node(argument);
    if (!take(token_kind::right_parenthesis)) expected({"')'", "')'"});
    const std::uint32_t n = add(node_kind::call, function.offset, function.offset, {inner});
    out_.nodes[n].text = function.source;
    return n;
  }

  std::uint32_t presence(const token& function) {
    if (here().kind == token_kind::literal || here().kind == token_kind::right_parenthesis)
      expected({"不加引号的名字", "a name without quotes"});
    const std::uint32_t inner = conditional();
    const node_kind what = out_.nodes[inner].kind;
    if (what != node_kind::name && what != node_kind::select)
      refuse(
          out_.nodes[inner].offset, {"has() 问一个事实有没有：写成 has(price) 或 has(x.name)",
                                     "has() asks for a fact or a member: has(price), has(x.name)"});
    if (!take(token_kind::right_parenthesis)) expected({"')'", "')'"});
    return add(node_kind::presence, function.offset, function.offset, {inner});
  }

  void too_many(std::size_t count) {
    if (count > expression_list_max)
      refuse(
          here().offset,
          tell("一个列表里超过 {} 个值", "more than {} values in a list", expression_list_max));
  }

  std::uint32_t call(const token& function, std::optional<std::uint32_t> target, bool is_member) {
    std::vector<std::uint32_t> children;
    if (target) children.push_back(*target);
    if (!take(token_kind::right_parenthesis)) {
      do {
        too_many(children.size());
        children.push_back(conditional());
      } while (take(token_kind::comma));
      if (!take(token_kind::right_parenthesis)) expected({"',' 或 ')'", "',' or ')'"});
    }
    const std::uint32_t n = add(node_kind::call, function.offset, function.offset, std::move(children));
    out_.nodes[n].text = function.source;
    out_.nodes[n].is_member = is_member;
    return n;
  }

  std::uint32_t list(const token& opening) {
    std::vector<std::uint32_t> children;
    while (!take(token_kind::right_bracket)) {
      too_many(children.size() + 1);
      children.push_back(conditional());
      if (!take(token_kind::comma) && here().kind != token_kind::right_bracket)
        expected({"',' 或 ']'", "',' or ']'"});
    }
    return add(node_kind::list, opening.offset, opening.offset, std::move(children));
  }

  std::uint32_t map(const token& opening) {
    std::vector<std::uint32_t> children;
    while (!take(token_kind::right_brace)) {
      too_many(children.size() / 2 + 1);
      children.push_back(conditional());
      if (!take(token_kind::colon)) expected({"':' 和这个键的值", "':' and the value of that key"});
      children.push_back(conditional());
      if (!take(token_kind::comma) && here().kind != token_kind::right_brace)
        expected({"',' 或 '}'", "',' or '}'"});
    }
    return add(node_kind::map, opening.offset, opening.offset, std::move(children));
  }

  std::vector<token> tokens_;
  std::vector<problem>& problems_;
  dialect read_as_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  /// Of each node, how many hang below it in a chain.
  std::vector<std::uint32_t> depths_;
  expression out_;
};

}  // namespace

expression parse_expression(std::string_view source, std::vector<problem>& problems, dialect read_as) {
  if (source.size() > expression_bytes_max) {
    problems.push_back(
        {0, tell(
                "超过 {} 字节：把一些写到 'let' 下面，起个名字",
                "longer than {} bytes: name parts of it under 'let'", expression_bytes_max)});
    return {};
  }
  try {
    return parser(tokenise(source, problems), problems, read_as).run();
  } catch (const stop&) {
  }
  return {};
}

}  // namespace zhili::policy
