// SPDX-License-Identifier: Apache-2.0
// Expressions as flat bytecode on a small stack of tagged values, the same for the conditions of packs, the
// cells of tables and `policy eval`. Where the checker knows the types, comparisons work on bare numbers and
// texts; all else goes through the tags. An error is a value and travels through && and || as CEL wants it.
// Running allocates nothing beyond the arena's bound and ends within the budget of steps.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "policy/expression/functions.hpp"
#include "policy/expression/parse.hpp"
#include "policy/expression/pattern.hpp"
#include "policy/scorecard.hpp"
#include "policy/slots.hpp"

namespace zhili::policy {

inline constexpr std::size_t program_length_max = 1024;
inline constexpr std::size_t program_stack_max = 512;
/// Parts under `let`.
inline constexpr std::size_t program_lets_max = 24;
/// Loops inside one another, each with four locals of its own.
inline constexpr std::size_t program_loops_max = 8;
/// Loops that may be open at once, each part under `let` within the ones that ask for it.
inline constexpr std::size_t program_open_loops_max = 64;
inline constexpr std::size_t program_locals_max = program_lets_max + 4 * program_open_loops_max;
/// What one condition may cost at the most: turns of loops times what is done in each.
inline constexpr std::uint64_t program_cost_max = 100'000;
/// Lexicon categories of a pack: their hits are bits of one word.
inline constexpr std::size_t categories_max = 64;

enum class opcode : std::uint8_t {
  /// Push constants[operand].
  constant,
  /// Push the slot's number as kind `aux`; error where it is not set.
  slot_number,
  slot_text,
  /// Push the text of the submission.
  submission,
  /// Push variable `operand`.
  variable,
  /// Push hits of category `operand`; the score of scorecard `operand`.
  hits,
  score,
  /// Push whether the slot is set.
  has,
  /// Push local `operand`.
  load,
  /// Push the part under `let` that is kept in local `count`; the first to ask runs it, from `operand` to its `answer`.
  ask,
  /// Keep the top in local `operand` and go back behind the `ask`.
  answer,
  /// Pop two bare numbers (texts; values of any kind), push whether left `aux` (a relation) right.
  compare,
  compare_text,
  compare_any,
  /// Replace the top by whether it is among `count` constants from `operand`: bare numbers, texts.
  in_numbers,
  in_texts,
  /// Pop two, push whether the left is in the right, a list or a map.
  in_any,
  negate,
  minus,
  /// Pop two, push left `aux` (an arithmetic) right.
  calculate,
  /// Replace `count` arguments by the result of function `aux`.
  call,
  /// Replace the text on top by whether patterns[operand] is in it.
  match,
  /// Replace `count` values by a list; a map, key and content in turn.
  list,
  map,
  /// Pop index and container.
  index,
  /// Replace the top by its member constants[operand]; by whether it has it.
  member,
  has_member,
  /// Turn a fact's ms (a word's number) `count` below the top into a span (the text words[operand + number]).
  box_span,
  box_word,
  /// Jump to `operand` where the top is false (true) and no error: the other side cannot change it.
  skip_if_false,
  skip_if_true,
  /// Pop two, push && (||) of them.
  both,
  either,
  /// Pop; go on where it is true, to `operand` where false; else push an error and go to the jump before
  /// `operand`.
  branch,
  jump,
  /// Pop the range of a loop with locals from `count` on: range, what has been gathered, item, position.
  /// `aux` is the macro.
  loop_begin,
  /// The next item, or jump to `operand` after the last.
  loop_next,
  /// Pop the condition of map(x, condition, part): where it is not true, back to `operand`.
  loop_gate,
  /// Pop what the body gave and gather it, then back to `operand`.
  loop_step,
  /// Push what the loop gathered.
  loop_end,
};

enum class macro : std::uint8_t { all, exists, exists_one, map, filter };

struct instruction {
  opcode op = opcode::constant;
  std::uint8_t aux = 0;
  std::uint16_t count = 0;
  std::uint32_t operand = 0;
};

/// The code of all conditions of a pack, and their constants.
struct code_pool {
  std::vector<instruction> code;
  std::vector<value> constants;
  std::vector<std::shared_ptr<const pattern>> patterns;
  /// By their text: a rule is compiled for each of its stages, and a pattern takes milliseconds.
  std::map<std::string, std::shared_ptr<const pattern>, std::less<>> known_patterns;
  /// Words of enumerations, one field's together; they live in the tables of fields.
  std::vector<std::string_view> words;
  /// Texts and lists of the constants.
  arena memory{std::size_t{256} << 20};
};

/// A condition within a pool.
struct program {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  /// Not 0: the condition is surely false unless one of these categories has hits.
  std::uint64_t needs = 0;
  /// Categories whose hits it counts.
  std::uint64_t categories = 0;
  /// Slots that it reads; slots that has() asks for.
  std::uint64_t slots = 0;
  std::uint64_t asks_for = 0;
  /// The slot that it reads first, 0xffff: none.
  std::uint16_t first_slot = 0xffff;
  /// It reads the text itself, or asks scorecards, which do.
  bool reads_text = false;
  bool scores = false;
  /// Of an expression that may have any outcome: what the checker knows of it.
  kind gives = kind::any;
};

/// What a program reads.
struct inputs {
  const slots& facts;
  /// One count a category.
  const std::uint32_t* hits = nullptr;
  std::string_view text;
  std::span<const value> variables;
  /// Null: no scorecard can be asked.
  score_sheet* scores = nullptr;
};

enum class outcome : std::uint8_t { no, yes, error };

value evaluate(const program& p, const code_pool& pool, const inputs& in, workspace& w);
/// Of a condition.
outcome run(const program& p, const code_pool& pool, const inputs& in, workspace& w);

}  // namespace zhili::policy
