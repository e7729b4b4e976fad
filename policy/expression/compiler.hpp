// SPDX-License-Identifier: Apache-2.0
// The compiler's inside, known to its source files alone.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/compile.hpp"
#include "policy/expression/known.hpp"

namespace zhili::policy {

/// What is known of a compiled part.
struct part {
  /// Nothing: it was wrong and has been reported; what leans on it stays silent. kind::any: not known before
  /// it runs.
  std::optional<kind> type;
  /// Of an enumeration.
  std::span<const std::string_view> words;
  /// Surely false unless one of these categories has hits; 0: nothing is known.
  std::uint64_t needs = 0;
  /// Of a list or map: what a loop over it meets, and how many at most.
  kind element = kind::any;
  std::uint64_t items_max = 0;

  bool known() const { return type && *type != kind::any; }
};

class compiler {
 public:
  compiler(
      std::span<const let_source> lets, const naming& names, code_pool& pool,
      std::vector<compile_problem>& problems)
      : lets_(lets), names_(names), pool_(pool), problems_(problems), known_(lets, names), states_(lets.size()) {}

  program run(const expression& when);

 private:
  enum class let_progress : std::uint8_t { untouched, open, done };
  struct let_state {
    let_progress progress = let_progress::untouched;
    part what;
    /// Where its code begins, and how much of the stack it takes.
    std::uint32_t begin = 0;
    int stack = 0;
  };
  /// The name that a macro gives to the item.
  struct loop_name {
    std::string_view name;
    std::uint32_t local = 0;
    part what;
  };

  // compile.cpp: lets, names, code
  bool typed() const { return names_.workflow != nullptr; }
  void enter(int which, const expression& e);
  const expression_node& node(std::uint32_t n) const { return source_->nodes[n]; }
  void report(std::size_t offset, bilingual message);
  void check_name(std::size_t i);
  void define(std::size_t i);
  void define_others(std::size_t i, const expression& value);
  void check_unasked();
  std::optional<std::size_t> find_let(std::string_view name) const;
  const loop_name* find_loop(std::string_view name) const;
  const field_info* find_field(std::string_view name) const;
  std::string stage_names(std::uint32_t mask) const;
  const field_info* field(const expression_node& n);
  bilingual field_suggestion(std::string_view name);
  std::size_t code(
      opcode op, std::uint32_t operand, int growth, std::uint8_t aux = 0, std::uint16_t count = 0);
  std::uint32_t here() const { return static_cast<std::uint32_t>(pool_.code.size()) - out_.begin; }
  void land(std::size_t jump) { pool_.code[jump].operand = here(); }
  std::uint32_t constant(const value& v);
  value kept(const literal& l);
  part raise(std::string_view message);
  void spend(std::uint64_t steps);
  part emit(std::uint32_t n);
  part name(const expression_node& n);
  part variable(const expression_node& n);
  part boxed(part p, std::uint16_t below = 0);

  // compile_conditions.cpp
  void not_a_condition(std::uint32_t n, kind type, const bilingual_view& rule);
  void must_be_condition(std::uint32_t n, const part& p, const bilingual_view& rule);
  part negation(std::uint32_t n);
  part junction(std::uint32_t n);
  part conditional(std::uint32_t n);
  std::uint64_t needs_of(std::uint32_t l, std::uint32_t r, relation rel) const;
  bool emit_word(std::uint32_t n, std::span<const std::string_view> words);
  std::span<const std::string_view> words_of(std::uint32_t n) const;
  part comparison(std::uint32_t n);
  void check_comparison(std::uint32_t n, const part& left, const part& right);
  void mismatch(std::uint32_t l, std::uint32_t r, kind left, kind right);
  part membership(std::uint32_t n);
  bool literal_list(std::uint32_t n) const;
  bool bare_words(std::uint32_t n, const part& left);
  part among_literals(std::uint32_t n, const part& left);
  void check_item(const expression_node& item, const part& left);

  // compile_calls.cpp; compile_named.cpp: named, hits, score
  part presence(std::uint32_t n);
  std::uint32_t named(
      const expression_node& n, std::span<const std::string_view> known, const bilingual_view& what);
  part hits(const expression_node& n);
  part score(const expression_node& n);
  part call(std::uint32_t n);
  std::optional<macro> macro_of(const expression_node& n) const;
  part loop(std::uint32_t n, macro m);
  part misshapen_loop(const expression_node& n);
  part pattern_call(const expression_node& n);
  std::optional<part> short_call(const expression_node& n);
  bool known_function(const expression_node& n);
  void check_call(const expression_node& n, std::span<const part> arguments, const overload*& chosen);
  part constant_list(std::uint32_t n);
  part list(std::uint32_t n);
  part map(std::uint32_t n);
  part index(std::uint32_t n);
  part select(std::uint32_t n);
  std::optional<std::string> dotted(std::uint32_t n) const;
  part minus(std::uint32_t n);
  part calculation(std::uint32_t n);
  kind calculated(arithmetic op, kind left, kind right) const;

  std::span<const let_source> lets_;
  const naming& names_;
  code_pool& pool_;
  std::vector<compile_problem>& problems_;
  known_parts known_;
  std::vector<let_state> states_;
  std::vector<loop_name> loops_;
  /// Loops of the parts so far, at their deepest: the next part's have locals of their own.
  std::size_t loops_before_ = 0;
  std::size_t loops_most_ = 0;
  program out_;
  const expression* source_ = nullptr;
  int current_ = -1;
  int stack_ = 0;
  /// The highest since the part began.
  int stack_top_ = 0;
  bool stack_reported_ = false;
  std::size_t suggested_ = 0;
  std::uint64_t cost_ = 0;
};

bilingual_view numbers_hint(kind wanted);

}  // namespace zhili::policy
