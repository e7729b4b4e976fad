// SPDX-License-Identifier: Apache-2.0
// Expressions as anybody may write them: read, compiled and run with and without types, over a text that is
// part of the input too. Nothing may crash, run long or hold much memory.
#include <cstdint>
#include <string_view>

#include "policy/expression/compile.hpp"
#include "policy/expression/dynamic.hpp"

using namespace zhili::policy;

void fuzz_expression(std::string_view all) {
  const std::size_t cut = all.find('\0');
  const std::string_view source = all.substr(0, cut);
  const std::string_view text = cut == std::string_view::npos ? std::string_view{} : all.substr(cut + 1);
  arena memory(std::size_t{4} << 20);
  {
    workspace work{memory, 20'000, nullptr, nullptr};
    const std::string_view names[] = {"x", "t", "a.b"};
    const value items[] = {int_value(3), text_value(text)};
    const value values[] = {list_value(items), text_value(text), int_value(7)};
    const value out = evaluate_cel(source, names, values, work);
    to_json(out, 1 << 20);
    shown(out);
  }
  for (const workflow_info& w : workflows()) {
    if (w.name != "content") continue;
    static constexpr std::string_view categories[] = {"toxic", "absolutes"};
    const naming names{&w, 1, true, categories, {}};
    std::vector<problem> problems;
    const expression e = parse_expression(source, problems);
    if (!problems.empty()) continue;
    code_pool pool;
    std::vector<compile_problem> wrong;
    const program p = compile(e, {}, names, pool, wrong);
    if (!wrong.empty()) continue;
    memory.clear();
    workspace work{memory, steps_max, nullptr, nullptr};
    const std::uint32_t hits[categories_max] = {1, 2};
    slots facts;
    facts.set_int(0, 2);
    run(p, pool, {facts, hits, text, {}}, work);
  }
}
