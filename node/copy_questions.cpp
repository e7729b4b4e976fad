// SPDX-License-Identifier: Apache-2.0
#include "node/copy_questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

namespace zhili::node {
namespace {

using nlohmann::ordered_json;

result<ordered_json> question(std::string_view body) {
  auto j = ordered_json::parse(body, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, "a question is a JSON object");
  return j;
}

result<std::uint64_t> number(const ordered_json& j, const char* field, std::uint64_t most) {
  if (!j.contains(field) || !j[field].is_number_unsigned())
    return fail(errc::malformed, fmt::format("field `{}` is no number", field));
  const auto n = j[field].get<std::uint64_t>();
  if (n > most) return fail(errc::out_of_range, fmt::format("field `{}`: {}; at most {}", field, n, most));
  return n;
}

result<partition_id> partition_of(const ordered_json& j) {
  const auto packed = number(j, "partition", 0xffff);
  if (!packed) return tl::unexpected(packed.error());
  return partition_id::unpack(static_cast<std::uint16_t>(*packed));
}

template <class T>
void append(std::string& to, const T& value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

result<std::string> copy_list(
    scenarios::data_folder& folder, const std::function<bool(partition_id)>& hosted, std::string_view body) {
  const auto j = question(body);
  if (!j) return tl::unexpected(j.error());
  std::vector<partition_id> ids;
  if (j->contains("partition")) {
    const auto one = partition_of(*j);
    if (!one) return tl::unexpected(one.error());
    ids.push_back(*one);
  } else {
    auto all = folder.log().partitions();
    if (!all) return tl::unexpected(all.error());
    ids = std::move(*all);
    std::erase_if(ids, [&](partition_id id) { return !hosted(id); });
  }
  const auto records = folder.records();
  if (!records) return tl::unexpected(records.error());
  ordered_json out{{"shards", shard_count}, {"records", *records}, {"partitions", ordered_json::array()}};
  for (const partition_id id : ids) {
    const auto e = folder.log().extent(id);
    if (!e) return tl::unexpected(e.error());
    out["partitions"].push_back(
        {{"partition", id.packed()},
         {"archived", e->archived.value},
         {"first", e->first.value},
         {"last", e->last.value},
         {"incarnation", e->incarnation.value}});
  }
  return out.dump();
}

result<std::string> copy_records(scenarios::data_folder& folder, std::string_view body) {
  const auto j = question(body);
  if (!j) return tl::unexpected(j.error());
  const auto id = partition_of(*j);
  const auto from = number(*j, "from", ~std::uint64_t{0});
  const auto through = number(*j, "through", ~std::uint64_t{0});
  const auto offset = number(*j, "offset", ~std::uint32_t{0});
  for (const auto* field : {&from, &through, &offset}) {
    if (!*field) return tl::unexpected(field->error());
  }
  if (!id) return tl::unexpected(id.error());
  std::string out;
  bool beyond = false;
  const status read =
      folder.log().read_records(*id, storage::seq{*from}, storage::seq{*through}, [&](const storage::record_view& r) {
        const std::size_t begin = r.at.value == *from ? *offset : 0;
        beyond = begin > r.bytes.size();
        if (beyond || out.size() + sizeof(record_piece) >= page_bytes_max) return false;
        const std::size_t length = std::min(r.bytes.size() - begin, page_bytes_max - out.size() - sizeof(record_piece));
        append(
            out, record_piece{
                     r.at.value, r.batch_id.hi, r.batch_id.lo, static_cast<std::uint32_t>(r.bytes.size()),
                     static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(length), 0});
        out.append(reinterpret_cast<const char*>(r.bytes.data()) + begin, length);
        return begin + length == r.bytes.size();
      });
  if (beyond) return fail(errc::out_of_range, "field `offset` lies behind the batch");
  // What was read before the damage is given; the next question meets it.
  if (!read && out.empty()) return tl::unexpected(read.error());
  return out;
}

result<std::string> copy_snapshot(scenarios::data_folder& folder, std::string_view body) {
  const auto j = question(body);
  if (!j) return tl::unexpected(j.error());
  const auto id = partition_of(*j);
  if (!id) return tl::unexpected(id.error());
  const auto offset = number(*j, "offset", storage::copy_bytes_max);
  if (!offset) return tl::unexpected(offset.error());
  const auto snapshot = folder.log().get_snapshot(*id);
  if (!snapshot) return tl::unexpected(snapshot.error());
  std::string out;
  if (!*snapshot) return out;
  const bytes_view all = (*snapshot)->bytes;
  append(out, snapshot_piece{(*snapshot)->at.value, all.size()});
  const bytes_view rest = all.subspan(std::min<std::size_t>(*offset, all.size()));
  out.append(reinterpret_cast<const char*>(rest.data()), std::min(rest.size(), page_bytes_max));
  return out;
}

result<std::string> copy_texts(scenarios::data_folder& folder, std::string_view body) {
  if (body.empty() || body.size() % sizeof(digest256) != 0)
    return fail(errc::malformed, "a question for texts is their hashes, 32 bytes each");
  std::string out, text;
  for (std::size_t at = 0; at < body.size(); at += sizeof(digest256)) {
    digest256 hash;
    std::memcpy(&hash, body.data() + at, sizeof hash);
    const auto found = folder.texts().get(name_of(hash), 0, text);
    if (!found) return tl::unexpected(found.error());
    if (!out.empty() && out.size() + 4 + text.size() > page_bytes_max) break;
    append(out, *found ? static_cast<std::uint32_t>(text.size()) : no_text);
    out += text;
  }
  return out;
}

result<std::string> copy_files(scenarios::data_folder& folder, std::string_view body) {
  const auto j = question(body);
  if (!j) return tl::unexpected(j.error());
  const auto names = folder.kept_files();
  if (!j->contains("name")) return ordered_json(names).dump();
  const auto name = j->value("name", std::string{});
  const auto offset = number(*j, "offset", ~std::uint64_t{0} >> 1);
  if (!offset) return tl::unexpected(offset.error());
  // Only what stands in the list: nobody reads other files of the machine through this.
  if (std::ranges::find(names, name) == names.end())
    return fail(errc::not_found, fmt::format("field `name`: there is no file `{}`", name));
  std::ifstream in(folder.dir() / name, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(*offset));
  std::string out(page_bytes_max, 0);
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad()) return fail(errc::io, fmt::format("{} cannot be read", name));
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

}  // namespace zhili::node
