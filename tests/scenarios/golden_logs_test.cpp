// SPDX-License-Identifier: Apache-2.0
// Logs that an earlier build of the same behaviour versions wrote: today's decide, apply and react must make them again to
// the byte, and end in the same state. tests/scenarios/golden_logs/make.sh makes new ones.
#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "scenarios/trace/data_folder.hpp"
#include "storage/memory_content.hpp"
#include "storage/text_copy.hpp"

namespace zhili::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path folder = "tests/scenarios/golden_logs";
constexpr const char* states_file = "states.txt";

storage::byte_source bytes_of(const fs::path& file) {
  auto in = std::make_shared<std::ifstream>(file, std::ios::binary);
  REQUIRE_MESSAGE(in->good(), file.string());
  return [in](std::span<std::byte> buffer) -> result<std::size_t> {
    in->read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(buffer.size()));
    return static_cast<std::size_t>(in->gcount());
  };
}

std::vector<fs::path> copies() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".copy") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Which file holds the version, and how logs are made: what a person needs who sees this fail.
std::string raise_it(std::string_view workflow) {
  return fmt::format("decide, apply or react of {0} changed its meaning and the version did not: raise `behaviour` in "
                     "actors/{0}/workflow.hpp and make new golden logs with tests/scenarios/golden_logs/make.sh build/zhili",
                     workflow);
}

/// State digests by partition, as `content/5 0123…` a line.
std::map<std::string, std::string> expected_states() {
  std::ifstream in(folder / states_file);
  std::map<std::string, std::string> out;
  for (std::string name, digest; in >> name >> digest;) out[name] = digest;
  return out;
}

struct executed {
  partition_id id;
  std::uint64_t batches = 0;
  std::uint64_t decisions = 0;
  std::string state;
};

executed execute(const fs::path& copy, const shelf& shelves) {
  storage::memory_content texts;
  REQUIRE(storage::read_texts(bytes_of(fs::path(copy).replace_extension(".texts")), [&](const digest256& hash, std::string_view text) {
    return texts.put(hash, text);
  }));
  executed out;
  std::unique_ptr<partition::engine> engine;
  partition::bench work;
  const auto whole = storage::inspect_copy(bytes_of(copy), [&](const storage::record_view& r) {
    const auto batch = batch_reader::open(r.bytes);
    REQUIRE(batch);
    out.id = partition_id::unpack(batch->head().partition());
    const auto* workflow = partition::find_workflow(out.id.workflow);
    REQUIRE(workflow != nullptr);
    if (!engine) engine = std::make_unique<partition::engine>(out.id, *workflow, partition::surroundings{&shelves, &texts, &work}, 1);
    REQUIRE_MESSAGE(batch->head().behaviour() == workflow->behaviour,
                    "the version of ", workflow->name, " was raised: make new golden logs with tests/scenarios/golden_logs/make.sh "
                    "build/zhili");
    const status same = engine->verify(*batch);
    REQUIRE_MESSAGE(same, raise_it(workflow->name), ". First: ", same.error().detail);
    ++out.batches;
    return true;
  });
  REQUIRE_MESSAGE(whole, whole.error().detail);
  out.decisions = engine->decisions();
  out.state = hex(engine->state_digest());
  return out;
}

}  // namespace

TEST_SUITE("scenarios/golden_logs") {
  TEST_CASE("logs of this behaviour are decided again to the byte and end in the same state") {
    const auto shelves = data_folder::read_shelf_of(folder);
    REQUIRE_MESSAGE(shelves, shelves.error().detail);
    const bool writes = std::getenv("ZHILI_GOLDEN_STATES") != nullptr;
    const auto states = expected_states();
    std::map<std::string_view, std::uint64_t> batches;
    std::string fresh;
    for (const fs::path& copy : copies()) {
      CAPTURE(copy);
      const executed e = execute(copy, *shelves);
      const std::string_view workflow = partition::find_workflow(e.id.workflow)->name;
      batches[workflow] += e.batches;
      const std::string name = partition_name(e.id);
      fresh += name + ' ' + e.state + '\n';
      if (writes) continue;
      REQUIRE_MESSAGE(states.contains(name), "states.txt does not name it");
      CHECK_MESSAGE(states.at(name) == e.state, raise_it(workflow), ". Its state after the log is another one");
    }
    for (const auto* w : partition::workflows()) CHECK_MESSAGE(batches[w->name] >= 10, w->name, " has no golden log");
    if (writes) std::ofstream(folder / states_file) << fresh;
  }
}

}  // namespace zhili::scenarios
