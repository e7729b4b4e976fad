// SPDX-License-Identifier: Apache-2.0
#include "node/copy_write.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "policy/yaml.hpp"
#include "scenarios/trace/named_codec.hpp"
#include "storage/text_copy.hpp"

namespace zhili::node {

namespace fs = std::filesystem;

namespace {

tl::unexpected<error> refused(const fs::path& file, const char* what) {
  return fail(errc::io, fmt::format("{}: {}: {}", file.string(), what, std::strerror(errno)));
}

/// A file that is written beside its place and takes it when all of it is on disk.
class fresh_file {
 public:
  explicit fresh_file(fs::path place) : place_(std::move(place)), beside_(place_.string() + ".new") {}
  ~fresh_file() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::error_code ec;
    fs::remove(beside_, ec);
  }
  fresh_file(const fresh_file&) = delete;
  fresh_file& operator=(const fresh_file&) = delete;

  status open() {
    std::error_code ec;
    fs::create_directories(place_.parent_path(), ec);
    file_ = std::fopen(beside_.c_str(), "wb");
    return file_ == nullptr ? refused(beside_, "cannot be written") : status{};
  }
  status write(bytes_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) return refused(beside_, "cannot be written");
    return {};
  }
  /// All of it is on disk; `beside` can be read.
  status sync() {
    if (std::fflush(file_) != 0 || fsync(fileno(file_)) != 0) return refused(beside_, "cannot be written");
    return {};
  }
  status take_place() {
    std::fclose(std::exchange(file_, nullptr));
    std::error_code ec;
    fs::rename(beside_, place_, ec);
    if (ec) return fail(errc::io, fmt::format("{}: {}", place_.string(), ec.message()));
    // The name too must outlive a power cut.
    const int folder = ::open(place_.parent_path().c_str(), O_RDONLY | O_DIRECTORY);
    const bool kept = folder >= 0 && fsync(folder) == 0;
    if (folder >= 0) ::close(folder);
    return kept ? status{} : refused(place_.parent_path(), "cannot be synced");
  }
  const fs::path& beside() const { return beside_; }

 private:
  fs::path place_;
  fs::path beside_;
  std::FILE* file_ = nullptr;
};

/// Passes a partition on and notes what its batches name.
class noting_source final : public storage::partition_source {
 public:
  noting_source(storage::partition_source& from, const std::function<void()>& step) : from_(from), step_(step) {}

  result<std::optional<storage::snapshot>> get_snapshot(partition_id id) override { return from_.get_snapshot(id); }
  result<storage::extent> extent(partition_id id) override { return from_.extent(id); }
  status read_records(
      partition_id id, storage::seq from, storage::seq through, const storage::record_visitor& visit) override {
    status good;
    const status read = from_.read_records(id, from, through, [&](const storage::record_view& r) {
      const auto batch = batch_reader::open(r.bytes);
      if (!batch) {
        good = fail(batch.error().code, fmt::format("batch {}: {}", r.at.value, batch.error().detail));
        return false;
      }
      scenarios::add_named(*batch, named);
      for (const entry_view entry : *batch) {
        if (entry.kind == entry_kind::command) last_at = {entry.header<wire::command_header>().at()};
      }
      if (step_) step_();
      return visit(r);
    });
    return good ? read : good;
  }

  scenarios::named_by_log named;
  instant last_at{0};

 private:
  storage::partition_source& from_;
  const std::function<void()>& step_;
};

status write_texts(copy_source& from, const scenarios::named_by_log& named, const fs::path& place, copy_facts& facts) {
  fresh_file file(place);
  if (status done = file.open(); !done) return done;
  const storage::byte_sink sink = [&](bytes_view bytes) { return file.write(bytes); };
  storage::text_writer texts(sink);
  status done = texts.begin();
  const std::vector<digest256> hashes(named.texts.begin(), named.texts.end());
  if (done) done = from.texts(hashes, [&](std::string_view text) { return texts.put(text); });
  if (done) done = texts.end();
  if (done) done = file.sync();
  if (!done) return done;
  const auto written = open_copy(file.beside());
  if (!written) return tl::unexpected(written.error());
  const auto read = storage::read_texts(bytes_of(*written), [](const digest256&, std::string_view) { return status{}; });
  if (!read) return tl::unexpected(read.error());
  facts.texts = texts.texts();
  facts.texts_missing = hashes.size() - facts.texts;
  facts.text_bytes = texts.bytes();
  return file.take_place();
}

result<nlohmann::ordered_json> read_index(const fs::path& out) {
  std::error_code ec;
  if (!fs::exists(out / "copies.json", ec)) return nlohmann::ordered_json::object();
  const auto text = policy::read_file(out / "copies.json", 64 * 1024 * 1024);
  if (!text) return tl::unexpected(text.error());
  auto j = nlohmann::ordered_json::parse(*text, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, fmt::format("{}: is no JSON object", (out / "copies.json").string()));
  return j;
}

status note(const fs::path& out, const copy_facts& f) {
  auto j = read_index(out);
  if (!j) return tl::unexpected(j.error());
  (*j)["partitions"][scenarios::partition_name(f.whole.partition)] = {
      {"last", f.whole.extent.last.value}, {"life", f.whole.extent.incarnation.value}, {"bytes", f.whole.bytes},
      {"texts", f.texts},                  {"last_at", f.last_at.ms},                  {"complete", f.complete}};
  return write_file(out / "copies.json", j->dump(2) + '\n');
}

}  // namespace

std::string copy_name(partition_id id) {
  std::string name = scenarios::partition_name(id);
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

std::optional<partition_id> partition_of_copy(const std::string& name) {
  for (const auto* w : partition::workflows()) {
    for (shard_no s = 0; s < shard_count; ++s) {
      if (copy_name({w->number, s}) == name) return partition_id{w->number, s};
    }
  }
  return std::nullopt;
}

result<copy_facts> write_copy(
    copy_source& from, partition_id id, storage::seq through, const fs::path& out, const std::function<void()>& step) {
  copy_facts facts;
  facts.complete = from.stands_still();
  noting_source source(from.partitions(), step);
  fresh_file file(out / (copy_name(id) + ".copy"));
  if (status done = file.open(); !done) return tl::unexpected(done.error());
  const auto whole = storage::export_partition(source, id, through, [&](bytes_view bytes) { return file.write(bytes); });
  if (!whole) return fail(whole.error().code, fmt::format("{}: {}", from.name(), whole.error().detail));
  facts.whole = *whole;
  facts.last_at = source.last_at;
  const auto all = from.partitions().extent(id);
  if (!all) return tl::unexpected(all.error());
  facts.complete = facts.complete && all->last == whole->extent.last;
  if (status done = file.sync(); !done) return tl::unexpected(done.error());
  const auto written = open_copy(file.beside());
  if (!written) return tl::unexpected(written.error());
  if (const auto read = storage::inspect_copy(bytes_of(*written)); !read) return tl::unexpected(read.error());
  // Texts first: a copy never stands there without them.
  if (status done = write_texts(from, source.named, out / (copy_name(id) + ".texts"), facts); !done)
    return tl::unexpected(done.error());
  if (status done = file.take_place(); !done) return tl::unexpected(done.error());
  if (status done = note(out, facts); !done) return tl::unexpected(done.error());
  return facts;
}

status write_belongings(copy_source& from, const fs::path& out) {
  const auto files = from.files();
  if (!files) return tl::unexpected(files.error());
  for (const std::string& name : *files) {
    std::error_code ec;
    // By digest: what is there is the same.
    if (fs::exists(out / name, ec)) continue;
    const auto bytes = from.file(name);
    if (!bytes) return tl::unexpected(bytes.error());
    if (status done = write_file(out / name, *bytes); !done) return done;
  }
  const auto records = from.records();
  if (!records) return tl::unexpected(records.error());
  auto j = read_index(out);
  if (!j) return tl::unexpected(j.error());
  (*j)["folder"] = *records;
  return write_file(out / "copies.json", j->dump(2) + '\n');
}

storage::byte_source bytes_of(const std::shared_ptr<std::FILE>& file) {
  return [file](std::span<std::byte> buffer) -> result<std::size_t> {
    const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get());
    if (got == 0 && std::ferror(file.get()) != 0) return fail(errc::io, "the copy cannot be read");
    return got;
  };
}

result<std::shared_ptr<std::FILE>> open_copy(const fs::path& file) {
  std::FILE* opened = std::fopen(file.c_str(), "rb");
  if (opened == nullptr) {
    return fail(
        errno == ENOENT ? errc::not_found : errc::io,
        fmt::format("{}: cannot be read: {}", file.string(), std::strerror(errno)));
  }
  return std::shared_ptr<std::FILE>(opened, [](std::FILE* f) { std::fclose(f); });
}

status write_file(const fs::path& place, std::string_view bytes) {
  fresh_file file(place);
  status done = file.open();
  if (done) done = file.write(as_bytes_view(bytes));
  if (done) done = file.sync();
  return done ? file.take_place() : done;
}

}  // namespace zhili::node
