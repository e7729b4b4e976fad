// SPDX-License-Identifier: Apache-2.0
// What takedown keeps of an account: one row a sanctioned subject, and for an institution the contents that name it.
#pragma once

#include <map>

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "protocols/schema/takedown_generated.h"

namespace zhili::takedown {

using partition::row_no;
using wire::takedown::measure_state;

struct measure {
  subject_id id;
  account_id owner;
  std::uint64_t ref = 0;
  std::uint64_t decided_by = 0;
  /// When it came into force by the platform's own word; 0: it has not.
  std::int64_t in_force_since = 0;
  std::uint32_t origin_row = 0;
  std::uint32_t number = 0;
  /// Orders given to the platform about this subject.
  std::uint32_t serial = 0;
  std::uint32_t acknowledged = 0;
  std::uint32_t appeals = 0;
  zhili::verdict verdict{};
  measure_state state{};
  workflow_no workflow = 0;
  subject_kind kind{};
  /// An appeal lies at the desk.
  std::uint8_t appealing = 0;
  std::uint8_t spare[7] = {};
};

/// A content of somebody else that names an institution of this shard.
struct mention {
  /// The content.
  subject_id id;
  account_id author;
  std::uint64_t ref = 0;
  std::uint32_t row = 0;
  std::uint32_t live = 0;
};

class state {
 public:
  partition::row_table<measure> measures;
  /// The statement of reasons of each order that is not acknowledged yet, by row of the measure.
  std::map<row_no, std::vector<wire::finding>> reasons;
  struct named {
    std::uint8_t offline = 0;
    /// In order of arrival.
    partition::row_table<mention> contents;
  };
  std::map<account_id, named> institutions;

  void digest(partition::hasher& h) const {
    h.rows(measures);
    for (const auto& [row, list] : reasons) {
      h.value(row);
      h.value(list.size());
    }
    for (const auto& [institution, n] : institutions) {
      h.value(institution);
      h.value(n.offline);
      h.rows(n.contents);
    }
  }
  std::uint64_t waiting() const {
    std::uint64_t n = 0;
    for (const auto& m : measures) n += m.appealing;
    return n;
  }
  std::size_t memory_bytes() const {
    std::size_t n = measures.memory_bytes() + reasons.size() * 96;
    for (const auto& [institution, of] : institutions) n += 96 + of.contents.memory_bytes();
    return n;
  }
  std::size_t subjects() const { return measures.size(); }
};

/// Names one order to the platform: asked again, it is the same order.
inline subject_id effect_id(subject_id subject, std::uint32_t serial) {
  return derive_id(subject_kind::measure, subject, 1, serial);
}

}  // namespace zhili::takedown
