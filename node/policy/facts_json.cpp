// SPDX-License-Identifier: Apache-2.0
#include "node/policy/facts_json.hpp"

#include <nlohmann/json.hpp>

namespace zhili::node {
namespace {

using json = nlohmann::ordered_json;
using policy::kind;
using policy::value;

constexpr std::size_t depth_max = 64;

// Refuses by an error value, as expressions do.
value converted(const json& j, policy::arena& memory, std::size_t depth);

value kept(std::string_view text, policy::arena& memory) {
  const std::string_view copy = memory.keep(text);
  return copy.data() == nullptr ? policy::error_value("too large") : policy::text_value(copy);
}

value list(const json& j, policy::arena& memory, std::size_t depth) {
  value* const to = memory.take_array<value>(j.size());
  if (to == nullptr) return policy::error_value("too large");
  std::size_t n = 0;
  for (const json& item : j) {
    to[n] = converted(item, memory, depth + 1);
    if (to[n++].is(kind::error)) return to[n - 1];
  }
  return policy::list_value({to, n});
}

value map(const json& j, policy::arena& memory, std::size_t depth) {
  auto* const to = memory.take_array<policy::map_entry>(j.size());
  if (to == nullptr) return policy::error_value("too large");
  std::size_t n = 0;
  for (const auto& [key, item] : j.items()) {
    to[n] = {kept(key, memory), converted(item, memory, depth + 1)};
    if (to[n].key.is(kind::error)) return to[n].key;
    if (to[n++].content.is(kind::error)) return to[n - 1].content;
  }
  return policy::map_value({to, n});
}

value converted(const json& j, policy::arena& memory, std::size_t depth) {
  if (depth > depth_max) return policy::error_value("nested deeper than 64 levels");
  switch (j.type()) {
    case json::value_t::boolean: return policy::bool_value(j.get<bool>());
    case json::value_t::number_integer: return policy::int_value(j.get<std::int64_t>());
    case json::value_t::number_unsigned: {
      const auto n = j.get<std::uint64_t>();
      return n > INT64_MAX ? policy::uint_value(n) : policy::int_value(static_cast<std::int64_t>(n));
    }
    case json::value_t::number_float: return policy::real_value(j.get<double>());
    case json::value_t::string: return kept(j.get_ref<const std::string&>(), memory);
    case json::value_t::array: return list(j, memory, depth);
    case json::value_t::object: return map(j, memory, depth);
    default: return value{};
  }
}

}  // namespace

result<json_facts> read_facts(std::string_view text, policy::arena& memory) {
  const json j = json::parse(text.begin(), text.end(), nullptr, false);
  if (!j.is_object())
    return fail(
        errc::malformed, bilingual{
                             R"(事实要写成一个 JSON 对象，如 {"price": 100, "text": "…"})",
                             R"(facts are one JSON object, such as {"price": 100, "text": "…"})"});
  json_facts out;
  for (const auto& [name, item] : j.items()) {
    const value v = converted(item, memory, 0);
    if (v.is(kind::error)) return fail(errc::malformed, name + ": " + std::string(v.text()));
    out.names.push_back(name);
    out.values.push_back(v);
  }
  return out;
}

}  // namespace zhili::node
