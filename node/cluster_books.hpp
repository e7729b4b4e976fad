// SPDX-License-Identifier: Apache-2.0
// What a cluster decided beside what `zhili replay` decides of the same trace: books by kind, the last
// decision of every subject, and what must not be in any log.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "node/client.hpp"
#include "protocols/log/batch.hpp"
#include "storage/partition_log.hpp"

namespace zhili::node {

/// A subject as its last decision left it.
struct last_decision {
  std::int64_t at = 0;
  std::uint32_t number = 0;
  subject_kind kind{};
  verdict decided{};
  wire::cause cause{};
};
/// By subject and workflow: an appeal is a decision of takedown on somebody else's subject.
using decided_subjects = std::map<std::pair<subject_id, workflow_no>, last_decision>;

/// One run over a trace, by a cluster or by replay.
struct side {
  /// By kind: submitted, decided, waiting, refused.
  std::map<std::string, std::array<std::uint64_t, 4>> books;
  std::map<std::string, std::uint64_t> verdicts;
  decided_subjects decided;
  /// Of effects: what the first order under the id said.
  std::map<subject_id, std::string> effects;
  std::uint64_t effects_twice = 0;
  /// Submissions that a log holds, by workflow and key, and how many it holds a second time.
  std::set<std::pair<workflow_no, subject_id>> keys;
  std::uint64_t kept_twice = 0;
  /// Frames between the nodes that were lost, doubled and overtaken on purpose, in the last life of each process.
  fault_counts faults;
};

/// Adds what a log holds.
status read_decisions(storage::partition_log& log, side& into);
/// Adds the books of a running node.
status add_counts(client& node, side& into);
void count_verdicts(side& s);
result<side> replayed(const std::filesystem::path& trace, const std::string& pack_name);

/// The table of both, for a person.
std::string comparison(const side& here, const side& there, bool zh);
/// Subjects whose last decision is another one are counted; the first of them in words, with the cause.
std::string differing(const side& here, const side& there, std::uint64_t& count, bool zh);
/// What must hold whatever became of processes and frames; each fault a line, empty where all holds.
/// `accepted` and `refused` are what the submitter heard.
std::string broken_promises(const side& here, const side& there, const client_counters& heard, bool zh);

}  // namespace zhili::node
