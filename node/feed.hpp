// SPDX-License-Identifier: Apache-2.0
// Gives the submissions of a trace to running nodes in the trace's order and counts what became of them.
#pragma once

#include <map>
#include <optional>

#include "node/client.hpp"
#include "scenarios/trace/format.hpp"

namespace zhili::node {

struct fed {
  client_counters counts;
  std::uint64_t bad_lines = 0;
  /// Accepted, by verdict or `waiting`.
  std::map<std::string, std::uint64_t> verdicts;
  std::map<std::string, std::uint64_t> refusals;
  double seconds = 0;
};

struct feed_settings {
  /// Step of the trace's time after which, and before whatever people did, all must have come to rest; nothing: as fast
  /// as the gateway takes it.
  std::optional<duration> settle;
  /// Submissions given so far, of how many (0: nobody knows).
  std::function<void(std::uint64_t, std::uint64_t)> progress;
  /// A bad line, with its number; it is left out.
  std::function<void(std::uint64_t, const std::string&)> bad_line;
};

/// The first is the gateway; the others are nodes that have to come to rest too.
result<fed> feed(const std::filesystem::path& trace, std::span<const std::unique_ptr<client>> nodes, const feed_settings& settings);

std::string fed_json(const fed& f);
std::string fed_text(const fed& f, bool zh);

}  // namespace zhili::node
