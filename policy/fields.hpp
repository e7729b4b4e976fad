// SPDX-License-Identifier: Apache-2.0
// What every workflow tells a pack: its stages, their fields, its settings, as policy/fields/<workflow>.yaml
// declares them. The table is generated at build time; packs are checked against it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "policy/value_type.hpp"

namespace zhili::policy {

struct field_info {
  std::string_view name, zh, en, unit, example, since;
  value_type type = value_type::integer;
  /// Index into `slots`.
  std::uint16_t slot = 0;
  /// Bit n: the workflow's n-th stage sets it.
  std::uint32_t stages = 0;
  /// An enumeration's words.
  std::span<const std::string_view> words;
  /// Not empty: the provision that forbids to act against an item on this field alone.
  std::string_view no_ground_alone;
};

struct stage_info {
  std::string_view name, zh, en;
  /// Workflow's number * 256 + position, from 1. Stands in logs: stages are appended, never reordered.
  std::uint16_t number = 0;
  bool has_text = false;
  /// Bit n: the workflow knows what to do with verdict n there. Approve always.
  std::uint8_t verdicts = 0;
};

struct setting_info {
  std::string_view name, zh, en, unit;
  value_type type = value_type::integer;
  /// Index into pack::setting, over all workflows.
  std::uint16_t index = 0;
  std::int64_t initial = 0, min = 0, max = 0;
};

struct workflow_info {
  std::string_view name, zh, en;
  std::span<const stage_info> stages;
  std::span<const field_info> fields;
  std::span<const setting_info> settings;
};

/// All workflows with a fields file, by name. Generated.
std::span<const workflow_info> workflows();
/// Settings of all workflows together.
std::uint16_t setting_count();

}  // namespace zhili::policy
