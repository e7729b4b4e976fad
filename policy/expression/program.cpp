// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/program.hpp"

#include "policy/expression/error_words.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view missing = missing_fact;
constexpr std::string_view too_many_steps = "the evaluation takes too many steps";

// Positions of a loop's locals.
enum : std::size_t { range = 0, gathered = 1, item = 2, position = 3 };

bool as_bool(value& v) {
  if (v.is(kind::boolean)) return true;
  if (!v.is(kind::error)) v = error_value(no_overload);
  return false;
}

value joined_and(const value& a, const value& b) {
  if (a.is_false() || b.is_false()) return bool_value(false);
  if (a.is_true() && b.is_true()) return bool_value(true);
  return a.is(kind::error) ? a : b.is(kind::error) ? b : error_value(no_overload);
}

value joined_or(const value& a, const value& b) {
  if (a.is_true() || b.is_true()) return bool_value(true);
  if (a.is_false() && b.is_false()) return bool_value(false);
  return a.is(kind::error) ? a : b.is(kind::error) ? b : error_value(no_overload);
}

value compared_texts(relation r, const value& a, const value& b) {
  if (a.is(kind::error)) return a;
  if (b.is(kind::error)) return b;
  return bool_value(holds(r, a.text() <=> b.text()));
}

void begin_loop(macro m, const value& over, value* locals, workspace& w) {
  locals[range] = over;
  locals[position] = int_value(0);
  locals[gathered] = bool_value(m == macro::all);
  if (m == macro::exists_one) locals[gathered] = int_value(0);
  if (!over.is(kind::list) && !over.is(kind::map)) {
    locals[gathered] = over.is(kind::error) ? over : error_value(no_overload);
    locals[range] = list_value({});
    return;
  }
  if (m != macro::map && m != macro::filter) return;
  value* const to = w.memory.take_array<value>(over.length);
  if (to == nullptr) {
    locals[gathered] = error_value(too_large);
    locals[range].length = 0;
    return;
  }
  locals[gathered] = list_value({to, 0});
}

/// False after the last.
bool next_item(value* locals, workspace& w) {
  const value& over = locals[range];
  const std::uint64_t n = locals[position].whole++;
  if (n >= over.length) return false;
  if (--w.steps < 0) {
    locals[gathered] = error_value(too_many_steps);
    return false;
  }
  locals[item] = over.is(kind::map) ? over.entries[n].key : over.items[n];
  return true;
}

void stop_loop(value* locals) {
  locals[position].whole = locals[range].length;
}

/// Is the item let through?
bool gate(value condition, value* locals) {
  if (as_bool(condition)) return condition.number != 0;
  locals[gathered] = condition;
  stop_loop(locals);
  return false;
}

void append(value* locals, const value& v) {
  value& out = locals[gathered];
  const_cast<value*>(out.items)[out.length++] = v;
}

void step_loop(macro m, value v, value* locals) {
  value& out = locals[gathered];
  switch (m) {
    case macro::all:
      out = joined_and(out, v);
      if (out.is_false()) stop_loop(locals);
      return;
    case macro::exists:
      out = joined_or(out, v);
      if (out.is_true()) stop_loop(locals);
      return;
    case macro::exists_one:
      if (gate(v, locals)) ++out.number;
      return;
    case macro::filter:
      if (gate(v, locals)) append(locals, locals[item]);
      return;
    case macro::map:
      if (!v.is(kind::error)) return append(locals, v);
      out = v;
      stop_loop(locals);
      return;
  }
}

// Left as raw memory: a condition touches a few of them.
template <std::size_t Count>
struct raw_values {
  alignas(value) unsigned char bytes[Count * sizeof(value)];
  value* data() { return reinterpret_cast<value*>(bytes); }
};

}  // namespace

value evaluate(const program& p, const code_pool& pool, const inputs& in, workspace& w) {
  raw_values<program_stack_max> stack_memory;
  raw_values<program_locals_max> local_memory;
  value* const locals = local_memory.data();
  // Points at the top; the compiler has proved that no program leaves the stack. The first place stays
  // unused.
  value* top = stack_memory.data();
  // Parts under `let` that have been run, and where those that are running were asked for: none asks for itself.
  static_assert(program_lets_max <= 32);
  std::uint32_t answered = 0;
  std::uint32_t returns[program_lets_max];
  std::size_t open = 0;
  const instruction* const code = pool.code.data() + p.begin;
  for (std::uint32_t at = 0; at < p.length; ++at) {
    const instruction& i = code[at];
    const auto slot = static_cast<std::uint16_t>(i.operand);
    switch (i.op) {
      case opcode::constant: *++top = pool.constants[i.operand]; break;
      case opcode::slot_number:
        *++top = in.facts.has(slot) ? number_value(static_cast<kind>(i.aux), in.facts.number(slot))
                                    : error_value(missing);
        break;
      case opcode::slot_text:
        *++top = in.facts.has(slot) ? text_value(in.facts.text(slot)) : error_value(missing);
        break;
      case opcode::submission: *++top = text_value(in.text); break;
      case opcode::variable: *++top = in.variables[i.operand]; break;
      case opcode::hits: *++top = int_value(in.hits[i.operand]); break;
      case opcode::score:
        *++top = in.scores == nullptr ? error_value("there is no text to score") : int_value(in.scores->score(i.operand));
        break;
      case opcode::has: *++top = bool_value(in.facts.has(slot)); break;
      case opcode::load: *++top = locals[i.operand]; break;
      case opcode::ask:
        if ((answered >> i.count & 1) != 0) {
          *++top = locals[i.count];
        } else {
          returns[open++] = at;
          at = i.operand - 1;
        }
        break;
      case opcode::answer:
        locals[i.operand] = *top;
        answered |= std::uint32_t{1} << i.operand;
        at = returns[--open];
        break;
      case opcode::compare: {
        const value right = *top--;
        if (top->is(kind::error)) break;
        *top = right.is(kind::error)
                   ? right
                   : bool_value(holds(static_cast<relation>(i.aux), top->number <=> right.number));
        break;
      }
      case opcode::compare_text: {
        const value right = *top--;
        *top = compared_texts(static_cast<relation>(i.aux), *top, right);
        break;
      }
      case opcode::compare_any: {
        const value right = *top--;
        *top = compare_values(static_cast<relation>(i.aux), *top, right, w);
        break;
      }
      case opcode::in_numbers: {
        if (top->is(kind::error)) break;
        bool found = false;
        for (std::uint32_t n = 0; n < i.count; ++n)
          found |= pool.constants[i.operand + n].number == top->number;
        *top = bool_value(found);
        break;
      }
      case opcode::in_texts: {
        if (top->is(kind::error)) break;
        bool found = false;
        for (std::uint32_t n = 0; n < i.count && !found; ++n)
          found = pool.constants[i.operand + n].text() == top->text();
        *top = bool_value(found);
        break;
      }
      case opcode::in_any: {
        const value right = *top--;
        *top = is_in(*top, right, w);
        break;
      }
      case opcode::negate:
        if (as_bool(*top)) top->number = top->number == 0;
        break;
      case opcode::minus: *top = negative(*top); break;
      case opcode::calculate: {
        const value right = *top--;
        *top = calculate(static_cast<arithmetic>(i.aux), *top, right, w);
        break;
      }
      case opcode::call:
        top -= i.count - 1;
        *top = call_function(static_cast<function>(i.aux), {top, i.count}, w);
        break;
      case opcode::match:
        if (top->is(kind::text))
          *top = bool_value(pool.patterns[i.operand]->in(top->text()));
        else if (!top->is(kind::error))
          *top = error_value(no_overload);
        break;
      case opcode::list:
        top -= static_cast<int>(i.count) - 1;
        *top = make_list({top, i.count}, w);
        break;
      case opcode::map:
        top -= static_cast<int>(i.count) - 1;
        *top = make_map({top, i.count}, w);
        break;
      case opcode::index: {
        const value right = *top--;
        *top = item_at(*top, right, w);
        break;
      }
      case opcode::member: *top = member_of(*top, pool.constants[i.operand].text(), w); break;
      case opcode::has_member: *top = has_member(*top, pool.constants[i.operand].text()); break;
      case opcode::box_span:
        if (value& v = top[-i.count]; !v.is(kind::error)) v = span_value(v.number);
        break;
      case opcode::box_word:
        if (value& v = top[-i.count]; !v.is(kind::error))
          v = text_value(pool.words[i.operand + static_cast<std::size_t>(v.number)]);
        break;
      case opcode::skip_if_false:
        if (top->is_false()) at = i.operand - 1;
        break;
      case opcode::skip_if_true:
        if (top->is_true()) at = i.operand - 1;
        break;
      case opcode::both: {
        const value right = *top--;
        *top = joined_and(*top, right);
        break;
      }
      case opcode::either: {
        const value right = *top--;
        *top = joined_or(*top, right);
        break;
      }
      case opcode::branch:
        if (!as_bool(*top)) {
          at = i.operand - 2;
        } else if ((top--)->number == 0) {
          at = i.operand - 1;
        }
        break;
      case opcode::jump: at = i.operand - 1; break;
      case opcode::loop_begin: begin_loop(static_cast<macro>(i.aux), *top--, locals + i.count, w); break;
      case opcode::loop_next:
        if (!next_item(locals + i.count, w)) at = i.operand - 1;
        break;
      case opcode::loop_gate:
        if (!gate(*top--, locals + i.count)) at = i.operand - 1;
        break;
      case opcode::loop_step:
        step_loop(static_cast<macro>(i.aux), *top--, locals + i.count);
        at = i.operand - 1;
        break;
      case opcode::loop_end: {
        const value& out = locals[i.count + gathered];
        *++top = static_cast<macro>(i.aux) == macro::exists_one && out.is(kind::integer)
                     ? bool_value(out.number == 1)
                     : out;
        break;
      }
    }
  }
  return *top;
}

outcome run(const program& p, const code_pool& pool, const inputs& in, workspace& w) {
  const value v = evaluate(p, pool, in, w);
  if (!v.is(kind::boolean)) return outcome::error;
  return v.number != 0 ? outcome::yes : outcome::no;
}

}  // namespace zhili::policy
