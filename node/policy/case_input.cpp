// SPDX-License-Identifier: Apache-2.0
#include "node/policy/case_input.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

const policy::field_info* field_called(
    std::string_view name, const policy::workflow_info& w, const policy::stage_info& stage,
    std::vector<std::string_view>& known) {
  const std::size_t position = static_cast<std::size_t>(&stage - w.stages.data());
  for (const policy::field_info& f : w.fields) {
    if ((f.stages >> position & 1) == 0) continue;
    known.push_back(f.name);
    if (f.name == name || f.zh == name) return &f;
  }
  return nullptr;
}

}  // namespace

result<case_input> read_case(
    std::string_view text, const policy::workflow_info& workflow, const policy::stage_info& stage) {
  const auto j = nlohmann::ordered_json::parse(text.begin(), text.end(), nullptr, false);
  if (!j.is_object())
    return fail(
        errc::malformed, bilingual{
                             R"(事实要写成一个 JSON 对象，如 {"stars": 2})",
                             R"(facts are one JSON object, such as {"stars": 2})"});
  case_input out;
  out.texts.reserve(j.size());
  for (const auto& [name, item] : j.items()) {
    std::vector<std::string_view> known;
    const policy::field_info* f = field_called(name, workflow, stage, known);
    if (f == nullptr)
      return fail(
          errc::malformed, tell(
                               "环节 {1} 没有 '{0}' 这个事实{2}", "unknown field '{0}' at {1}{2}", name,
                               stage.name, policy::suggestion(name, known)));
    if (item.is_structured() || item.is_null())
      return fail(errc::malformed, tell("'{}' 要写{}", "'{}' is {}", name, policy::described(f->type)));
    const std::string written = item.is_string() ? item.get<std::string>() : item.dump();
    out.shown.emplace_back(f->name, written);
    if (f->type == policy::value_type::text) {
      out.texts.push_back(written);
      out.facts.set_text(f->slot, out.texts.back());
      continue;
    }
    const auto number = policy::parse_value(f->type, f->words, written);
    if (!number) return fail(errc::malformed, tell("'{}'：{}", "'{}': {}", name, number.error().both()));
    out.facts.set_int(f->slot, *number);
  }
  return out;
}

}  // namespace zhili::node
