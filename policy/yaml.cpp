// SPDX-License-Identifier: Apache-2.0
#include "policy/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "policy/suggest.hpp"
#include "policy/yaml_tree.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t quoted_bytes_max = 60;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Long values are cut at a character's border.
std::string shown(std::string_view text) {
  if (text.size() <= quoted_bytes_max) return std::string(text);
  std::size_t end = quoted_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

bool yaml_node::is_map() const {
  return present() && value_->kind == yaml_kind::map;
}
bool yaml_node::is_list() const {
  return present() && value_->kind == yaml_kind::list;
}
bool yaml_node::is_empty() const {
  return present() && value_->kind == yaml_kind::empty;
}

std::string_view yaml_node::file() const {
  return present() ? std::string_view(tree_->name) : std::string_view{};
}

place yaml_node::at() const {
  return present() ? tree_->place_of(value_->offset) : place{};
}

// The scalar as written and its value differ in quotes, escapes, indentation and line folding, all of them
// additions to the source: walk both, letting the source run ahead until it shows the value's next visible
// character.
place yaml_node::at(std::size_t offset) const {
  if (!present()) return {};
  const std::string& source = tree_->source;
  std::size_t s = value_->offset;
  if (s < source.size() && (source[s] == '|' || source[s] == '>'))
    s = std::min(source.find('\n', s), source.size());
  if (s < source.size() && (source[s] == '"' || source[s] == '\'')) ++s;
  for (std::size_t v = 0; v < value_->text.size(); ++v) {
    const char wanted = value_->text[v];
    if (!is_space(wanted)) {
      while (s < source.size() && source[s] != wanted) ++s;
    }
    if (v >= offset && !is_space(wanted)) return tree_->place_of(s);
    if (!is_space(wanted) && s < source.size()) ++s;
  }
  return tree_->place_of(std::min(s, source.size()));
}

void yaml_node::error(std::string message) const {
  if (present()) tree_->found->add(tree_->name, at(), std::move(message));
}

void yaml_node::error_at(std::size_t offset, std::string message) const {
  if (present()) tree_->found->add(tree_->name, at(offset), std::move(message));
}

void yaml_node::wants(std::string_view what) const {
  const std::string subject = key_.empty() ? std::string("a value here") : fmt::format("'{}'", key_);
  switch (value_->kind) {
    case yaml_kind::empty: return error(fmt::format("{} is empty: it wants {}", subject, what));
    case yaml_kind::list: return error(fmt::format("{} wants {}, not a list", subject, what));
    case yaml_kind::map: return error(fmt::format("{} wants {}, not a mapping", subject, what));
    case yaml_kind::single:
      return error(fmt::format("{} wants {}, not '{}'", subject, what, shown(value_->text)));
  }
}

std::string_view yaml_node::text(std::string_view fallback) const {
  if (!present()) return fallback;
  if (value_->kind == yaml_kind::single) return value_->text;
  wants("a single value");
  return fallback;
}

std::int64_t yaml_node::integer(std::int64_t min, std::int64_t max, std::int64_t fallback) const {
  if (!present()) return fallback;
  std::int64_t n = 0;
  const std::string_view t = value_->text;
  const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), n);
  if (value_->kind == yaml_kind::single && ec == std::errc{} && end == t.data() + t.size() && min <= n &&
      n <= max) {
    return n;
  }
  wants(fmt::format("a whole number from {} to {}", min, max));
  return fallback;
}

bool yaml_node::boolean(bool fallback) const {
  if (!present()) return fallback;
  if (value_->kind == yaml_kind::single && value_->text == "true") return true;
  if (value_->kind == yaml_kind::single && value_->text == "false") return false;
  wants("true or false");
  return fallback;
}

double yaml_node::real(double min, double max, double fallback) const {
  if (!present()) return fallback;
  std::string_view t = value_->text;
  const bool percent = t.ends_with('%');
  if (percent) t.remove_suffix(1);
  double x = 0;
  const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), x);
  if (percent) x /= 100;
  const bool whole = ec == std::errc{} && end == t.data() + t.size();
  if (value_->kind == yaml_kind::single && whole && min <= x && x <= max) return x;
  wants(fmt::format("a number from {} to {}, such as 0.25 or 25%", min, max));
  return fallback;
}

template <class T>
T yaml_node::read(result<T> (*parse)(std::string_view), T fallback) const {
  if (!present()) return fallback;
  if (value_->kind != yaml_kind::single) {
    wants("a single value");
    return fallback;
  }
  auto value = parse(value_->text);
  if (value) return *value;
  error(key_.empty() ? value.error().detail : fmt::format("'{}': {}", key_, value.error().detail));
  return fallback;
}

fen yaml_node::money(fen fallback) const {
  return read(parse_money, fallback);
}
duration yaml_node::span(duration fallback) const {
  return read(parse_duration, fallback);
}
instant yaml_node::time(instant fallback) const {
  return read(parse_instant, fallback);
}

std::int32_t yaml_node::date(std::int32_t fallback) const {
  if (!present()) return fallback;
  const auto t = parse_instant(value_->text);
  if (value_->kind == yaml_kind::single && value_->text.size() == 10 && t) return china_day(*t);
  wants("a date such as 2021-07-18");
  return fallback;
}

std::size_t yaml_node::choice(std::span<const std::string_view> words, std::size_t fallback) const {
  if (!present()) return fallback;
  if (value_->kind == yaml_kind::single) {
    const auto found = std::find(words.begin(), words.end(), std::string_view(value_->text));
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    error(fmt::format(
        "unknown {} '{}'{}", key_.empty() ? "word" : key_, shown(value_->text),
        suggestion(value_->text, words)));
    return fallback;
  }
  wants("one word");
  return fallback;
}

std::vector<yaml_node> yaml_node::items() const {
  std::vector<yaml_node> out;
  if (!present()) return out;
  if (value_->kind != yaml_kind::list) {
    wants("a list");
    return out;
  }
  for (const yaml_value& v : value_->members) out.push_back({*tree_, v, {}});
  return out;
}

std::vector<yaml_node> yaml_node::items_or_one() const {
  if (present() && value_->kind == yaml_kind::single) return {*this};
  return items();
}

std::vector<std::pair<yaml_node, yaml_node>> yaml_node::entries() const {
  std::vector<std::pair<yaml_node, yaml_node>> out;
  if (!present()) return out;
  if (value_->kind != yaml_kind::map) {
    wants("a mapping, lines of 'key: value'");
    return out;
  }
  for (std::size_t i = 0; i + 1 < value_->members.size(); i += 2) {
    const yaml_value& key = value_->members[i];
    out.emplace_back(yaml_node{*tree_, key, {}}, yaml_node{*tree_, value_->members[i + 1], key.text});
  }
  return out;
}

yaml_map::yaml_map(const yaml_node& node) : node_(node) {
  if (node_.present() && !node_.is_map()) {
    node_.wants("a mapping, lines of 'key: value'");
    node_ = {};
  }
}

yaml_map::~yaml_map() {
  for (const auto& [key, value] : node_.entries()) {
    const std::string_view name = key.text();
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    key.error(fmt::format("unknown key '{}'{}", shown(name), suggestion(name, asked_)));
  }
}

yaml_node yaml_map::optional(std::string_view key) {
  asked_.push_back(key);
  for (const auto& [name, value] : node_.entries()) {
    if (name.text() == key) return value;
  }
  return {};
}

yaml_node yaml_map::required(std::string_view key) {
  const yaml_node value = optional(key);
  if (!value.present()) node_.error(fmt::format("'{}' is missing", key));
  return value;
}

}  // namespace zhili::policy
