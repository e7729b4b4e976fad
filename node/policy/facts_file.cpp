// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/policy/text_judge.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

using policy::field_info;

std::uint32_t stage_bit(const judged_kind& kind) {
  return 1U << static_cast<unsigned>(kind.stage - kind.workflow->stages.data());
}

const field_info* find_field(const judged_kind& kind, std::string_view name) {
  for (const field_info& f : kind.workflow->fields) {
    if (f.name == name && (f.stages & stage_bit(kind)) != 0) return &f;
  }
  return nullptr;
}

/// A value as it would be written in a rule's test.
std::string written(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

status read_facts(
    std::string_view json, std::string_view file, const judged_kind& kind, policy::slots& into,
    std::vector<std::unique_ptr<std::string>>& texts) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object()) {
    return fail(
        errc::malformed, tell(
                             "{}：不是 JSON 对象；请写成 {{\"institution_named\": true}} 这样",
                             "{}: not a JSON object; right would be {{\"institution_named\": true}}", file));
  }
  for (const auto& [name, value] : parsed.items()) {
    const field_info* f = find_field(kind, name);
    if (f == nullptr) {
      std::vector<std::string_view> known;
      for (const field_info& k : kind.workflow->fields) {
        if ((k.stages & stage_bit(kind)) != 0) known.push_back(k.name);
      }
      return fail(
          errc::malformed, tell(
                               "{}：环节 {} 没有事实 '{}'{}", "{}: {} has no fact '{}'{}", file,
                               kind.stage->name, name, policy::suggestion(name, known)));
    }
    if (value.is_null()) continue;
    if (f->type == policy::value_type::text) {
      texts.push_back(std::make_unique<std::string>(written(value)));
      into.set_text(f->slot, *texts.back());
      continue;
    }
    const auto number = policy::parse_value(f->type, f->words, written(value));
    if (!number)
      return fail(errc::malformed, tell("{}：'{}'：{}", "{}: '{}': {}", file, name, number.error().both()));
    into.set_int(f->slot, *number);
  }
  return {};
}

}  // namespace zhili::node
