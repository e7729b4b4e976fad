// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/compile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <optional>

#include "policy/suggest.hpp"

namespace zhili::policy {
namespace {

/// What is known of a compiled part.
struct part {
  /// Nothing: it was wrong and has been reported; what leans on it stays silent.
  std::optional<value_type> type;
  std::span<const std::string_view> words;
  /// Surely false unless one of these categories has hits; 0: nothing is known.
  std::uint64_t needs = 0;
};

const part wrong{};

std::string_view numbers_hint(value_type wanted) {
  switch (wanted) {
    case value_type::money: return "write an amount such as 10元 or 9.9元";
    case value_type::duration: return "write a span such as 30m, 24h or 7d";
    case value_type::date: return "write a date such as 2021-07-18";
    case value_type::boolean: return "write true or false";
    case value_type::text: return "write a text in quotes";
    default: return "write a number";
  }
}

class compiler {
 public:
  compiler(
      std::span<const let_source> lets, const naming& names, code_pool& pool,
      std::vector<compile_problem>& problems)
      : lets_(lets), names_(names), pool_(pool), problems_(problems), states_(lets.size()) {}

  program run(const expression& when) {
    out_.begin = static_cast<std::uint32_t>(pool_.code.size());
    for (std::size_t i = 0; i < lets_.size(); ++i) check_name(i);
    // A let is computed before the condition, so a part that the condition skips cannot leave it unset.
    for (std::size_t i = 0; i < lets_.size(); ++i) define(i);
    enter(-1, when);
    const part root = emit(when.root);
    if (root.type && *root.type != value_type::boolean) {
      not_a_condition(when.root, *root.type, "a condition is true or false");
    }
    out_.needs = root.needs;
    out_.length = static_cast<std::uint32_t>(pool_.code.size()) - out_.begin;
    if (out_.length > program_length_max)
      report(when.nodes[when.root].offset, "this condition is too long: make two rules");
    return out_;
  }

 private:
  enum class let_progress : std::uint8_t { untouched, open, done };
  struct let_state {
    let_progress progress = let_progress::untouched;
    part what;
  };

  // ---- where we are
  // -------------------------------------------------------------------------------------------

  void enter(int which, const expression& e) {
    current_ = which;
    source_ = &e;
  }
  const expression_node& node(std::uint32_t n) const { return source_->nodes[n]; }
  void report(std::size_t offset, std::string message) {
    problems_.push_back({current_, {offset, std::move(message)}});
  }

  void check_name(std::size_t i) {
    current_ = static_cast<int>(i);
    const std::string_view name = lets_[i].name;
    if (find_field(name) != nullptr)
      report(0, fmt::format("'{}' is a field already: choose another name", name));
    if (i >= program_locals_max) report(0, fmt::format("more than {} parts under 'let'", program_locals_max));
  }

  // Depth first: a let that leans on others is computed after them.
  void define(std::size_t i) {
    let_state& state = states_[i];
    if (state.progress == let_progress::done) return;
    state.progress = let_progress::open;
    const expression& value = *lets_[i].value;
    if (!value.nodes.empty()) {
      for (const expression_node& n : value.nodes) {
        const auto other = n.kind == node_kind::name ? find_let(n.text) : std::nullopt;
        if (!other) continue;
        if (states_[*other].progress == let_progress::open) {
          current_ = static_cast<int>(i);
          report(
              n.offset,
              fmt::format("'{}' leans on '{}', which leans on it: no circles", lets_[i].name, n.text));
          continue;
        }
        define(*other);
      }
      enter(static_cast<int>(i), value);
      state.what = emit(value.root);
      code(opcode::store, static_cast<std::uint32_t>(i), -1);
    }
    state.progress = let_progress::done;
  }

  // ---- names
  // --------------------------------------------------------------------------------------------------

  std::optional<std::size_t> find_let(std::string_view name) const {
    for (std::size_t i = 0; i < lets_.size(); ++i) {
      if (lets_[i].name == name) return i;
    }
    return std::nullopt;
  }

  const field_info* find_field(std::string_view name) const {
    for (const field_info& f : names_.workflow->fields) {
      if (f.name == name) return &f;
    }
    return nullptr;
  }

  std::string stage_names(std::uint32_t mask) const {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i < names_.workflow->stages.size(); ++i) {
      if (mask >> i & 1) out.push_back(names_.workflow->stages[i].name);
    }
    return fmt::format("{}", fmt::join(out, ", "));
  }

  const field_info* field(const expression_node& n) {
    const field_info* f = find_field(n.text);
    if (f == nullptr) {
      report(n.offset, fmt::format("unknown field '{}'{}", n.text, field_suggestion(n.text)));
      return nullptr;
    }
    if (const std::uint32_t lacking = names_.stages & ~f->stages; lacking != 0) {
      report(
          n.offset, fmt::format(
                        "field '{}' is not known at {}; it is at {}", n.text, stage_names(lacking),
                        stage_names(f->stages)));
      return nullptr;
    }
    if (out_.first_slot == 0xffff) out_.first_slot = f->slot;
    out_.slots |= std::uint64_t{1} << f->slot;
    return f;
  }

  std::string field_suggestion(std::string_view name) const {
    std::vector<std::string_view> known;
    for (const field_info& f : names_.workflow->fields) {
      if (f.zh == name) return fmt::format("; did you mean '{}' ({})?", f.name, f.zh);
      if ((names_.stages & ~f.stages) == 0) known.push_back(f.name);
    }
    if (std::find(names_.categories.begin(), names_.categories.end(), name) != names_.categories.end()) {
      return fmt::format("; a lexicon's hits are counted by hits({})", name);
    }
    for (const let_source& l : lets_) known.push_back(l.name);
    return suggestion(name, known);
  }

  // ---- code
  // ---------------------------------------------------------------------------------------------------

  /// `growth`: by how much the stack changes.
  std::size_t code(
      opcode op, std::uint32_t operand, int growth, std::uint8_t aux = 0, std::uint16_t count = 0) {
    pool_.code.push_back({op, aux, count, operand});
    stack_ += growth;
    ZHILI_ASSERT(stack_ <= static_cast<int>(program_stack_max), "the parser bounds the depth");
    return pool_.code.size() - 1;
  }

  std::uint32_t number_constant(std::int64_t n) {
    pool_.numbers.push_back(n);
    return static_cast<std::uint32_t>(pool_.numbers.size() - 1);
  }

  std::uint32_t text_constant(std::string_view text) {
    pool_.texts.emplace_back(text);
    return static_cast<std::uint32_t>(pool_.texts.size() - 1);
  }

  part emit(std::uint32_t n) {
    switch (node(n).kind) {
      case node_kind::literal: return literal(node(n));
      case node_kind::name: return name(node(n));
      case node_kind::call: return call(node(n));
      case node_kind::negation: return negation(n);
      case node_kind::comparison: return comparison(n);
      case node_kind::in: return membership(n);
      case node_kind::conjunction:
      case node_kind::disjunction: return junction(n);
    }
    return wrong;
  }

  part literal(const expression_node& n) {
    if (n.type == value_type::text) {
      code(opcode::constant_text, text_constant(n.text), 1);
    } else {
      code(opcode::constant, number_constant(n.number), 1);
    }
    return {n.type, {}, 0};
  }

  part name(const expression_node& n) {
    if (const auto i = find_let(n.text)) {
      code(opcode::load, static_cast<std::uint32_t>(*i), 1);
      return states_[*i].what;
    }
    const field_info* f = field(n);
    code(
        f != nullptr && f->type == value_type::text ? opcode::slot_text : opcode::slot_number,
        f != nullptr ? f->slot : 0u, 1);
    return f != nullptr ? part{f->type, f->words, 0} : wrong;
  }

  part call(const expression_node& n) {
    const expression_node& argument = node(n.children[0]);
    constexpr std::string_view functions[] = {"has", "hits"};
    if (n.text == "has") {
      const bool is_let = find_let(argument.text).has_value();
      if (is_let)
        report(
            argument.offset, fmt::format("has() asks whether a field is known; '{}' is none", argument.text));
      const field_info* f = is_let ? nullptr : field(argument);
      code(opcode::has, f != nullptr ? f->slot : 0u, 1);
      return {value_type::boolean, {}, 0};
    }
    if (n.text != "hits") {
      report(n.offset, fmt::format("unknown function '{}'{}", n.text, suggestion(n.text, functions)));
      code(opcode::constant, number_constant(0), 1);
      return wrong;
    }
    const auto& known = names_.categories;
    const auto found = std::find(known.begin(), known.end(), argument.text);
    if (found == known.end()) {
      report(
          argument.offset,
          fmt::format(
              "the pack has no lexicon of category '{}'{}", argument.text, suggestion(argument.text, known)));
    } else if (!names_.has_text) {
      report(n.offset, fmt::format("hits() needs a text; {} has none", stage_names(names_.stages)));
    }
    const auto category = static_cast<std::uint32_t>(found == known.end() ? 0 : found - known.begin());
    code(opcode::hits, category, 1);
    out_.categories |= std::uint64_t{1} << category;
    return {value_type::integer, {}, 0};
  }

  // ---- conditions
  // ---------------------------------------------------------------------------------------------

  void not_a_condition(std::uint32_t n, value_type type, std::string_view rule) {
    const expression_node& it = node(n);
    if (it.kind == node_kind::call && it.text == "hits") {
      const std::string& category = node(it.children[0]).text;
      return report(
          it.offset,
          fmt::format("hits({0}) is a number, {1}; did you mean 'hits({0}) > 0'?", category, rule));
    }
    const std::string what = it.kind == node_kind::name ? fmt::format("'{}'", it.text) : std::string("this");
    report(it.offset, fmt::format("{} is {}, {}: compare it", what, described(type), rule));
  }

  void must_be_condition(std::uint32_t n, const part& p, std::string_view rule) {
    if (p.type && *p.type != value_type::boolean) not_a_condition(n, *p.type, rule);
  }

  part negation(std::uint32_t n) {
    const std::uint32_t inner = node(n).children[0];
    const part p = emit(inner);
    must_be_condition(inner, p, "and '!' turns true and false");
    code(opcode::negate, 0, 0);
    return {value_type::boolean, {}, 0};
  }

  part junction(std::uint32_t n) {
    const bool is_and = node(n).kind == node_kind::conjunction;
    const std::uint32_t l = node(n).children[0], r = node(n).children[1];
    const std::string_view rule = is_and ? "and '&&' joins conditions" : "and '||' joins conditions";
    const part left = emit(l);
    must_be_condition(l, left, rule);
    const std::size_t skip = code(is_and ? opcode::skip_if_false : opcode::skip_if_true, 0, 0);
    const part right = emit(r);
    must_be_condition(r, right, rule);
    code(is_and ? opcode::both : opcode::either, 0, -1);
    pool_.code[skip].operand = static_cast<std::uint32_t>(pool_.code.size()) - out_.begin;
    // Both sides of && must hold, so each side's need is a need of the whole: take the narrower. Of || either
    // may hold, so the whole needs something only if both sides do.
    std::uint64_t needs = 0;
    if (is_and) {
      const bool left_narrower =
          right.needs == 0 || (left.needs != 0 && std::popcount(left.needs) <= std::popcount(right.needs));
      needs = left_narrower ? left.needs : right.needs;
    } else if (left.needs != 0 && right.needs != 0) {
      needs = left.needs | right.needs;
    }
    return {value_type::boolean, {}, needs};
  }

  /// A comparison of hits() with a number that is false at zero hits: its category, as a bit.
  std::uint64_t needs_of(std::uint32_t l, std::uint32_t r, relation rel) const {
    const auto is_hits = [&](std::uint32_t n) {
      return node(n).kind == node_kind::call && node(n).text == "hits";
    };
    const bool straight = is_hits(l) && node(r).kind == node_kind::literal;
    const bool turned = is_hits(r) && node(l).kind == node_kind::literal;
    if (!straight && !turned) return 0;
    const auto order = straight ? std::int64_t{0} <=> node(r).number : node(l).number <=> std::int64_t{0};
    if (holds(rel, order)) return 0;
    const std::string& category = node(node(straight ? l : r).children[0]).text;
    const auto found = std::find(names_.categories.begin(), names_.categories.end(), category);
    return found == names_.categories.end() ? 0 : std::uint64_t{1} << (found - names_.categories.begin());
  }

  /// A side of a comparison whose other side is a field with words: the word's number, if it is one.
  bool emit_word(std::uint32_t n, std::span<const std::string_view> words) {
    const expression_node& it = node(n);
    const auto found = std::find(words.begin(), words.end(), it.text);
    if (it.kind == node_kind::name && find_field(it.text) == nullptr && !find_let(it.text) &&
        found != words.end()) {
      report(it.offset, fmt::format("a word stands in quotes; did you mean \"{}\"?", it.text));
    } else if (it.kind != node_kind::literal || it.type != value_type::text) {
      return false;
    } else if (found == words.end()) {
      report(it.offset, fmt::format("unknown word \"{}\"{}", it.text, suggestion(it.text, words)));
    }
    code(opcode::constant, number_constant(found - words.begin()), 1);
    return true;
  }

  std::span<const std::string_view> words_of(std::uint32_t n) const {
    if (node(n).kind != node_kind::name) return {};
    if (const auto i = find_let(node(n).text)) return states_[*i].what.words;
    const field_info* f = find_field(node(n).text);
    return f != nullptr ? f->words : std::span<const std::string_view>{};
  }

  part comparison(std::uint32_t n) {
    const std::uint32_t l = node(n).children[0], r = node(n).children[1];
    const relation rel = node(n).relation;
    const auto left_words = words_of(l), right_words = words_of(r);
    const part word{value_type::enumeration, {}, 0};
    const part left = !right_words.empty() && emit_word(l, right_words) ? word : emit(l);
    const part right = !left_words.empty() && emit_word(r, left_words) ? word : emit(r);
    const bool texts = left.type == value_type::text && right.type == value_type::text;
    code(texts ? opcode::compare_text : opcode::compare, 0, -1, static_cast<std::uint8_t>(rel));
    const part out{value_type::boolean, {}, needs_of(l, r, rel)};
    if (!left.type || !right.type) return out;
    if (*left.type != *right.type) {
      mismatch(l, r, *left.type, *right.type);
    } else if (!left.words.empty() && !right.words.empty() && left.words.data() != right.words.data()) {
      report(node(r).offset, "these two fields have different words and cannot be compared");
    } else if (
        (*left.type == value_type::boolean || *left.type == value_type::enumeration) &&
        rel != relation::equal && rel != relation::not_equal) {
      report(
          node(n).offset, fmt::format("{} has no order: only == and != compare it", described(*left.type)));
    }
    return out;
  }

  void mismatch(std::uint32_t l, std::uint32_t r, value_type left, value_type right) {
    // The literal is what the writer can change.
    const bool blame_left = node(l).kind == node_kind::literal && node(r).kind != node_kind::literal;
    const std::uint32_t blamed = blame_left ? l : r;
    const value_type wanted = blame_left ? right : left, got = blame_left ? left : right;
    const std::string hint = node(blamed).kind == node_kind::literal && wanted != value_type::enumeration
                                 ? fmt::format(": {}", numbers_hint(wanted))
                                 : std::string{};
    report(
        node(blamed).offset,
        fmt::format("{} cannot be compared with {}{}", described(wanted), described(got), hint));
  }

  part membership(std::uint32_t n) {
    const auto& children = node(n).children;
    const part left = emit(children[0]);
    const bool texts = left.type == value_type::text;
    const auto first = static_cast<std::uint32_t>(texts ? pool_.texts.size() : pool_.numbers.size());
    for (std::size_t i = 1; i < children.size(); ++i) {
      const expression_node& item = node(children[i]);
      if (texts) pool_.texts.push_back(item.text);
      std::int64_t number = item.number;
      if (left.type == value_type::enumeration && item.type == value_type::text) {
        const auto found = std::find(left.words.begin(), left.words.end(), item.text);
        if (found == left.words.end()) {
          report(
              item.offset,
              fmt::format("unknown word \"{}\"{}", item.text, suggestion(item.text, left.words)));
        }
        number = found - left.words.begin();
      } else if (left.type && item.type != *left.type) {
        report(
            item.offset, fmt::format(
                             "{} in a list that is compared with {}: {}", described(item.type),
                             described(*left.type), numbers_hint(*left.type)));
      }
      if (!texts) pool_.numbers.push_back(number);
    }
    code(
        texts ? opcode::in_texts : opcode::in_numbers, first, 0, 0,
        static_cast<std::uint16_t>(children.size() - 1));
    return {value_type::boolean, {}, 0};
  }

  std::span<const let_source> lets_;
  const naming& names_;
  code_pool& pool_;
  std::vector<compile_problem>& problems_;
  std::vector<let_state> states_;
  program out_;
  const expression* source_ = nullptr;
  int current_ = -1;
  int stack_ = 0;
};

}  // namespace

program compile(
    const expression& when, std::span<const let_source> lets, const naming& names, code_pool& pool,
    std::vector<compile_problem>& problems) {
  return compiler(lets, names, pool, problems).run(when);
}

}  // namespace zhili::policy
