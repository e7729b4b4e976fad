// SPDX-License-Identifier: Apache-2.0
#include "node/policy/zone.hpp"

#include <algorithm>
#include <string>

#include "policy/yaml.hpp"

namespace zhili::node {
namespace {

constexpr std::size_t zone_bytes_max = 256 * 1024;

// RFC 8536: big-endian numbers, a head of 44 bytes twice, the second block with 64-bit times.
class reader {
 public:
  explicit reader(std::string_view bytes) : bytes_(bytes) {}
  bool skip(std::size_t count) {
    if (count > bytes_.size()) return false;
    bytes_.remove_prefix(count);
    return true;
  }
  std::int64_t number(std::size_t bytes) {
    std::uint64_t n = bytes > 0 && !bytes_.empty() && (bytes_[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < bytes; ++i) {
      n = n << 8 | (bytes_.empty() ? 0 : static_cast<unsigned char>(bytes_[0]));
      skip(1);
    }
    return static_cast<std::int64_t>(n);
  }
  bool starts(std::string_view with) const { return bytes_.starts_with(with); }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
};

struct head {
  std::size_t ut, wall, leaps, times, types, letters;
  std::size_t body(std::size_t time_bytes) const {
    return times * time_bytes + times + types * 6 + letters + leaps * (time_bytes + 4) + wall + ut;
  }
};

std::optional<head> read_head(reader& r) {
  if (!r.starts("TZif") || !r.skip(20)) return std::nullopt;
  head h;
  for (std::size_t* n : {&h.ut, &h.wall, &h.leaps, &h.times, &h.types, &h.letters}) {
    const std::int64_t count = r.number(4);
    if (count < 0 || count > 100'000) return std::nullopt;
    *n = static_cast<std::size_t>(count);
  }
  return h;
}

std::optional<std::int32_t> offset_in(std::string_view file, std::int64_t at) {
  reader r(file);
  const auto first = read_head(r);
  if (!first || !r.skip(first->body(4))) return std::nullopt;
  const auto h = read_head(r);
  if (!h || r.rest().size() < h->body(8) || h->types == 0) return std::nullopt;
  std::size_t before = 0;
  reader times = r;
  while (before < h->times && times.number(8) <= at) ++before;
  reader kinds = r;
  kinds.skip(h->times * 8);
  const auto type = before == 0 ? std::size_t{0} : static_cast<unsigned char>(kinds.rest()[before - 1]);
  if (type >= h->types) return std::nullopt;
  kinds.skip(h->times + type * 6);
  return static_cast<std::int32_t>(kinds.number(4));
}

}  // namespace

std::optional<std::int32_t> zone_offset(std::string_view zone, std::int64_t utc_seconds) {
  const auto letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
  };
  if (zone.empty() || zone.size() > 64 || zone[0] == '/' || !std::all_of(zone.begin(), zone.end(), letter))
    return std::nullopt;
  const auto file = policy::read_file("/usr/share/zoneinfo/" + std::string(zone), zone_bytes_max);
  return file ? offset_in(*file, utc_seconds) : std::nullopt;
}

}  // namespace zhili::node
