// SPDX-License-Identifier: Apache-2.0
// What quality keeps: one row a decision that was drawn, and what all second looks together said.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "actors/decision/draft.hpp"
#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "actors/quality/agreement.hpp"
#include "protocols/schema/quality_generated.h"

namespace zhili::quality {

using partition::no_row;
using partition::row_no;

/// second -> agreed, or second -> third -> upheld or overturned.
enum class mode : std::uint8_t { second = 1, third = 2, agreed = 3, upheld = 4, overturned = 5 };

/// A decision that was drawn.
struct look {
  /// The task of the second look.
  subject_id id;
  subject_id subject;
  std::uint64_t ref = 0;
  /// Who gave the first opinion, 0 for the program, and the second.
  std::uint64_t decided_by = 0;
  std::uint64_t second_by = 0;
  /// Row and number of the decision in its workflow.
  row_no origin_row = 0;
  std::uint32_t number = 0;
  subject_kind kind{};
  workflow_no workflow = 0;
  zhili::verdict first{};
  zhili::verdict second{};
  zhili::verdict third{};
  quality::mode mode = mode::second;
  std::uint8_t spare[2] = {};
};

/// Second looks at one workflow's decisions on one kind of subject, by both verdicts.
struct opinions {
  static constexpr std::size_t verdicts = 7;

  workflow_no workflow = 0;
  subject_kind kind{};
  std::uint8_t spare[2] = {};
  /// Third opinions that let the decision stand, and that did not.
  std::uint32_t upheld = 0;
  std::uint32_t overturned = 0;
  /// [first][second]
  std::array<std::array<std::uint32_t, verdicts>, verdicts> count{};

  two_by_two sides() const {
    two_by_two t;
    for (std::size_t first = 0; first < verdicts; ++first) {
      const bool first_against = decision::adverse(static_cast<verdict>(first));
      for (std::size_t second = 0; second < verdicts; ++second) {
        const bool second_against = decision::adverse(static_cast<verdict>(second));
        auto& side = first_against ? (second_against ? t.both_adverse : t.first_adverse)
                                   : (second_against ? t.second_adverse : t.neither);
        side += count[first][second];
      }
    }
    return t;
  }
};

class state {
 public:
  partition::row_table<look> looks;
  /// In order of first appearance.
  std::vector<opinions> agreement;

  opinions& opinions_of(workflow_no workflow, subject_kind kind) {
    const auto found = std::find_if(agreement.begin(), agreement.end(), [&](const opinions& o) {
      return o.workflow == workflow && o.kind == kind;
    });
    if (found != agreement.end()) return *found;
    opinions fresh;
    fresh.workflow = workflow;
    fresh.kind = kind;
    return agreement.emplace_back(fresh);
  }

  void digest(partition::hasher& h) const {
    h.rows(looks);
    h.values(std::span<const opinions>{agreement});
  }
  /// A second look is no submission.
  std::uint64_t waiting() const { return 0; }
  std::size_t memory_bytes() const { return looks.memory_bytes() + agreement.capacity() * sizeof(opinions); }
  std::size_t subjects() const { return looks.size(); }
};

}  // namespace zhili::quality
