// SPDX-License-Identifier: Apache-2.0
// Conditions as flat bytecode on a small stack. Every value is a number and a mark "error", so that a missing
// fact travels through && and || as CEL wants it. Running allocates nothing and is bounded by the program's
// length.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "policy/expression/parse.hpp"
#include "policy/slots.hpp"

namespace zhili::policy {

inline constexpr std::size_t program_length_max = 1024;
/// A level of nesting holds at most three unfinished operands: of ||, && and a comparison.
inline constexpr std::size_t program_stack_max = 3 * expression_depth_max + 4;
inline constexpr std::size_t program_locals_max = 16;
/// Lexicon categories of a pack: their hits are bits of one word.
inline constexpr std::size_t categories_max = 64;

enum class opcode : std::uint8_t {
  /// Push numbers[operand].
  constant,
  /// Push the slot's number; error where it is not set.
  slot_number,
  /// Push a text: texts[operand], or the slot's; error where it is not set.
  constant_text,
  slot_text,
  /// Push hits of category `operand`.
  hits,
  /// Push whether the slot is set.
  has,
  /// Push local `operand`; pop into it.
  load,
  store,
  /// Pop two, push whether left `aux` (a relation) right.
  compare,
  compare_text,
  /// Replace the top by whether it is among `count` numbers (texts) from `operand`.
  in_numbers,
  in_texts,
  negate,
  /// Jump to `operand` where the top is false (true) and no error: the other side cannot change it.
  skip_if_false,
  skip_if_true,
  /// Pop two, push && (||) of them.
  both,
  either,
};

struct instruction {
  opcode op = opcode::constant;
  std::uint8_t aux = 0;
  std::uint16_t count = 0;
  std::uint32_t operand = 0;
};

/// The code of all conditions of a pack, and their constants.
struct code_pool {
  std::vector<instruction> code;
  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;
};

/// A condition within a pool.
struct program {
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  /// Not 0: the condition is surely false unless one of these categories has hits.
  std::uint64_t needs = 0;
  /// Categories whose hits it counts.
  std::uint64_t categories = 0;
  /// Slots that it reads.
  std::uint64_t slots = 0;
  /// The slot that it reads first, 0xffff: none.
  std::uint16_t first_slot = 0xffff;
};

enum class outcome : std::uint8_t { no, yes, error };

/// `hits`: one count a category.
outcome run(const program& p, const code_pool& pool, const slots& facts, const std::uint32_t* hits);

}  // namespace zhili::policy
