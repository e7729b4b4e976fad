// SPDX-License-Identifier: Apache-2.0
// Reads rules/*.yaml: everything of a rule but the meaning of its expressions, which pack_load compiles.
#pragma once

#include <utility>
#include <vector>

#include "policy/fields.hpp"
#include "policy/pack.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/yaml.hpp"

namespace zhili::policy {

/// The stages of one workflow that a rule matches; bits as in field_info::stages.
struct stage_set {
  const workflow_info* workflow = nullptr;
  std::uint32_t stages = 0;
};

/// An expression as written: in a YAML file, or in the cells of a table's row.
class written {
 public:
  written() = default;
  explicit written(const yaml_node& node) : node_(node), text_(node.text()) {}
  /// `at` is a row of `file`; `where` names it in messages.
  written(std::string text, std::string file, place at, bilingual where, diagnostics& found)
      : text_(std::move(text)), file_(std::move(file)), at_(at), where_(std::move(where)), found_(&found) {}

  const std::string& text() const { return text_; }
  /// Something stands there that can be read; what cannot has been reported.
  bool is_single() const { return found_ != nullptr || node_.is_single(); }
  void error(bilingual message) const { error_at(0, std::move(message)); }
  /// As of yaml_node; a cell of a table has no comments.
  bool reports_cut() const { return found_ == nullptr && node_.reports_cut(); }
  void error_at(std::size_t offset, bilingual message) const {
    if (found_ != nullptr)
      return found_->add(file_, at_, {where_.zh + "：" + message.zh, where_.en + ": " + message.en});
    node_.error_at(offset, std::move(message));
  }

 private:
  yaml_node node_;
  std::string text_;
  std::string file_;
  place at_;
  bilingual where_;
  diagnostics* found_ = nullptr;
};

/// A rule as written. Its nodes live as long as the documents that they came from.
struct rule_source {
  rule_info info;
  std::vector<stage_set> match;
  /// Name and expression.
  std::vector<std::pair<yaml_node, yaml_node>> lets;
  yaml_node id;
  written when;
  bilingual correct;
  std::vector<rule_test> tests;
  /// Not 0: of a table of which only the first row that fires counts; its number, from 1.
  std::uint16_t first_of = 0;
};

inline constexpr std::int64_t rule_points_max = 1000;

// The parts that rules and tables share; each reports into its node's document.
bilingual read_bilingual(const yaml_node& node);
void read_mode(const yaml_node& node, rule_info& info);
std::vector<provision> read_basis(const yaml_node& node);
/// `known`: the workflows whose stages may be named.
std::vector<stage_set> read_match(
    const yaml_node& node, const rule_info& info, std::span<const workflow_info> known);
/// id, title, reason, level, mode, basis, and what is for readers alone.
void read_head(yaml_map& map, rule_source& rule);
/// A line under `tests:`; the caller may ask the map for more keys.
rule_test read_test(yaml_map& map, const rule_source& rule, std::span<const workflow_info> known);
bool is_rule_id(std::string_view id);

/// The rules of one file, in its order; what is wrong goes to the document's diagnostics.
std::vector<rule_source> read_rules(const yaml_node& root, std::span<const workflow_info> known);

}  // namespace zhili::policy
