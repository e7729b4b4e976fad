// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/data_folder.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/trace/feed.hpp"

namespace zhili::scenarios {

namespace fs = std::filesystem;

namespace {

status made(const fs::path& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec) return fail(errc::io, fmt::format("{}: cannot be made: {}", folder.string(), ec.message()));
  return {};
}

/// Files and folders of `folder` by name; none where it is not there.
std::vector<fs::path> listed(const fs::path& folder) {
  std::error_code ec;
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder, ec)) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

tl::unexpected<error> altered(const fs::path& what) {
  return fail(errc::checksum, fmt::format("{}: is another one than its name says: restore it from a backup", what.string()));
}

result<std::shared_ptr<const registry_snapshot>> read_snapshot(const fs::path& file) {
  auto lines = line_reader::open(file);
  if (!lines) return tl::unexpected(lines.error());
  line_parser parser;
  trace_registry whole;
  for (;;) {
    const auto line = lines->next();
    if (!line) return tl::unexpected(line.error());
    if (!*line) break;
    auto parsed = parser.line(**line);
    auto* part = parsed ? std::get_if<trace_registry>(&*parsed) : nullptr;
    if (part == nullptr) return altered(file);
    whole.version = part->version;
    whole.listed.insert(whole.listed.end(), part->listed.begin(), part->listed.end());
    whole.revoked.insert(whole.revoked.end(), part->revoked.begin(), part->revoked.end());
  }
  return std::make_shared<registry_snapshot>(whole.version, std::move(whole.listed), std::move(whole.revoked));
}

}  // namespace

std::string partition_name(partition_id id) {
  const auto* w = partition::find_workflow(id.workflow);
  return fmt::format("{}/{}", w == nullptr ? std::to_string(id.workflow) : std::string(w->name), id.shard);
}

status judges::add(const fs::path& folder) {
  auto pack = policy::pack::load(folder);
  if (!pack) return tl::unexpected(pack.error());
  packs.push_back(std::move(*pack));
  folders.push_back(folder);
  return {};
}

result<std::unique_ptr<data_folder>> data_folder::create(const fs::path& dir) {
  std::error_code ec;
  if (fs::exists(dir / "store", ec)) {
    return fail(errc::bad_argument, fmt::format("{}: holds a run already; name a folder that is not there yet", dir.string()));
  }
  if (status done = made(dir); !done) return tl::unexpected(done.error());
  auto store = storage::leveldb_store::open(dir, {true, storage::durability::buffered});
  if (!store) return tl::unexpected(store.error());
  return std::unique_ptr<data_folder>(new data_folder(dir, std::move(*store)));
}

result<std::unique_ptr<data_folder>> data_folder::open(const fs::path& dir) {
  auto store = storage::leveldb_store::open(dir, {});
  if (!store) return tl::unexpected(store.error());
  return std::unique_ptr<data_folder>(new data_folder(dir, std::move(*store)));
}

result<std::unique_ptr<data_folder>> data_folder::serve(const fs::path& dir) {
  if (status done = made(dir); !done) return tl::unexpected(done.error());
  auto store = storage::leveldb_store::open(dir, {true, storage::durability::every_append});
  if (!store) return tl::unexpected(store.error());
  return std::unique_ptr<data_folder>(new data_folder(dir, std::move(*store)));
}

// ---- writing ----

status data_folder::keep_snapshot(const registry_snapshot& s) {
  auto out = line_writer::create(dir_ / "registry" / (hex(s.digest()) + ".ndjson"));
  if (!out) return tl::unexpected(out.error());
  std::string lines;
  write_lines(instant{}, s, lines);
  if (status done = out->write(lines); !done) return done;
  return out->finish();
}

status data_folder::keep_packs(const judges& by) {
  if (status done = made(dir_ / "packs"); !done) return done;
  for (std::size_t n = 0; n < by.packs.size(); ++n) {
    const fs::path to = dir_ / "packs" / hex(by.packs[n]->digest());
    std::error_code ec;
    fs::copy(by.folders[n], to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, ec);
    if (ec) return fail(errc::io, fmt::format("{}: cannot be copied to {}: {}", by.folders[n].string(), to.string(), ec.message()));
  }
  return {};
}

status data_folder::take_pack(const policy::pack& pack, const fs::path& folder) {
  if (status done = made(dir_ / "packs"); !done) return done;
  const fs::path to = dir_ / "packs" / hex(pack.digest());
  std::error_code ec;
  if (fs::exists(to, ec)) {
    fs::remove_all(folder, ec);
    return {};
  }
  fs::rename(folder, to, ec);
  if (ec) return fail(errc::io, fmt::format("{}: cannot become {}: {}", folder.string(), to.string(), ec.message()));
  return {};
}

status data_folder::keep_record(std::string_view name, std::string_view value) {
  if (status kept = store_->put_meta(name, value); !kept) return kept;
  return store_->flush();
}

status data_folder::keep_snapshots(const shelf& shelves) {
  if (status done = made(dir_ / "registry"); !done) return done;
  for (const auto& s : shelves.snapshots()) {
    if (status done = keep_snapshot(*s); !done) return done;
  }
  return {};
}

status data_folder::begin(const manifest& m, const judges& by, const shelf& shelves) {
  if (status done = keep_packs(by); !done) return done;
  if (status done = keep_snapshots(shelves); !done) return done;
  std::string head;
  write_line(m.head, head);
  for (const auto& [name, value] : {std::pair<const char*, std::string_view>{"head", head}, {"how", m.how}, {"scenario", m.yaml}}) {
    if (status done = store_->put_meta(name, value); !done) return done;
  }
  return {};
}

status data_folder::finish(const simulation_result& r, const std::string& figures_json) {
  nlohmann::ordered_json chains;
  for (const partition_totals& p : r.totals.partitions) chains[partition_name(p.id)] = hex(p.chain);
  if (status done = store_->put_meta("chains", chains.dump()); !done) return done;
  if (status done = store_->put_meta("figures", figures_json); !done) return done;
  return store_->flush();
}

status data_folder::adopt(const std::map<std::string, std::string>& records) {
  const auto has = store_->get_meta("head");
  if (has || has.error().code != errc::not_found) return has ? status{} : tl::unexpected(has.error());
  for (const auto& [name, value] : records) {
    if (name == "head") continue;
    if (status done = store_->put_meta(name, value); !done) return done;
  }
  // Last: with it the folder is one of zhili's.
  const auto head = records.find("head");
  return head == records.end() ? status{} : store_->put_meta("head", head->second);
}

// ---- reading ----

result<manifest> data_folder::read_manifest() {
  manifest m;
  std::string head;
  for (const auto& [name, value] : {std::pair{"head", &head}, std::pair{"how", &m.how}, std::pair{"scenario", &m.yaml}}) {
    auto read = store_->get_meta(name);
    if (!read) return tl::unexpected(read.error());
    *value = std::move(*read);
  }
  const std::size_t length = head.size();
  head.append(line_parser::padding, ' ');
  line_parser parser;
  auto parsed = parser.head(std::string_view(head).substr(0, length));
  if (!parsed) return fail(parsed.error().code, fmt::format("{}: its manifest: {}", dir_.string(), parsed.error().detail));
  m.head = std::move(*parsed);
  return m;
}

std::vector<std::string> data_folder::kept_files_of(const fs::path& dir) {
  std::vector<std::string> out;
  for (const char* part : {"packs", "registry"}) {
    std::error_code ec;
    for (const auto& entry : fs::recursive_directory_iterator(dir / part, ec)) {
      if (entry.is_regular_file(ec)) out.push_back(entry.path().lexically_relative(dir).generic_string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

result<std::map<std::string, std::string>> data_folder::records() {
  std::map<std::string, std::string> out;
  for (const char* name : {"head", "how", "scenario", "chains", "figures"}) {
    auto read = store_->get_meta(name);
    if (read) {
      out[name] = std::move(*read);
    } else if (read.error().code != errc::not_found) {
      return tl::unexpected(read.error());
    }
  }
  return out;
}

result<shelf> data_folder::read_shelf_of(const fs::path& dir) {
  shelf out;
  for (const fs::path& folder : listed(dir / "packs")) {
    auto pack = policy::pack::load(folder);
    if (!pack) return tl::unexpected(pack.error());
    if (hex((*pack)->digest()) != folder.filename()) return altered(folder);
    out.put(std::move(*pack));
  }
  for (const fs::path& file : listed(dir / "registry")) {
    auto snapshot = read_snapshot(file);
    if (!snapshot) return tl::unexpected(snapshot.error());
    if (hex((*snapshot)->digest()) != file.stem()) return altered(file);
    out.put(std::move(*snapshot));
  }
  return out;
}

result<std::map<std::string, std::string>> data_folder::read_chains() {
  const auto text = store_->get_meta("chains");
  if (!text) return tl::unexpected(text.error());
  std::map<std::string, std::string> out;
  const auto j = nlohmann::json::parse(*text, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, fmt::format("{}: its record `chains` is no JSON object", dir_.string()));
  for (const auto& [name, chain] : j.items()) {
    if (chain.is_string()) out[name] = chain.get<std::string>();
  }
  return out;
}

}  // namespace zhili::scenarios
