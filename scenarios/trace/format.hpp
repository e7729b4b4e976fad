// SPDX-License-Identifier: Apache-2.0
// The lines of a trace: one head, then control lines, then submissions. docs/trace.md is normative.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "policy/pack.hpp"
#include "scenarios/kernel/world.hpp"
#include "scenarios/world/registry.hpp"
#include "scenarios/world/scenario.hpp"

namespace zhili::scenarios {

inline constexpr std::uint64_t trace_version = 1;

/// The first line: what was run, and what judged. Stands in the manifest of a data folder too.
struct trace_head {
  std::string scenario;
  /// BLAKE2b-256 of the scenario's file, in hex; empty: the trace comes from no scenario and nobody knows its truth.
  std::string scenario_digest;
  std::uint64_t seed = 0;
  instant begin;
  instant end;
  duration opening{0};
  duration hop{0};
  std::string pack;
  std::string pack_digest;
  /// Version of what each workflow's decide, apply and react mean.
  std::map<std::string, std::uint32_t> behaviour;

  /// `yaml`: the scenario's file as it was read.
  static trace_head of(const scenarios::scenario& s, std::string_view yaml, std::uint64_t seed, const policy::pack& pack);
  instant first() const { return begin - opening; }
};

std::map<std::string, std::uint32_t> behaviour_now();

/// From `at` on a pack judges.
struct trace_pack {
  instant at;
  std::string name;
  /// BLAKE2b-256 in hex.
  std::string digest;
};

/// A registry snapshot was loaded, or a part of one: lines of one version add up.
struct trace_registry {
  instant at;
  std::uint32_t version = 0;
  std::vector<std::uint64_t> listed;
  std::vector<std::uint64_t> revoked;
};

struct trace_submission {
  instant at;
  workflow_no workflow = 0;
  type_no type = 0;
  account_id account;
  subject_id subject;
  subject_id key;
  instant event_time;
  std::string body;
  std::string text;
  /// Where it stands in the file.
  std::uint64_t line = 0;
};

using trace_line = std::variant<trace_pack, trace_registry, trace_submission>;

// ---- writing: each appends a line with its newline ----

void write_line(const trace_head& head, std::string& out);
void write_line(const trace_pack& p, std::string& out);
/// On as many lines as the limit for one asks for.
void write_lines(instant at, const registry_snapshot& s, std::string& out);
void write_line(const submission& s, std::string& out);

// ---- reading ----

class line_parser {
 public:
  line_parser();
  ~line_parser();

  /// Errors name the field. REQUIRES: limits of simdjson, `padding` readable bytes behind the line.
  result<trace_head> head(std::string_view line);
  result<trace_line> line(std::string_view line);

  static const std::size_t padding;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace zhili::scenarios
