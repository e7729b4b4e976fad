// SPDX-License-Identifier: Apache-2.0
#include "node/copy_read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/yaml.hpp"
#include "storage/text_copy.hpp"

namespace zhili::node {

namespace fs = std::filesystem;

namespace {

tl::unexpected<error> in_file(const fs::path& file, const error& why) {
  return fail(why.code, fmt::format("{}: {}", file.string(), why.detail));
}

result<nlohmann::ordered_json> index_of(const fs::path& dir) {
  const fs::path file = dir / "copies.json";
  const auto text = policy::read_file(file, 64 * 1024 * 1024);
  if (!text) return tl::unexpected(text.error());
  auto j = nlohmann::ordered_json::parse(*text, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, fmt::format("{}: is no JSON object", file.string()));
  return j;
}

/// Reads the texts beside a copy and leaves in `named` those that are not there.
result<std::uint64_t> check_texts(const fs::path& file, std::set<digest256>& named) {
  const auto opened = open_copy(file);
  if (!opened) return tl::unexpected(opened.error());
  const auto texts = storage::read_texts(bytes_of(*opened), [&](const digest256& hash, std::string_view) {
    named.erase(hash);
    return status{};
  });
  return texts ? texts : in_file(file, texts.error());
}

result<scenarios::shelf> shelf_of(const fs::path& dir) { return scenarios::data_folder::read_shelf_of(dir); }

}  // namespace

result<std::vector<partition_id>> copies_in(const fs::path& dir) {
  std::error_code ec;
  std::vector<partition_id> out;
  fs::directory_iterator files(dir, ec);
  if (ec) return fail(errc::not_found, fmt::format("{}: {}", dir.string(), ec.message()));
  for (const auto& entry : files) {
    if (entry.path().extension() != ".copy") continue;
    const auto id = partition_of_copy(entry.path().stem().string());
    if (!id) {
      return fail(
          errc::malformed,
          fmt::format("{}: is not called as a copy of a partition is, such as content-5.copy", entry.path().string()));
    }
    out.push_back(*id);
  }
  std::sort(out.begin(), out.end());
  if (out.empty()) return fail(errc::not_found, fmt::format("{}: no copies of partitions are there", dir.string()));
  return out;
}

result<read_copy> check_copy(const fs::path& dir, partition_id id) {
  const fs::path file = dir / (copy_name(id) + ".copy");
  const auto opened = open_copy(file);
  if (!opened) return tl::unexpected(opened.error());
  read_copy out;
  status good;
  const auto whole = storage::inspect_copy(bytes_of(*opened), [&](const storage::record_view& r) {
    const auto batch = batch_reader::open(r.bytes);
    if (!batch) {
      good = fail(batch.error().code, fmt::format("batch {}: {}", r.at.value, batch.error().detail));
      return false;
    }
    scenarios::add_named(*batch, out.named);
    for (const entry_view entry : *batch) {
      if (entry.kind == entry_kind::command) out.last_at = {entry.header<wire::command_header>().at()};
    }
    return true;
  });
  if (!whole) return in_file(file, whole.error());
  if (!good) return in_file(file, good.error());
  if (whole->partition != id) {
    return fail(
        errc::out_of_range,
        fmt::format(
            "{}: field `partition`: the copy is of {}; give the file its name back", file.string(),
            scenarios::partition_name(whole->partition)));
  }
  out.whole = *whole;
  auto missing = out.named.texts;
  const auto texts = check_texts(dir / (copy_name(id) + ".texts"), missing);
  if (!texts) return tl::unexpected(texts.error());
  out.texts = *texts;
  out.texts_missing.assign(missing.begin(), missing.end());
  const auto index = index_of(dir);
  if (!index) return tl::unexpected(index.error());
  const auto partitions = index->value("partitions", nlohmann::ordered_json::object());
  const auto mine = partitions.value(scenarios::partition_name(id), nlohmann::ordered_json::object());
  out.complete = mine.value("complete", false) && mine.value("last", std::uint64_t{0}) == whole->extent.last.value;
  return out;
}

status check_fit(const fs::path& dir, const read_copy& copy, scenarios::data_folder& into, storage::life how) {
  const partition_id id = copy.whole.partition;
  const std::string name = scenarios::partition_name(id);
  const auto here = shelf_of(dir);
  if (!here) return tl::unexpected(here.error());
  const auto there = into.read_shelf();
  if (!there) return tl::unexpected(there.error());
  for (const digest128& pack : copy.named.packs) {
    if (here->pack(pack) || there->pack(pack)) continue;
    return fail(errc::not_found, fmt::format("{}: its log names pack {}, which is not under {}/packs", name, hex(pack), dir.string()));
  }
  for (const digest128& snapshot : copy.named.snapshots) {
    if (here->snapshot(snapshot) || there->snapshot(snapshot)) continue;
    return fail(
        errc::not_found,
        fmt::format("{}: its log names registry snapshot {}, which is not under {}/registry", name, hex(snapshot), dir.string()));
  }
  if (how != storage::life::goes_on) return {};
  if (!copy.complete) {
    return fail(
        errc::bad_argument,
        fmt::format(
            "{}: --as move: the copy was made while the node ran, or of a part: what came after it would be forgotten "
            "in silence. Stop the node and export with --data-dir, or import it with --as restore",
            name));
  }
  const auto kept = into.log().extent(id);
  if (!kept) return tl::unexpected(kept.error());
  if (kept->last <= copy.whole.extent.last && (kept->last == storage::seq{} || kept->incarnation <= copy.whole.extent.incarnation)) {
    return {};
  }
  return fail(
      errc::bad_argument,
      fmt::format(
          "{}: --as move: the folder holds batch {} of life {}, the copy ends with batch {} of life {}: it is an older one. "
          "Import it with --as restore if that is meant",
          name, kept->last.value, kept->incarnation.value, copy.whole.extent.last.value, copy.whole.extent.incarnation.value));
}

status import_belongings(const fs::path& dir, scenarios::data_folder& into) {
  for (const std::string& name : scenarios::data_folder::kept_files_of(dir)) {
    std::error_code ec;
    if (fs::exists(into.dir() / name, ec)) continue;
    const auto bytes = policy::read_file(dir / name, std::size_t{1} << 30);
    if (!bytes) return tl::unexpected(bytes.error());
    if (status done = write_file(into.dir() / name, *bytes); !done) return done;
  }
  const auto index = index_of(dir);
  if (!index) return tl::unexpected(index.error());
  std::map<std::string, std::string> records;
  const auto folder = index->value("folder", nlohmann::ordered_json::object());
  for (const auto& [key, value] : folder.items()) {
    if (value.is_string()) records[key] = value.get<std::string>();
  }
  return into.adopt(records);
}

result<storage::transferred> import_copy(
    const fs::path& dir, const read_copy& copy, scenarios::data_folder& into, storage::life how,
    storage::incarnation at_least) {
  const partition_id id = copy.whole.partition;
  const fs::path texts_file = dir / (copy_name(id) + ".texts");
  const auto texts = open_copy(texts_file);
  if (!texts) return tl::unexpected(texts.error());
  const auto read = storage::read_texts(bytes_of(*texts), [&](const digest256& hash, std::string_view text) {
    return into.texts().put(hash, text);
  });
  if (!read) return in_file(texts_file, read.error());
  const auto opened = open_copy(dir / (copy_name(id) + ".copy"));
  if (!opened) return tl::unexpected(opened.error());
  const auto lease = into.log().acquire(id);
  if (!lease) return tl::unexpected(lease.error());
  return storage::import_partition(into.log(), *lease, bytes_of(*opened), how, at_least);
}

}  // namespace zhili::node
