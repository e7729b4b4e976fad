// SPDX-License-Identifier: Apache-2.0
#include "node/releases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>

#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using wire::release_stage;

constexpr std::string_view record_name = "releases";
constexpr std::size_t pack_bytes_max = 64 * 1024 * 1024;
/// Fewer judgements say nothing of a share.
constexpr std::uint64_t guard_judgements_min = 100;

constexpr bilingual_view no_digest{"规则包的摘要要写成 64 个 0-9 和 a-f", "pack: not a digest in hex"};

constexpr std::string_view stage_names[] = {"off", "shadow", "canary", "enforce"};
constexpr std::string_view state_names[] = {"waits for approval", "scheduled", "in force", "past"};

std::optional<digest256> digest256_from_hex(std::string_view text) {
  if (text.size() != 64) return {};
  digest256 d;
  const auto bytes = std::as_writable_bytes(std::span{d.word});
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    std::uint8_t byte = 0;
    const auto read = std::from_chars(text.data() + 2 * n, text.data() + 2 * n + 2, byte, 16);
    if (read.ec != std::errc{} || read.ptr != text.data() + 2 * n + 2) return {};
    bytes[n] = std::byte{byte};
  }
  // Capital letters name no folder.
  return hex(d) == text ? std::optional(d) : std::nullopt;
}

digest256 digest_of(std::string_view hex_text) {
  const auto d = digest256_from_hex(hex_text);
  return d ? *d : digest256{};
}

/// `pack.yaml`, or a file right below one of a pack's folders: nothing that leads elsewhere.
bool is_pack_file(const std::string& name) {
  const fs::path p(name);
  if (p.is_absolute() || name.find("..") != std::string::npos || name.find('\\') != std::string::npos) return false;
  if (name == "pack.yaml") return true;
  const auto parts = std::distance(p.begin(), p.end());
  return parts == 2 && !p.filename().empty() && !p.filename().string().starts_with('.');
}

flatbuffers::FlatBufferBuilder command_of(const release_entry& e) {
  flatbuffers::FlatBufferBuilder b;
  const digest256 base = digest_of(e.base);
  const digest256 next = digest_of(e.next);
  const wire::hash256 comparison = to_wire(digest_of(e.comparison));
  const auto by = b.CreateString(e.by);
  const auto approved_by = e.approved_by.empty() ? 0 : b.CreateString(e.approved_by);
  const auto why = b.CreateString(e.why);
  b.Finish(wire::Createrelease_changed(
      b, e.number, e.stage, e.percent, base.word[0], base.word[1], next.word[0], next.word[1], e.at.ms, by, approved_by, why,
      e.comparison.empty() ? nullptr : &comparison));
  return b;
}

ordered_json shown(const release_entry& e) {
  ordered_json j{{"number", e.number}, {"state", state_names[static_cast<int>(e.state)]},
                 {"stage", stage_names[static_cast<int>(e.stage)]}};
  if (e.stage == release_stage::canary) j["percent"] = e.percent;
  j["pack"] = e.next_name;
  j["digest"] = e.next;
  j["in_place_of"] = e.base;
  j["at"] = e.at.ms;
  j["by"] = e.by;
  if (!e.key.empty()) j["key"] = e.key;
  if (!e.approved_by.empty()) j["approved_by"] = e.approved_by;
  j["why"] = e.why;
  if (!e.comparison.empty()) j["comparison"] = e.comparison;
  if (e.guard_ppm != 0) j["guard_ppm"] = e.guard_ppm;
  return j;
}

}  // namespace

result<std::unique_ptr<releases>> releases::open(const surroundings& around) {
  std::unique_ptr<releases> made(new releases(around));
  const auto kept = around.folder->read_record(record_name);
  if (!kept && kept.error().code != errc::not_found) return tl::unexpected(kept.error());
  if (kept) {
    auto book = release_book::read(*kept);
    if (!book) return tl::unexpected(book.error());
    made->book_ = std::move(*book);
  }
  std::mutex one_at_a_time;
  around.partitions->each_shard([&](shell::shard_host& shard) {
    shard.each([&](const shell::partition_host& p) {
      std::lock_guard lock(one_at_a_time);
      made->book_.number_above(p.engine().release().number);
    });
  });
  // Pieces of a pack that never came whole.
  std::error_code ignored;
  fs::remove_all(around.folder->dir() / "incoming", ignored);
  return made;
}

result<std::string> releases::answer(std::string_view body, const std::string& key) {
  const auto j = ordered_json::from_cbor(body, true, false);
  if (!j.is_object()) return fail(errc::malformed, "the question is no CBOR map");
  auto done = carry_out(j, key);
  // A reply has room for one text: that which whoever asks reads.
  if (!done && j.value("lang", "") == "zh") done.error().detail = done.error().both().zh;
  return done;
}

result<std::string> releases::carry_out(const ordered_json& j, const std::string& key) {
  std::lock_guard lock(mutex_);
  const std::string what = j.value("what", "");
  if (what == "status") return status_json();
  if (!around_.rules.keys.empty() &&
      std::find(around_.rules.keys.begin(), around_.rules.keys.end(), key) == around_.rules.keys.end()) {
    return fail(errc::bad_argument, tell(
                                "密钥 '{}' 不能在这里发布：节点文件的 releases.keys 列出了哪些可以",
                                "key '{}' may not release here: releases.keys in the node's file names those that may", key));
  }
  if (around_.rules.keys.empty() && !key.empty()) {
    return fail(
        errc::bad_argument,
        bilingual{"谁也不能在这里发布：请在节点文件里写 releases: {keys: [NAME]}，列出可以发布的密钥",
                  "nobody may release here: name the keys that may in the node's file under releases: {keys: [NAME]}"});
  }
  if (what == "piece") {
    const auto& bytes = j.at("bytes").get_binary();
    return take_piece(j.at("pack"), j.at("name"), j.at("offset"), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  release_book changed = book_;
  result<std::uint32_t> number = 0;
  const std::string by = j.value("by", "");
  const instant now = around_.clock->now();
  if (what == "release") {
    release_entry e;
    e.stage = static_cast<release_stage>(std::clamp(j.at("stage").get<int>(), 0, 3));
    e.percent = static_cast<std::uint8_t>(std::clamp(j.value("percent", 0), 0, 255));
    e.next = j.at("pack");
    e.at = {j.value("at", std::int64_t{0})};
    e.by = by;
    e.key = key;
    e.why = j.value("why", "");
    e.comparison = j.value("comparison", "");
    e.guard_ppm = j.value("guard_ppm", 0u);
    number = enter(changed, std::move(e), key);
  } else if (what == "approve") {
    number = j.at("number").get<std::uint32_t>();
    if (status done = changed.approve(*number, by, key); !done) return tl::unexpected(done.error());
  } else if (what == "withdraw") {
    number = j.at("number").get<std::uint32_t>();
    if (status done = changed.withdraw(*number); !done) return tl::unexpected(done.error());
  } else if (what == "rollback") {
    number = changed.roll_back(by, key, j.value("why", ""), now);
  } else {
    return fail(errc::malformed, tell(
                                "what：'{}' 不是 piece、release、approve、withdraw、rollback 或 status",
                                "what: '{}' is not piece, release, approve, withdraw, rollback or status", what));
  }
  if (!number) return tl::unexpected(number.error());
  if (status kept = keep(std::move(changed)); !kept) return tl::unexpected(kept.error());
  if (status done = let_due_take_effect(); !done) return tl::unexpected(done.error());
  return status_json();
}

result<std::string> releases::take_piece(
    const std::string& digest, const std::string& name, std::size_t offset, std::string_view bytes) {
  if (!digest256_from_hex(digest)) return fail(errc::malformed, no_digest);
  if (!is_pack_file(name)) return fail(errc::bad_argument, tell("'{}' 不是规则包里的文件", "name: '{}' is no file of a pack", name));
  if (offset > pack_bytes_max || offset + bytes.size() > pack_bytes_max) {
    return fail(errc::too_large, tell("规则包的一个文件最多 {} 字节", "a pack's file has at most {} bytes", pack_bytes_max));
  }
  const fs::path file = around_.folder->dir() / "incoming" / digest / name;
  std::error_code ec;
  fs::create_directories(file.parent_path(), ec);
  if (offset == 0) std::ofstream{file, std::ios::trunc};
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>(offset));
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return fail(errc::io, tell("{}：写不进去", "{}: cannot be written", file.string()));
  return std::string("{}");
}

/// A pack that has judged here, or whose files have come.
result<std::shared_ptr<const policy::pack>> releases::find_or_load(const std::string& digest) {
  const auto named = digest256_from_hex(digest);
  if (!named) return fail(errc::malformed, no_digest);
  const fs::path folder = around_.folder->dir() / "incoming" / digest;
  for (const auto& p : around_.shelves->packs()) {
    if (p->digest() != *named) continue;
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return p;
  }
  auto pack = policy::pack::load(folder);
  std::error_code ignored;
  if (!pack || (*pack)->digest() != *named) fs::remove_all(folder, ignored);
  if (!pack) return tl::unexpected(pack.error());
  if ((*pack)->digest() != *named) return fail(errc::checksum, bilingual{"送到的文件和规则包的摘要对不上：请再送一次",
                                              "pack: what came is not the pack of that digest; send it again"});
  if (status kept = around_.folder->take_pack(**pack, folder); !kept) return tl::unexpected(kept.error());
  around_.shelves->put(*pack);
  return *pack;
}

result<std::uint32_t> releases::enter(release_book& book, release_entry e, const std::string& key) {
  const auto pack = find_or_load(e.next);
  if (!pack) return tl::unexpected(pack.error());
  e.next_name = fmt::format("{} {}", (*pack)->name(), (*pack)->version());
  e.key = key;
  std::string base;
  std::mutex one_at_a_time;
  around_.partitions->each_shard([&](shell::shard_host& shard) {
    shard.each([&](const shell::partition_host& p) {
      std::lock_guard lock(one_at_a_time);
      if (base.empty() && p.engine().pack() != nullptr) base = hex(p.engine().pack()->digest());
    });
  });
  return book.enter(std::move(e), around_.clock->now(), base, around_.rules.approval);
}

status releases::keep(release_book&& changed) {
  if (status kept = around_.folder->keep_record(record_name, changed.json()); !kept) return kept;
  book_ = std::move(changed);
  return {};
}

/// On disk before any partition hears of it: whoever was not told before a kill is told after it.
status releases::let_due_take_effect() {
  while (const release_entry* due = book_.due(around_.clock->now())) {
    release_book changed = book_;
    changed.took_effect(due->number);
    if (status kept = keep(std::move(changed)); !kept) return kept;
    const release_entry& e = *book_.current();
    give(e);
    around_.tell(fmt::format("release {}: pack {} is {} now, by {}: {}", e.number, e.next_name,
                             e.stage == release_stage::canary ? fmt::format("canary of {} %", e.percent)
                                                              : std::string(stage_names[static_cast<int>(e.stage)]),
                             e.by, e.why));
  }
  return {};
}

void releases::give(const release_entry& e) {
  const auto command = command_of(e);
  around_.partitions->each_shard([&](shell::shard_host& shard) {
    shard.each([&](shell::partition_host& p) {
      if (p.engine().release().number >= e.number) return;
      p.control(shared_type<wire::release_changed>(), body_of(command), around_.clock->now());
    });
    shard.flush();
  });
}

void releases::tick() {
  std::lock_guard lock(mutex_);
  // Nothing to do on most nodes, most of the time.
  if (book_.entries().empty()) return;
  if (status done = let_due_take_effect(); !done) around_.tell(done.error().detail);
  if (const release_entry* e = book_.current()) give(*e);
  guard();
}

void releases::guard() {
  const release_entry* e = book_.current();
  if (e == nullptr || e->guard_ppm == 0 || (e->stage != release_stage::canary && e->stage != release_stage::enforce)) return;
  const auto c = around_.partitions->read().compared;
  if (c.judged < guard_judgements_min || c.changed * 1'000'000 <= c.judged * e->guard_ppm) return;
  const std::string why = fmt::format("the guard: {} of {} judgements came out otherwise ({:.2f} %), and at most {:.2f} % may",
                                      c.changed, c.judged, 100.0 * static_cast<double>(c.changed) / static_cast<double>(c.judged),
                                      e->guard_ppm / 1e4);
  release_book changed = book_;
  if (!changed.fall_back(why, around_.clock->now())) return;
  if (status kept = keep(std::move(changed)); !kept) return around_.tell(kept.error().detail);
  if (status done = let_due_take_effect(); !done) around_.tell(done.error().detail);
}

std::string releases::status_json() const {
  ordered_json j;
  const auto c = around_.partitions->read().compared;
  j["judged_by_both"] = c.judged;
  j["came_out_otherwise"] = c.changed;
  j["approval"] = around_.rules.approval;
  j["releases"] = ordered_json::array();
  for (const release_entry& e : book_.entries()) j["releases"].push_back(shown(e));
  return j.dump();
}

}  // namespace zhili::node
