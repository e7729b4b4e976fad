// SPDX-License-Identifier: Apache-2.0
// The names that a pack may use: what the workflows declare, and the pack's own counters as facts beside theirs.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "policy/fields.hpp"

namespace zhili::policy {

class vocabulary {
 public:
  vocabulary();
  vocabulary(const vocabulary&) = delete;
  vocabulary& operator=(const vocabulary&) = delete;

  std::span<const workflow_info> workflows() const { return workflows_; }

  /// `workflow` is one of workflows().
  bool has_fact(const workflow_info& workflow, std::string_view name) const;
  bool has_room(const workflow_info& workflow) const;
  /// A fact at every stage of the workflow, in the next slot for counters; its texts are copied. REQUIRES: !has_fact,
  /// has_room.
  const field_info& add(const workflow_info& workflow, field_info fact);

 private:
  std::size_t place(const workflow_info& workflow) const {
    return static_cast<std::size_t>(&workflow - workflows_.data());
  }

  std::vector<workflow_info> workflows_;
  /// Of each workflow, with room for all counters: facts do not move.
  std::vector<std::vector<field_info>> facts_;
  std::deque<std::string> texts_;
};

}  // namespace zhili::policy
