// SPDX-License-Identifier: Apache-2.0
#include "policy/yaml.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "policy/suggest.hpp"
#include "policy/value_type.hpp"
#include "policy/yaml_remarks.hpp"
#include "policy/yaml_tree.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t quoted_bytes_max = 60;

constexpr bilingual_view one_value{"单个值", "a single value"};
constexpr bilingual_view mapping{"几行“键: 值”", "a mapping, lines of 'key: value'"};

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
bool yaml_node::is_single() const {
  return present() && value_->kind == yaml_kind::single;
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

void yaml_node::error(bilingual message) const {
  if (present()) tree_->found->add(tree_->name, at(), std::move(message));
}

void yaml_node::error_at(std::size_t offset, bilingual message) const {
  if (present()) tree_->found->add(tree_->name, at(offset), std::move(message));
}

void yaml_node::wants(const bilingual& what) const {
  const bilingual subject =
      key_.empty() ? bilingual{"这里", "a value here"} : tell("'{}' 后面", "'{}'", key_);
  switch (value_->kind) {
    case yaml_kind::empty:
      return error(tell("{}是空的，应当写{}", "{} is empty: it wants {}", subject, what));
    case yaml_kind::list:
      return error(tell("{}应当写{}，而不是一个列表", "{} wants {}, not a list", subject, what));
    case yaml_kind::map:
      return error(tell("{}应当写{}，而不是“键: 值”这样的几行", "{} wants {}, not a mapping", subject, what));
    case yaml_kind::single:
      return error(
          tell("{}应当写{}，而不是 '{}'", "{} wants {}, not '{}'", subject, what, shown(value_->text)));
  }
}

bool yaml_node::reports_cut() const {
  if (!is_single()) return false;
  auto cut = find_cut(*tree_, *value_);
  if (cut) tree_->found->add(tree_->name, cut->at, std::move(cut->message));
  return cut.has_value();
}

std::string_view yaml_node::text(std::string_view fallback) const {
  if (!present()) return fallback;
  if (value_->kind == yaml_kind::single) return value_->text;
  wants(one_value);
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
  wants(tell("从 {} 到 {} 的整数", "a whole number from {} to {}", min, max));
  return fallback;
}

bool yaml_node::boolean(bool fallback) const {
  if (!present()) return fallback;
  if (value_->kind == yaml_kind::single && value_->text == "true") return true;
  if (value_->kind == yaml_kind::single && value_->text == "false") return false;
  wants({"true（是）或 false（否）", "true or false"});
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
  wants(tell("从 {} 到 {} 的数，如 0.25 或 25%", "a number from {} to {}, such as 0.25 or 25%", min, max));
  return fallback;
}

template <class T>
T yaml_node::read(result<T> (*parse)(std::string_view), T fallback) const {
  if (!present()) return fallback;
  if (value_->kind != yaml_kind::single) {
    wants(one_value);
    return fallback;
  }
  auto value = parse(value_->text);
  if (value) return *value;
  error(key_.empty() ? value.error().both() : tell("'{}'：{}", "'{}': {}", key_, value.error().both()));
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
  if (value_->kind != yaml_kind::single) {
    wants({"日期，如 2021-07-18", "a date such as 2021-07-18"});
    return fallback;
  }
  const auto day = parse_value(value_type::date, {}, value_->text);
  if (day) return static_cast<std::int32_t>(*day);
  const std::string better = meant_value(value_type::date, value_->text);
  wants(
      better.empty() ? bilingual{"日期，如 2021-07-18", "a date such as 2021-07-18"}
                     : tell("四位年、两位月、两位日的日期 {}", "a date such as {}", better));
  return fallback;
}

std::size_t yaml_node::choice(std::span<const std::string_view> words, std::size_t fallback) const {
  if (!present()) return fallback;
  if (value_->kind == yaml_kind::single) {
    const auto found = std::find(words.begin(), words.end(), std::string_view(value_->text));
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    const bilingual near = suggestion(value_->text, words);
    error(
        key_.empty()
            ? tell("不认识 '{}'{}", "unknown word '{}'{}", shown(value_->text), near)
            : tell("'{0}' 不能是 '{1}'{2}", "unknown {0} '{1}'{2}", key_, shown(value_->text), near));
    return fallback;
  }
  wants({"一个词", "one word"});
  return fallback;
}

std::vector<yaml_node> yaml_node::items() const {
  std::vector<yaml_node> out;
  if (!present()) return out;
  if (value_->kind != yaml_kind::list) {
    wants({"一个列表（每项一行，以 '- ' 开头）", "a list"});
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
    wants(mapping);
    return out;
  }
  for (std::size_t i = 0; i + 1 < value_->members.size(); i += 2) {
    const yaml_value& key = value_->members[i];
    out.emplace_back(yaml_node{*tree_, key, {}}, yaml_node{*tree_, value_->members[i + 1], key.text});
  }
  return out;
}

yaml_map::yaml_map(const yaml_node& node, std::string_view example) : node_(node) {
  if (node_.present() && !node_.is_map()) {
    node_.wants(
        example.empty() ? bilingual(mapping) : tell("几行“键: 值”，如 {}", "a mapping, such as {}", example));
    node_ = {};
  }
}

yaml_map::~yaml_map() {
  for (const auto& [key, value] : node_.entries()) {
    const std::string_view name = key.text();
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    key.error(tell("这里没有 '{}' 这一项{}", "unknown key '{}'{}", shown(name), suggestion(name, asked_)));
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
  if (!value.present()) node_.error(tell("缺少 '{}' 这一项", "'{}' is missing", key));
  return value;
}

}  // namespace zhili::policy
