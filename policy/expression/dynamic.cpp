// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/dynamic.hpp"

#include <simdjson.h>

#include "policy/expression/compile.hpp"
#include "policy/expression/error_words.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

// Copied once more, so that the outcome does not lean on the pool, which goes. Bounded by the arena.
value copied(const value& v, workspace& w) {
  if (!v.is(kind::error) && --w.steps < 0) return error_value(too_large);
  switch (v.tag) {
    case kind::error:
    case kind::text:
    case kind::bytes: return kept_text(v.text(), w, v.tag);
    case kind::list: {
      value* const to = w.memory.take_array<value>(v.length);
      if (to == nullptr) return error_value(too_large);
      for (std::uint32_t i = 0; i < v.length; ++i) {
        to[i] = copied(v.items[i], w);
        if (to[i].is(kind::error)) return to[i];
      }
      return list_value({to, v.length});
    }
    case kind::map: {
      map_entry* const to = w.memory.take_array<map_entry>(v.length);
      if (to == nullptr) return error_value(too_large);
      for (std::uint32_t i = 0; i < v.length; ++i) {
        to[i] = {copied(v.entries[i].key, w), copied(v.entries[i].content, w)};
        if (to[i].key.is(kind::error)) return to[i].key;
        if (to[i].content.is(kind::error)) return to[i].content;
      }
      return map_value({to, v.length});
    }
    case kind::span_ms: return span_value(v.number);
    default: return v;
  }
}

std::size_t column_of(std::string_view source, std::size_t offset) {
  std::size_t column = 1;
  for (std::size_t i = 0; i < offset && i < source.size(); ++i) {
    if ((static_cast<unsigned char>(source[i]) & 0xc0) != 0x80) ++column;
  }
  return column;
}

value refused(std::string_view source, const problem& p, workspace& w, bilingual* why) {
  const bilingual said = tell("第 {} 个字：{}", "{}: {}", column_of(source, p.offset), p.message);
  if (why != nullptr) *why = said;
  return kept_text(said.en, w, kind::error);
}

}  // namespace

value evaluate_cel(
    std::string_view source, std::span<const std::string_view> names, std::span<const value> values,
    workspace& w, bilingual* why) {
  if (!simdjson::validate_utf8(source.data(), source.size()))
    return error_value("the expression is not UTF-8");
  std::vector<problem> problems;
  const expression e = parse_expression(source, problems, dialect::cel);
  if (!problems.empty()) return refused(source, problems[0], w, why);
  naming meaning;
  meaning.variables = names;
  code_pool pool;
  std::vector<compile_problem> wrong;
  const program p = compile(e, {}, meaning, pool, wrong);
  if (!wrong.empty()) return refused(source, wrong[0].what, w, why);
  const slots none;
  const value out = copied(evaluate(p, pool, {none, nullptr, {}, values}, w), w);
  if (why != nullptr && out.is(kind::error)) *why = error_words(out.text());
  return out;
}

}  // namespace zhili::policy
