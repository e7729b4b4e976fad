// SPDX-License-Identifier: Apache-2.0
// Recorded runs for the tests of trace, replay and verify: a scratch folder, a recording, its lines, a replay.
#pragma once

#include <fstream>

#include "policy/yaml.hpp"
#include "scenarios/trace/data_folder.hpp"
#include "scenarios/trace/recorder.hpp"
#include "scenarios/trace/replay.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios::testing {

namespace fs = std::filesystem;

/// A folder of its own, gone at the end.
struct scratch_dir {
  fs::path path;
  scratch_dir() {
    std::string pattern = (fs::temp_directory_path() / "zhili-trace-XXXXXX").string();
    ZHILI_ASSERT(mkdtemp(pattern.data()) != nullptr, "a test may make a folder");
    path = pattern;
  }
  scratch_dir(const scratch_dir&) = delete;
  scratch_dir& operator=(const scratch_dir&) = delete;
  ~scratch_dir() {
    std::error_code ec;
    fs::remove_all(path, ec);
  }
};

inline manifest manifest_of(const scenario& s, std::uint64_t seed) {
  auto yaml = policy::read_file("scenarios/data/smoke.yaml", policy::yaml_bytes_max);
  ZHILI_ASSERT(yaml.has_value(), "tests run in the root of the project");
  return {trace_head::of(s, *yaml, seed, *baseline()), "simulate", *yaml};
}

inline simulation_result record(const scenario& s, std::uint64_t seed, const fs::path& file, unsigned lanes = 1) {
  auto to = recorder::create(file, manifest_of(s, seed).head);
  ZHILI_ASSERT(to.has_value(), to.error().detail);
  simulation_settings settings = settings_for(seed, lanes);
  settings.listener = to->get();
  settings.prepared = [&](const std::vector<control>& schedule, const shelf& shelves) {
    (*to)->controls(schedule, shelves);
    return status{};
  };
  simulation_result r = run(s, settings);
  const status done = (*to)->finish();
  ZHILI_ASSERT(done.has_value(), done.error().detail);
  return r;
}

struct replayed {
  result<replay_result> outcome;
  trace_report report;

  /// REQUIRES: it came to its end.
  const replay_result* operator->() const {
    ZHILI_ASSERT(outcome.has_value(), outcome.error().detail);
    return &*outcome;
  }
};

inline replay_settings on_lanes(unsigned lanes) {
  replay_settings settings;
  settings.lanes = lanes;
  return settings;
}

inline replay_settings judged_by(std::shared_ptr<const policy::pack> pack) {
  replay_settings settings;
  settings.packs = {std::move(pack)};
  settings.lanes = 1;
  settings.other_pack = true;
  return settings;
}

inline replayed replay_file(const fs::path& file, const scenario* truth, replay_settings settings = on_lanes(1),
                            bool strict = false) {
  auto feed = trace_feed::open(file, strict);
  if (!feed) return {tl::unexpected(feed.error()), {}};
  if (settings.packs.empty()) settings.packs = {baseline()};
  settings.truth = truth;
  auto outcome = replay(**feed, settings);
  return {std::move(outcome), (*feed)->report()};
}

inline std::vector<std::string> lines_of(const fs::path& file) {
  auto from = line_reader::open(file);
  ZHILI_ASSERT(from.has_value(), from.error().detail);
  std::vector<std::string> out;
  for (auto line = from->next(); line && *line; line = from->next()) out.emplace_back(**line);
  return out;
}

inline void write_lines_to(const fs::path& file, const std::vector<std::string>& lines) {
  std::ofstream out(file, std::ios::binary);
  for (const std::string& l : lines) out << l << '\n';
}

inline std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  ZHILI_ASSERT(at != std::string::npos, std::string(what));
  return text.replace(at, what.size(), by);
}

}  // namespace zhili::scenarios::testing
