// SPDX-License-Identifier: Apache-2.0
// Kept logs, executed again: the same, or the place where they are not.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "actors/workflow_numbers.hpp"
#include "scenarios/trace/log_cursor.hpp"
#include "scenarios/trace/replay_summary.hpp"
#include "scenarios/trace/verify.hpp"
#include "tests/scenarios/recorded.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

judges baseline_judges() {
  judges by;
  const status loaded = by.add("packs/baseline-2021");
  ZHILI_ASSERT(loaded.has_value(), loaded.error().detail);
  return by;
}

using interference = std::function<std::optional<std::vector<std::byte>>(const storage::append_item&)>;

/// A log that keeps something else than it was given, and says that all is well.
class dishonest_log final : public storage::partition_log {
 public:
  dishonest_log(storage::partition_log& to, interference what) : to_(to), what_(std::move(what)) {}

  result<storage::lease> acquire(partition_id p) override { return to_.acquire(p); }
  void append(std::span<const storage::append_item> items, std::span<storage::append_outcome> outcomes) override {
    for (std::size_t n = 0; n < items.size(); ++n) {
      storage::append_item item = items[n];
      const auto bytes = what_(item);
      outcomes[n] = storage::append_outcome::ok;
      if (!bytes) continue;
      item.bytes = *bytes;
      to_.append({&item, 1}, outcomes.subspan(n, 1));
    }
  }
  result<bool> resolve(const storage::lease& l, storage::seq n, digest128 id) override { return to_.resolve(l, n, id); }
  status read(partition_id p, storage::seq from, const storage::batch_visitor& v) override { return to_.read(p, from, v); }
  result<storage::seq> head(partition_id p) override { return to_.head(p); }
  result<std::vector<partition_id>> partitions() override { return to_.partitions(); }

 private:
  storage::partition_log& to_;
  interference what_;
};

/// Runs `smoke` into the folder.
simulation_result keep(const fs::path& dir, std::uint64_t seed, const fault_plan& faults = {},
                       const interference& meddling = {}) {
  const scenario s = load("smoke");
  const manifest m = manifest_of(s, seed);
  const judges by = baseline_judges();
  auto folder = data_folder::create(dir);
  ZHILI_ASSERT(folder.has_value(), folder.error().detail);
  dishonest_log meddled((*folder)->log(), meddling);
  simulation_settings settings = settings_for(seed);
  settings.log = &(*folder)->log();
  if (meddling) settings.log = &meddled;
  settings.texts = &(*folder)->texts();
  settings.prepared = [&](const auto&, const shelf& shelves) { return (*folder)->begin(m, by, shelves); };
  settings.faults = faults;
  simulation_result r = run(s, settings);
  const status done = (*folder)->finish(r, summary_json(s, r, "simulate"));
  ZHILI_ASSERT(done.has_value(), done.error().detail);
  return r;
}

result<verify_report> verified(const fs::path& dir) {
  auto folder = data_folder::open(dir);
  if (!folder) return tl::unexpected(folder.error());
  return verify(**folder, {});
}

verify_report report_on(const fs::path& dir) {
  auto r = verified(dir);
  ZHILI_ASSERT(r.has_value(), r.error().detail);
  return std::move(*r);
}

void put_record(const fs::path& dir, std::string_view name, std::string_view value) {
  auto store = storage::leveldb_store::open(dir, {});
  REQUIRE(store.has_value());
  REQUIRE((*store)->put_meta(name, value).has_value());
}

std::string record_of(const fs::path& dir, std::string_view name) {
  auto store = storage::leveldb_store::open(dir, {});
  REQUIRE(store.has_value());
  return (*store)->get_meta(name).value();
}

/// The batch with one bit of its last event turned and all checksums right; nothing where it has no event but
/// decisions.
std::optional<std::vector<std::byte>> with_another_event(bytes_view bytes) {
  const auto batch = batch_reader::open(bytes);
  REQUIRE(batch.has_value());
  batch_writer again;
  bool turned = false;
  for (const entry_view e : *batch) {
    std::vector<std::byte> content(e.content.begin(), e.content.end());
    if (e.kind == entry_kind::event && e.type != 1 && !turned) {
      content[0] ^= std::byte{1};
      turned = true;
    }
    again.add(e.kind, e.type, {}, content);
  }
  if (!turned) return std::nullopt;
  const auto& h = batch->head();
  const bytes_view sealed = again.seal(partition_id::unpack(h.partition()), h.seq(), h.epoch(), h.incarnation(),
                                       h.behaviour(), {h.chain_hi(), h.chain_lo()});
  return std::vector<std::byte>(sealed.begin(), sealed.end());
}

/// The same batch as if another version of its workflow had written it.
std::vector<std::byte> by_version(bytes_view bytes, std::uint32_t behaviour) {
  std::vector<std::byte> copy(bytes.begin(), bytes.end());
  const auto batch = batch_reader::open(copy);
  REQUIRE(batch.has_value());
  batch_writer again;
  for (const entry_view e : *batch) again.add(e.kind, e.type, {}, e.content);
  const auto& h = batch->head();
  const bytes_view sealed = again.seal(partition_id::unpack(h.partition()), h.seq(), h.epoch(), h.incarnation(), behaviour,
                                       {h.chain_hi(), h.chain_lo()});
  return {sealed.begin(), sealed.end()};
}

std::vector<std::byte> as_given(const storage::append_item& item) { return {item.bytes.begin(), item.bytes.end()}; }

TEST_SUITE_BEGIN("scenarios/verify");

TEST_CASE("logs that are executed again diverge nowhere and give every figure again") {
  const scratch_dir dir;
  for (const std::uint64_t seed : {1u, 2u}) {
    CAPTURE(seed);
    const fs::path at = dir.path / std::to_string(seed);
    const simulation_result was = keep(at, seed);
    const verify_report r = report_on(at);
    CHECK(r.divergences.empty());
    CHECK(r.damage.empty());
    CHECK(r.not_compared.empty());
    CHECK(r.figures_compared > 100);
    for (const figure_difference& d : r.differences) FAIL_CHECK(d.figure << ": " << d.printed << ", " << d.from_logs);
    CHECK(r.digest == was.totals.digest);
    CHECK(r.commands == was.totals.commands);
    CHECK(r.batches == r.commands);
    CHECK(r.partitions == partition::workflows().size() * shard_count);
  }
}

TEST_CASE("logs of a run with crashes and with lost and late messages are verified like any other") {
  const scratch_dir dir;
  fault_plan faults = fault_plan::draw(3);
  faults.drop_ppm = faults.delay_ppm = 20'000;
  faults.crash_ppm = 2'000;
  faults.delay_max = std::chrono::minutes{30};
  const simulation_result was = keep(dir.path / "run", 3, faults);
  CHECK(was.totals.faults.crashed > 0);
  CHECK(was.totals.faults.dropped > 0);
  const verify_report r = report_on(dir.path / "run");
  CHECK(r.divergences.empty());
  CHECK(r.differences.empty());
  CHECK(r.digest == was.totals.digest);
}

TEST_CASE("a replay's logs are verified too, with truth and without") {
  const scratch_dir dir;
  const scenario s = load("smoke");
  record(s, 4, dir.path / "run.ndjson.zst");
  const judges by = baseline_judges();
  for (const bool truth : {true, false}) {
    CAPTURE(truth);
    const fs::path at = dir.path / (truth ? "with" : "without");
    {
      auto folder = data_folder::create(at);
      REQUIRE(folder.has_value());
      manifest m = manifest_of(s, 4);
      m.how = "replay";
      if (!truth) m.yaml.clear();
      replay_settings settings = on_lanes(1);
      settings.log = &(*folder)->log();
      settings.texts = &(*folder)->texts();
      settings.prepared = [&](const auto&, const shelf& shelves) { return (*folder)->begin(m, by, shelves); };
      const replayed r = replay_file(dir.path / "run.ndjson.zst", truth ? &s : nullptr, settings);
      REQUIRE((*folder)->finish(r->run, replay_json(truth ? s : scenario_of(m.head), *r.outcome)).has_value());
    }
    const verify_report r = report_on(at);
    CHECK(r.divergences.empty());
    CHECK(r.not_compared.empty());
    CHECK(r.figures_compared > 50);
    for (const figure_difference& d : r.differences) FAIL_CHECK(d.figure << ": " << d.printed << ", " << d.from_logs);
  }
}

TEST_CASE("what another version decided is applied and counted, and what follows it is decided again") {
  const scratch_dir dir;
  // Content's first batches, as if version 1 had written them.
  std::uint64_t written = 0;
  const simulation_result was = keep(dir.path / "run", 5, {}, [&](const storage::append_item& item) {
    if (item.lease.partition.workflow != workflow_numbers::content || item.expected.value > 10) return std::optional(as_given(item));
    ++written;
    return std::optional(by_version(item.bytes, 1));
  });
  const verify_report r = report_on(dir.path / "run");
  CHECK(r.divergences.empty());
  CHECK(r.damage.empty());
  CHECK(r.reapplied == std::map<std::string, std::uint64_t>{{"content 1", written}});
  CHECK(r.reapplied_batches() == written);
  CHECK(r.batches > written);
  CHECK(r.digest == was.totals.digest);
  CHECK(verify_json(r).find("\"content 1\": " + std::to_string(written)) != std::string::npos);
}

TEST_CASE("an event that was changed in a log is found, and named with its partition, batch and command") {
  const scratch_dir dir;
  std::string place;
  const simulation_result was = keep(dir.path / "run", 5, {}, [&](const storage::append_item& item) {
    if (item.lease.partition.workflow != workflow_numbers::content || !place.empty() || item.expected.value < 3) return std::optional(as_given(item));
    auto other = with_another_event(item.bytes);
    if (!other) return std::optional(as_given(item));
    place = fmt::format("content shard {}: batch {}", item.lease.partition.shard, item.expected.value);
    return other;
  });
  REQUIRE_FALSE(place.empty());
  const verify_report r = report_on(dir.path / "run");
  REQUIRE(r.divergences.size() == 1);
  CAPTURE(r.divergences[0]);
  CHECK(r.divergences[0].starts_with(place));
  CHECK(r.divergences[0].find("gives another result today") != std::string::npos);
  CHECK(r.diverged());
  CHECK(r.damage.empty());
  CHECK(r.batches < was.totals.commands);
  CHECK_FALSE(r.not_compared.empty());
}

TEST_CASE("a log that lacks its end is found by the chain in the manifest") {
  const scratch_dir dir;
  const partition_id shortened{workflow_numbers::content, 7};
  keep(dir.path / "run", 6, {}, [&](const storage::append_item& item) -> std::optional<std::vector<std::byte>> {
    if (item.lease.partition == shortened && item.expected.value > 5) return std::nullopt;
    return as_given(item);
  });
  const verify_report r = report_on(dir.path / "run");
  REQUIRE(r.divergences.size() == 1);
  CHECK(r.divergences[0].starts_with("content/7: its log ends after 5 commands"));
}

TEST_CASE("a figure that was printed wrong is found") {
  const scratch_dir dir;
  const fs::path at = dir.path / "run";
  keep(at, 7);
  auto figures = nlohmann::ordered_json::parse(record_of(at, "figures"));
  const auto caught = figures["caught"]["products"].get<int>();
  figures["caught"]["products"] = caught + 1;
  figures["invented"] = 3;
  put_record(at, "figures", figures.dump());
  const verify_report r = report_on(at);
  REQUIRE(r.differences.size() == 2);
  CHECK(r.differences[0].figure == "/caught/products");
  CHECK(r.differences[0].printed == std::to_string(caught + 1));
  CHECK(r.differences[0].from_logs == std::to_string(caught));
  CHECK(r.differences[1].figure == "/invented");
  CHECK(r.diverged());
  CHECK(r.divergences.empty());
}

TEST_CASE("a damaged log is refused at its place, and all before it and beside it is executed") {
  const scratch_dir dir;
  const fs::path at = dir.path / "run";
  const simulation_result was = keep(at, 8);
  fs::path largest;
  for (const auto& file : fs::directory_iterator(at / "store")) {
    if (file.path().extension() != ".ldb") continue;
    if (largest.empty() || file.file_size() > fs::file_size(largest)) largest = file.path();
  }
  // Batches begin with their magic; the one in the middle of the file is hit.
  std::string bytes = contents(largest);
  std::vector<std::size_t> places;
  for (std::size_t n = bytes.find("ZHZL"); n != std::string::npos; n = bytes.find("ZHZL", n + 1)) places.push_back(n);
  REQUIRE(places.size() > 100);
  bytes[places[places.size() / 2] + 2] ^= 0x10;
  std::ofstream(largest, std::ios::binary) << bytes;

  const verify_report r = report_on(at);
  REQUIRE_FALSE(r.damage.empty());
  for (const std::string& d : r.damage) {
    CAPTURE(d);
    CHECK(d.find("partition ") != std::string::npos);
    CHECK(d.find(": batch ") != std::string::npos);
  }
  CHECK(r.divergences.empty());
  CHECK(r.batches < was.totals.commands);
  CHECK(r.batches > was.totals.commands * 3 / 4);
  CHECK(r.not_compared.find("whole logs") != std::string::npos);
}

TEST_CASE("a folder that is no whole run is refused, or said to be unfinished") {
  const scratch_dir dir;
  CHECK(verified(dir.path).error().code == errc::not_found);
  const fs::path at = dir.path / "run";
  keep(at, 9);
  CHECK(data_folder::create(at).error().code == errc::bad_argument);
  SUBCASE("a registry snapshot was changed") {
    const fs::path file = fs::directory_iterator(at / "registry")->path();
    std::string text = contents(file);
    const std::size_t digit = text.find("\"listed\":[\"") + 12;
    text[digit] = text[digit] == '0' ? '1' : '0';
    std::ofstream(file, std::ios::binary) << text;
    CHECK(verified(at).error().code == errc::checksum);
  }
  SUBCASE("a pack was changed") {
    const fs::path pack = fs::directory_iterator(at / "packs")->path();
    std::ofstream(pack / "lexicons" / "absolutes.txt", std::ios::app) << "# one more line\n";
    CHECK(verified(at).error().code == errc::checksum);
  }
  SUBCASE("a pack is missing") {
    fs::remove_all(at / "packs");
    const verify_report r = report_on(at);
    REQUIRE_FALSE(r.damage.empty());
    CHECK(r.damage[0].find("not on the shelf") != std::string::npos);
    CHECK(r.batches == 0);
  }
  SUBCASE("its manifest is of another format") {
    put_record(at, "head", replaced(record_of(at, "head"), "\"trace\":1", "\"trace\":9"));
    CHECK(verified(at).error().code == errc::unsupported_version);
  }
}

TEST_CASE("a run that never came to its end is executed again as far as it went") {
  const scratch_dir dir;
  const scenario s = small_world();
  const judges by = baseline_judges();
  const manifest m = manifest_of(s, 10);
  {
    auto folder = data_folder::create(dir.path / "run");
    REQUIRE(folder.has_value());
    simulation_settings settings = settings_for(10);
    settings.log = &(*folder)->log();
    settings.texts = &(*folder)->texts();
    settings.prepared = [&](const auto&, const shelf& shelves) { return (*folder)->begin(m, by, shelves); };
    run(s, settings);
  }
  const verify_report r = report_on(dir.path / "run");
  CHECK(r.divergences.empty());
  CHECK(r.commands > 0);
  CHECK(r.not_compared.find("never came to its end") != std::string::npos);
}

TEST_CASE("the ledger gives the same figures in whatever order the partitions of one instant come") {
  const scenario s = load("smoke");
  const scratch_dir dir;
  keep(dir.path / "run", 11);
  auto folder = data_folder::open(dir.path / "run");
  REQUIRE(folder.has_value());
  const model world(s, 11);
  const auto figures_by = [&](bool last_workflow_first) {
    figures all;
    for (shard_no shard = 0; shard < shard_count; ++shard) {
      std::vector<const partition::workflow_descriptor*> order{partition::workflows().begin(), partition::workflows().end()};
      if (last_workflow_first) std::reverse(order.begin(), order.end());
      std::vector<log_cursor> cursors;
      for (const auto* w : order) cursors.emplace_back((*folder)->log(), partition_id{w->number, shard});
      ledger books(world);
      for (;;) {
        log_cursor* soonest = nullptr;
        for (log_cursor& c : cursors) {
          if (c.batch() && (soonest == nullptr || c.at() < soonest->at())) soonest = &c;
        }
        if (soonest == nullptr) break;
        books.take(soonest->partition(), *soonest->batch());
        soonest->advance();
      }
      all.merge(books.close(s.end));
    }
    all.finish();
    return all;
  };
  simulation_result forwards, backwards;
  forwards.pack = backwards.pack = baseline();
  forwards.figures = figures_by(false);
  backwards.figures = figures_by(true);
  CHECK(summary_json(s, forwards, "") == summary_json(s, backwards, ""));
  CHECK(forwards.figures.of(subject_kind::product).caught > 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
