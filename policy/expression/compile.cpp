// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/compile.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "policy/expression/compiler.hpp"
#include "policy/lost_names.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {

namespace {
// Of Chinese, in bytes.
constexpr std::size_t two_characters = 6;
}  // namespace

bilingual_view numbers_hint(kind wanted) {
  switch (wanted) {
    case kind::money: return {"请写金额，如 10元、9.9元", "write an amount such as 10元 or 9.9元"};
    case kind::span:
    case kind::span_ms: return {"请写时长，如 30m、24h、7d", "write a span such as 30m, 24h or 7d"};
    case kind::date: return {"请写日期，如 2021-07-18", "write a date such as 2021-07-18"};
    case kind::boolean: return {"请写 true（是）或 false（否）", "write true or false"};
    case kind::text: return {"请写文字，放在引号里", "write a text in quotes"};
    default: return {"请写数", "write a number"};
  }
}

program compiler::run(const expression& when) {
  out_.begin = static_cast<std::uint32_t>(pool_.code.size());
  for (std::size_t i = 0; i < lets_.size(); ++i) check_name(i);
  const std::vector<bool> asked = known_.asked(when);
  const std::size_t to_condition = code(opcode::jump, 0, 0);
  for (std::size_t i = 0; i < lets_.size(); ++i) {
    if (asked[i]) define(i);
  }
  if (names_.given == 0) check_unasked();
  land(to_condition);
  enter(-1, when);
  const part root = boxed(emit(when.root));
  if (root.type) out_.gives = *root.type;
  if (typed() && !names_.any_outcome && root.known() && *root.type != kind::boolean)
    not_a_condition(when.root, *root.type, {"而条件应当是“是”或“否”", "a condition is true or false"});
  out_.needs = root.needs;
  out_.length = here();
  const std::size_t offset = when.nodes[when.root].offset;
  if (out_.length > program_length_max)
    report(offset, {"这个条件太长：拆成两条规则", "this condition is too long: make two rules"});
  if (typed() && cost_ > program_cost_max) {
    report(
        offset, tell(
                    "这个条件最多要算 {} 步，一条规则只许 {} 步：缩短列表，或只循环一次",
                    "this condition may take {} steps, more than the {} that a rule is allowed: shorten the "
                    "lists or loop over them once",
                    cost_, program_cost_max));
  }
  return out_;
}

void compiler::enter(int which, const expression& e) {
  current_ = which;
  source_ = &e;
}

void compiler::report(std::size_t offset, bilingual message) {
  problems_.push_back({current_, {offset, std::move(message)}});
}

void compiler::check_name(std::size_t i) {
  current_ = static_cast<int>(i);
  const std::string_view name = lets_[i].name;
  if (find_field(name) != nullptr)
    report(0, tell("已经有一个事实叫 '{}'：换个名字", "'{}' is a field already: choose another name", name));
  if (name == "text")
    report(0, {"'text' 是内容的正文：换个名字", "'text' is the submission's text: choose another name"});
  if (i >= program_lets_max)
    report(0, tell("'let' 下面超过 {} 个", "more than {} parts under 'let'", program_lets_max));
}

/// Lets that nothing asks for are checked and thrown away, with all that only they read.
void compiler::check_unasked() {
  const program before = out_;
  const std::uint64_t cost = cost_;
  const std::size_t code_before = pool_.code.size();
  for (std::size_t i = 0; i < lets_.size(); ++i) define(i);
  out_ = before;
  cost_ = cost;
  pool_.code.resize(code_before);
}

// Depth first: a let that leans on others is emitted after them.
void compiler::define(std::size_t i) {
  let_state& state = states_[i];
  if (state.progress == let_progress::done) return;
  state.progress = let_progress::open;
  const expression& value = *lets_[i].value;
  if (!value.nodes.empty()) {
    define_others(i, value);
    enter(static_cast<int>(i), value);
    state.begin = here();
    stack_top_ = stack_;
    state.what = emit(value.root);
    code(opcode::answer, static_cast<std::uint32_t>(std::min(i, program_lets_max - 1)), -1);
    state.stack = stack_top_ - stack_;
    loops_before_ = loops_most_;
  }
  state.progress = let_progress::done;
}

void compiler::define_others(std::size_t i, const expression& value) {
  for (const expression_node& n : value.nodes) {
    const auto other = n.kind == node_kind::name ? find_let(n.text) : std::nullopt;
    if (!other) continue;
    if (states_[*other].progress == let_progress::open) {
      current_ = static_cast<int>(i);
      report(
          n.offset, tell(
                        "'{0}' 要用到 '{1}'，'{1}' 又要用到它：不能绕圈",
                        "'{0}' leans on '{1}', which leans on it: no circles", lets_[i].name, n.text));
      continue;
    }
    define(*other);
  }
}

// ---- names
// --------------------------------------------------------------------------------------------------

std::optional<std::size_t> compiler::find_let(std::string_view name) const {
  for (std::size_t i = 0; i < lets_.size(); ++i) {
    if (lets_[i].name == name) return i;
  }
  return std::nullopt;
}

const compiler::loop_name* compiler::find_loop(std::string_view name) const {
  for (std::size_t i = loops_.size(); i > 0; --i) {
    if (loops_[i - 1].name == name) return &loops_[i - 1];
  }
  return nullptr;
}

const field_info* compiler::find_field(std::string_view name) const {
  if (!typed()) return nullptr;
  for (const field_info& f : names_.workflow->fields) {
    if (f.name == name) return &f;
  }
  return nullptr;
}

std::string compiler::stage_names(std::uint32_t mask) const {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < names_.workflow->stages.size(); ++i) {
    if (mask >> i & 1) out.push_back(names_.workflow->stages[i].name);
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

const field_info* compiler::field(const expression_node& n) {
  const field_info* f = find_field(n.text);
  if (f == nullptr) {
    if (names_.lost != nullptr && names_.lost->hold(n.text)) return nullptr;
    report(n.offset, tell("没有 '{}' 这个事实{}", "unknown field '{}'{}", n.text, field_suggestion(n.text)));
    return nullptr;
  }
  if (const std::uint32_t lacking = names_.stages & ~f->stages; lacking != 0) {
    report(
        n.offset, tell(
                      "环节 {1} 没有事实 '{0}'，只有 {2} 才有：改 'match'，或换一个事实",
                      "field '{0}' is not known at {1}; it is at {2}", n.text, stage_names(lacking),
                      stage_names(f->stages)));
    return nullptr;
  }
  if (out_.first_slot == 0xffff) out_.first_slot = f->slot;
  out_.slots |= std::uint64_t{1} << f->slot;
  return f;
}

bilingual compiler::field_suggestion(std::string_view name) {
  if (++suggested_ > names_.suggestions_max) return {};
  std::vector<std::string_view> known;
  for (const field_info& f : names_.workflow->fields) {
    if (f.zh == name)
      return tell("；你是不是想写 '{0}'（{1}）？", "; did you mean '{0}' ({1})?", f.name, f.zh);
    if ((names_.stages & ~f.stages) == 0) known.push_back(f.name);
  }
  if (std::find(names_.categories.begin(), names_.categories.end(), name) != names_.categories.end()) {
    return tell("；它是词表，要写成 hits({0}) > 0", "; a lexicon's hits are counted by hits({0})", name);
  }
  for (const let_source& l : lets_) known.push_back(l.name);
  known.insert(known.end(), names_.shared_parts.begin(), names_.shared_parts.end());
  if (names_.has_text) known.push_back("text");
  if (!nearest(name, known).empty()) return suggestion(name, known);
  for (const field_info& f : names_.workflow->fields) {
    if (name.size() >= two_characters && f.zh.find(name) != std::string_view::npos &&
        (names_.stages & ~f.stages) == 0)
      return tell("；你是不是想写 '{0}'（{1}）？", "; did you mean '{0}' ({1})?", f.name, f.zh);
  }
  bilingual out = suggestion(name, known);
  out.zh = fmt::format(
      "；有哪些事实，用 'zhili policy facts --kind {}' 查看",
      stage_names(names_.stages & (~names_.stages + 1)));
  const bool chinese = std::any_of(name.begin(), name.end(), [](char c) { return (c & 0x80) != 0; });
  if (!chinese) return out;
  return tell("；如果它是文字，要放在引号里：\"{0}\"{1}", "; a text stands in quotes: \"{0}\"{1}", name, out);
}

// ---- code
// ---------------------------------------------------------------------------------------------------

/// `growth`: by how much the stack changes.
std::size_t compiler::code(
    opcode op, std::uint32_t operand, int growth, std::uint8_t aux, std::uint16_t count) {
  pool_.code.push_back({op, aux, count, operand});
  stack_ += growth;
  stack_top_ = std::max(stack_top_, stack_);
  if (stack_top_ >= static_cast<int>(program_stack_max) && !stack_reported_) {
    report(
        0, {"一句里的值太多：把一些写到 'let' 下面，起个名字",
            "too many values at once: name parts of it under 'let'"});
    stack_reported_ = true;
  }
  spend(1);
  return pool_.code.size() - 1;
}

void compiler::spend(std::uint64_t steps) {
  // Saturated: a hundred levels of loops would run over.
  cost_ = std::min<std::uint64_t>(cost_ + steps, std::uint64_t{1} << 50);
}

std::uint32_t compiler::constant(const value& v) {
  pool_.constants.push_back(v);
  return static_cast<std::uint32_t>(pool_.constants.size() - 1);
}

// The literal with its text in the pool. A span is written in ms and kept so.
value compiler::kept(const literal& l) {
  if (l.kind() != kind::text && l.kind() != kind::bytes) return l.scalar;
  return text_value(pool_.memory.keep(l.text), l.kind());
}

/// Code that ends in an error when it runs.
part compiler::raise(std::string_view message) {
  code(opcode::constant, constant(text_value(pool_.memory.keep(message), kind::error)), 1);
  return {kind::any, {}, 0, kind::any, 0};
}

/// What functions and lists take: facts' spans and words as spans and texts. `below` the top of the stack.
part compiler::boxed(part p, std::uint16_t below) {
  if (p.type == kind::span_ms) {
    code(opcode::box_span, 0, 0, 0, below);
    p.type = kind::span;
  } else if (p.type == kind::word) {
    const auto first = static_cast<std::uint32_t>(pool_.words.size());
    pool_.words.insert(pool_.words.end(), p.words.begin(), p.words.end());
    code(opcode::box_word, first, 0, 0, below);
    p.type = kind::text;
    p.words = {};
  }
  return p;
}

part compiler::emit(std::uint32_t n) {
  if (const auto known = known_.value(*source_, n)) {
    code(opcode::constant, constant(bool_value(*known)), 1);
    return {kind::boolean, {}, 0, kind::any, 0};
  }
  switch (node(n).kind) {
    case node_kind::literal:
      code(opcode::constant, constant(kept(node(n).literal)), 1);
      return {node(n).literal.kind(), {}, 0, kind::any, 0};
    case node_kind::name: return name(node(n));
    case node_kind::call: return call(n);
    case node_kind::select: return select(n);
    case node_kind::presence: return presence(n);
    case node_kind::index: return index(n);
    case node_kind::list: return list(n);
    case node_kind::map: return map(n);
    case node_kind::conditional: return conditional(n);
    case node_kind::negation: return negation(n);
    case node_kind::minus: return minus(n);
    case node_kind::calculation: return calculation(n);
    case node_kind::comparison: return comparison(n);
    case node_kind::in: return membership(n);
    case node_kind::conjunction:
    case node_kind::disjunction: return junction(n);
  }
  return {};
}

part compiler::name(const expression_node& n) {
  if (const loop_name* loop = find_loop(n.text)) {
    code(opcode::load, loop->local, 1);
    return loop->what;
  }
  if (const auto i = find_let(n.text)) {
    stack_top_ = std::max(stack_top_, stack_ + states_[*i].stack);
    code(opcode::ask, states_[*i].begin, 1, 0, static_cast<std::uint16_t>(std::min(*i, program_lets_max - 1)));
    return states_[*i].what;
  }
  if (!typed()) return variable(n);
  if (n.text == "text" && find_field("text") == nullptr) {
    if (!names_.has_text) {
      report(
          n.offset, tell(
                        "'text' 是内容的正文，环节 {} 没有正文",
                        "'text' is the submission's text; {} has none", stage_names(names_.stages)));
    }
    out_.reads_text = true;
    code(opcode::submission, 0, 1);
    return {kind::text, {}, 0, kind::any, 0};
  }
  const field_info* f = field(n);
  const kind k = f != nullptr ? kind_of(f->type) : kind::integer;
  code(
      k == kind::text ? opcode::slot_text : opcode::slot_number, f != nullptr ? f->slot : 0u, 1,
      static_cast<std::uint8_t>(k));
  return f != nullptr ? part{k, f->words, 0, kind::any, 0} : part{};
}

part compiler::variable(const expression_node& n) {
  const auto found = std::find(names_.variables.begin(), names_.variables.end(), n.text);
  if (found != names_.variables.end()) {
    code(opcode::variable, static_cast<std::uint32_t>(found - names_.variables.begin()), 1);
    return {kind::any, {}, 0, kind::any, 0};
  }
  if (const auto k = type_named(n.text); k && n.text.find('.') == std::string::npos) {
    code(opcode::constant, constant(number_value(kind::type, static_cast<std::int64_t>(*k))), 1);
    return {kind::type, {}, 0, kind::any, 0};
  }
  return raise(fmt::format("no such fact: '{}'", n.text));
}

program compile(
    const expression& when, std::span<const let_source> lets, const naming& names, code_pool& pool,
    std::vector<compile_problem>& problems) {
  return compiler(lets, names, pool, problems).run(when);
}

}  // namespace zhili::policy
