// SPDX-License-Identifier: Apache-2.0
// A checked reader of the YAML that people write: packs, field lists, scenarios. Every value knows its place;
// readers report what is wrong in the writer's words into `diagnostics` and go on with a fallback, so that
// one reading finds every error of a file. Anchors and aliases are refused, depth and size are bounded.
//
//   yaml_map rule(node);                                  // unknown keys are reported when `rule` goes out
//   of scope const std::string_view id = rule.required("id").text(); const std::int64_t points =
//   rule.optional("points").integer(0, 1000);
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/diagnostics.hpp"
#include "protocols/types/money.hpp"
#include "protocols/types/result.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {

inline constexpr std::size_t yaml_bytes_max = 4 * 1024 * 1024;
inline constexpr std::size_t yaml_depth_max = 32;
inline constexpr std::size_t yaml_nodes_max = 200'000;

struct yaml_tree;
struct yaml_value;

/// A value in a document, or the absence of an optional one: an absent node answers every reader with the
/// fallback and reports nothing. Cheap to copy; lives as long as its document and the diagnostics that it was
/// parsed with.
class yaml_node {
 public:
  yaml_node() = default;

  bool present() const { return value_ != nullptr; }
  bool is_map() const;
  bool is_list() const;
  /// True for `key:` with nothing behind it.
  bool is_empty() const;
  bool is_single() const;
  place at() const;
  /// Place of a byte of text(): for errors inside an expression.
  place at(std::size_t offset) const;
  std::string_view file() const;
  /// Reports at this value's place; on an absent node nothing.
  void error(bilingual message) const;
  /// Says what should stand here in place of what does. REQUIRES: present.
  void wants(const bilingual& what) const;
  void error_at(std::size_t offset, bilingual message) const;
  /// Reports where a ' #' cut a text without quotes inside of its own quotes or brackets; false: none did. For expressions
  /// that do not parse.
  bool reports_cut() const;

  /// A single value as written, without its quotes.
  std::string_view text(std::string_view fallback = {}) const;
  std::int64_t integer(std::int64_t min, std::int64_t max, std::int64_t fallback = 0) const;
  /// true or false
  bool boolean(bool fallback = false) const;
  /// 0.25 or 25%. For the figures of scenarios: no decision is made from it.
  double real(double min, double max, double fallback = 0) const;
  /// 9.9元
  fen money(fen fallback = {}) const;
  /// 36h
  duration span(duration fallback = {}) const;
  /// 2021-07-18T09:30:00
  instant time(instant fallback = {}) const;
  /// 2021-07-18, as days since 1970-01-01 in China.
  std::int32_t date(std::int32_t fallback = 0) const;
  /// Position of the value among `words`.
  std::size_t choice(std::span<const std::string_view> words, std::size_t fallback = 0) const;

  /// The members of a list; reports anything else. Empty where absent.
  std::vector<yaml_node> items() const;
  /// The members of a list of single values; one value without brackets is a list of one.
  std::vector<yaml_node> items_or_one() const;
  /// Key and value of a mapping with free keys, in the order of the file.
  std::vector<std::pair<yaml_node, yaml_node>> entries() const;

 private:
  friend class yaml_document;
  friend class yaml_map;
  yaml_node(const yaml_tree& tree, const yaml_value& value, std::string_view key)
      : tree_(&tree), value_(&value), key_(key) {}

  template <class T>
  T read(result<T> (*parse)(std::string_view), T fallback) const;
  const yaml_tree* tree_ = nullptr;
  const yaml_value* value_ = nullptr;
  std::string_view key_;
};

class yaml_document {
 public:
  /// Nothing where the file cannot be read as YAML at all; why stands in `found`, which must outlive the
  /// document. `name` is how diagnostics call the file.
  static std::optional<yaml_document> read(
      const std::filesystem::path& path, std::string_view name, diagnostics& found);
  static std::optional<yaml_document> parse(std::string text, std::string_view name, diagnostics& found);

  yaml_node root() const;

 private:
  explicit yaml_document(std::shared_ptr<const yaml_tree> tree) : tree_(std::move(tree)) {}
  std::shared_ptr<const yaml_tree> tree_;
};

/// A mapping with known keys: those asked for. The destructor reports all others, each with the nearest known
/// one.
class yaml_map {
 public:
  /// `example` shows how such a mapping is written on one line.
  explicit yaml_map(const yaml_node& node, std::string_view example = {});
  ~yaml_map();
  yaml_map(const yaml_map&) = delete;
  yaml_map& operator=(const yaml_map&) = delete;

  /// Absent and reported where the key is missing. `key` must outlive the map: a literal.
  yaml_node required(std::string_view key);
  yaml_node optional(std::string_view key);
  const yaml_node& node() const { return node_; }

 private:
  yaml_node node_;
  std::vector<std::string_view> asked_;
};

/// Reads a whole file; too_large beyond `bytes_max`.
result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);

}  // namespace zhili::policy
