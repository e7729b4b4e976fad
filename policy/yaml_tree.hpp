// SPDX-License-Identifier: Apache-2.0
// The tree behind yaml_node; known to the reader's two source files alone.
#pragma once

#include <string>
#include <vector>

#include "policy/diagnostics.hpp"

namespace zhili::policy {

enum class yaml_kind { empty, single, list, map };

struct yaml_value {
  yaml_kind kind = yaml_kind::empty;
  /// Where it begins, in bytes of the source.
  std::size_t offset = 0;
  /// Of a single value.
  std::string text;
  /// Of a list its members, of a mapping key, value, key, value.
  std::vector<yaml_value> members;
};

struct yaml_tree {
  std::string name;
  std::string source;
  /// Offset of each line's first byte.
  std::vector<std::size_t> lines;
  yaml_value root;
  diagnostics* found = nullptr;

  place place_of(std::size_t offset) const;
  /// `line` and `column` count from 0 and in bytes, as yaml-cpp does.
  std::size_t offset_of(int line, int column) const;
};

}  // namespace zhili::policy
