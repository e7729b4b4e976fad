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
  /// Who decided the last appeal.
  std::uint64_t appeal_by = 0;
  /// When it came into force by the platform's own word; 0: it has not.
  std::int64_t in_force_since = 0;
  std::uint32_t origin_row = 0;
  std::uint32_t number = 0;
  /// Orders given to the platform about this subject.
  std::uint32_t serial = 0;
  std::uint32_t acknowledged = 0;
  /// Appeals against the decision in force.
  std::uint32_t appeals = 0;
  zhili::verdict verdict{};
  measure_state state{};
  workflow_no workflow = 0;
  subject_kind kind{};
  /// An appeal lies at the desk.
  std::uint8_t appealing = 0;
  std::uint8_t spare[7] = {};
};

/// A content of somebody else that names an institution of this shard: by its row, which is a name in its partition.
/// There may be as many of them as there are contents, so that no more than this is kept.
struct mention {
  std::uint32_t row = 0;
  /// Where its author's account lives.
  shard_no shard = 0;
  std::uint8_t live = 0;
  std::uint8_t spare[2] = {};

  std::uint64_t key() const { return key_of(shard, row); }
  static std::uint64_t key_of(shard_no shard, std::uint32_t row) { return std::uint64_t{shard} << 32 | row; }
};

/// Why an order was given: rules by their numbers in that pack.
struct reasons_kept {
  std::uint64_t pack = 0;
  std::vector<wire::finding> findings;
};

class state {
 public:
  partition::row_table<measure> measures;
  /// The statement of reasons of each order that is not acknowledged yet, by row of the measure.
  std::map<row_no, reasons_kept> reasons;
  struct named {
    account_id id;
    std::uint8_t offline = 0;
    /// How often it went offline or came back.
    std::uint32_t cascades = 0;
    /// In order of arrival.
    partition::row_table<mention> contents;
  };
  partition::row_table<named> institutions;

  void digest(partition::hasher& h) const {
    h.rows(measures);
    for (const auto& [row, why] : reasons) {
      h.value(row);
      h.value(why.pack);
      h.values(std::span<const wire::finding>{why.findings});
    }
    for (const named& n : institutions) {
      h.value(n.id);
      h.value(n.offline);
      h.value(n.cascades);
      h.rows(n.contents);
    }
  }
  const named* find_named(account_id institution) const {
    const row_no row = institutions.find(institution);
    return row == partition::no_row ? nullptr : &institutions[row];
  }
  named& named_or_new(account_id institution) { return institutions[institutions.find_or_add(institution)]; }
  std::uint64_t waiting() const {
    std::uint64_t n = 0;
    for (const auto& m : measures) n += m.appealing;
    return n;
  }
  std::size_t memory_bytes() const {
    std::size_t n = measures.memory_bytes() + reasons.size() * 96 + institutions.memory_bytes();
    for (const named& of : institutions) n += of.contents.memory_bytes();
    return n;
  }
  std::size_t subjects() const { return measures.size(); }
};

/// Tells the appeals of one subject apart: another order or another appeal is another question.
inline std::uint64_t appeal_occasion(const measure& m) { return std::uint64_t{m.serial} << 32 | m.appeals; }

/// Names one order to the platform: asked again, it is the same order.
inline subject_id effect_id(subject_id subject, std::uint32_t serial) {
  return derive_id(subject_kind::measure, subject, 1, serial);
}

}  // namespace zhili::takedown
