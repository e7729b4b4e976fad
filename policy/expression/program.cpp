// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/program.hpp"

namespace zhili::policy {
namespace {

// A text on the stack is where it lies: a constant, or (from `text_of_slot` on) a slot.
constexpr std::int64_t text_of_slot = std::int64_t{1} << 32;

struct value {
  std::int64_t number;
  bool error;
};

std::string_view text_at(std::int64_t where, const code_pool& pool, const slots& facts) {
  if (where >= text_of_slot) return facts.text(static_cast<std::uint16_t>(where - text_of_slot));
  return pool.texts[static_cast<std::size_t>(where)];
}

bool is_false(value v) {
  return !v.error && v.number == 0;
}
bool is_true(value v) {
  return !v.error && v.number != 0;
}

}  // namespace

outcome run(const program& p, const code_pool& pool, const slots& facts, const std::uint32_t* hits) {
  value stack[program_stack_max];
  value locals[program_locals_max];
  // Points at the top; the compiler has proved that no program leaves the stack.
  value* top = stack - 1;
  const instruction* const code = pool.code.data() + p.begin;
  for (std::uint32_t at = 0; at < p.length; ++at) {
    const instruction& i = code[at];
    const auto slot = static_cast<std::uint16_t>(i.operand);
    switch (i.op) {
      case opcode::constant: *++top = {pool.numbers[i.operand], false}; break;
      case opcode::slot_number: {
        const bool set = facts.has(slot);
        *++top = {set ? facts.number(slot) : 0, !set};
        break;
      }
      case opcode::constant_text: *++top = {i.operand, false}; break;
      case opcode::slot_text: *++top = {text_of_slot + slot, !facts.has(slot)}; break;
      case opcode::hits: *++top = {hits[i.operand], false}; break;
      case opcode::has: *++top = {facts.has(slot), false}; break;
      case opcode::load: *++top = locals[i.operand]; break;
      case opcode::store: locals[i.operand] = *top--; break;
      case opcode::compare: {
        const value right = *top--;
        *top = {holds(static_cast<relation>(i.aux), top->number <=> right.number), top->error || right.error};
        break;
      }
      case opcode::compare_text: {
        const value right = *top--;
        const bool error = top->error || right.error;
        const bool yes = !error && holds(
                                       static_cast<relation>(i.aux), text_at(top->number, pool, facts) <=>
                                                                         text_at(right.number, pool, facts));
        *top = {yes, error};
        break;
      }
      case opcode::in_numbers: {
        bool found = false;
        for (std::uint32_t n = 0; n < i.count; ++n) found |= pool.numbers[i.operand + n] == top->number;
        top->number = found;
        break;
      }
      case opcode::in_texts: {
        bool found = false;
        for (std::uint32_t n = 0; n < i.count && !top->error && !found; ++n) {
          found = pool.texts[i.operand + n] == text_at(top->number, pool, facts);
        }
        top->number = found;
        break;
      }
      case opcode::negate: top->number = top->number == 0; break;
      case opcode::skip_if_false:
        if (is_false(*top)) at = i.operand - 1;
        break;
      case opcode::skip_if_true:
        if (is_true(*top)) at = i.operand - 1;
        break;
      case opcode::both: {
        const value right = *top--;
        const bool no = is_false(*top) || is_false(right);
        *top = {!no, !no && (top->error || right.error)};
        break;
      }
      case opcode::either: {
        const value right = *top--;
        const bool yes = is_true(*top) || is_true(right);
        *top = {yes, !yes && (top->error || right.error)};
        break;
      }
    }
  }
  if (top->error) return outcome::error;
  return top->number != 0 ? outcome::yes : outcome::no;
}

}  // namespace zhili::policy
