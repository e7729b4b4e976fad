// SPDX-License-Identifier: Apache-2.0
// How a pack does on labelled phrases: found, touched, decided without a person, with 95 % intervals.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "node/policy/labelled.hpp"
#include "node/policy/text_judge.hpp"

namespace zhili::node {

/// approve, label, demote, reject, escalate, in this order.
inline constexpr std::array text_verdicts{verdict::approve, verdict::label, verdict::demote, verdict::reject,
                                          verdict::escalate};

struct verdict_counts {
  std::array<std::uint64_t, text_verdicts.size()> by{};

  void add(verdict v);
  void add(const verdict_counts& o);
  std::uint64_t of(verdict v) const;
  std::uint64_t all() const;
  /// Any verdict but approve.
  std::uint64_t touched() const { return all() - of(verdict::approve); }
  /// Label, demote or reject: nobody had to look.
  std::uint64_t decided() const { return touched() - of(verdict::escalate); }
};

/// `part` of `whole` and the interval in which the true share lies with 95 % (Wilson). All 0 where whole is 0.
struct share {
  std::uint64_t part = 0;
  std::uint64_t whole = 0;
  double value = 0;
  double low = 0;
  double high = 0;
};
share share_of(std::uint64_t part, std::uint64_t whole);

/// A phrase on which the pack was wrong: an illegal one approved, or another one touched.
struct wrong_phrase {
  std::uint32_t line = 0;
  std::string label;
  std::string phrase;
  zhili::verdict verdict = zhili::verdict::approve;
  std::vector<std::string> rules;
};

struct measurement {
  std::map<std::string, verdict_counts> by_label;
  verdict_counts illegal, harmless, talk;
  std::vector<wrong_phrase> missed;
  std::vector<wrong_phrase> wrongful;

  /// Illegal ones found; illegal among all that were touched; of those found, decided without a person.
  share recall() const { return share_of(illegal.touched(), illegal.all()); }
  share precision() const;
  share decided() const { return share_of(illegal.decided(), illegal.touched()); }
};

measurement measure(text_judge& judge, const std::vector<labelled_phrase>& phrases);

/// What a person needs for `per` texts of which this share is escalated.
double reviewer_hours(const verdict_counts& counts, duration handling, std::uint64_t per);

/// For the report's head.
struct measured_what {
  std::string file, pack, digest, date, kind;
  duration handling{};
};
std::string measurement_text(const measurement& m, const measured_what& what, bool zh);
std::string measurement_json(const measurement& m, const measured_what& what);

}  // namespace zhili::node
