// SPDX-License-Identifier: Apache-2.0
#include "policy/text/fold.hpp"

#include <cstddef>
#include <limits>

#include "policy/text/fold_table.hpp"
#include "protocols/types/result.hpp"

namespace zhili::policy {
namespace {

struct decoded {
  std::uint32_t code_point;
  /// 0: no valid character begins here.
  std::size_t length;
};

constexpr decoded invalid{0, 0};

/// Strict as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
inline decoded decode(const unsigned char* p, std::size_t left) {
  const auto follows = [&](std::size_t i) { return i < left && (p[i] & 0xC0U) == 0x80U; };
  const auto low = [&](std::size_t i) { return p[i] & 0x3FU; };
  const std::uint32_t lead = p[0];
  if ((lead & 0xF0U) == 0xE0U) {
    if (!follows(1) || !follows(2)) return invalid;
    const std::uint32_t c = (lead & 0x0FU) << 12 | low(1) << 6 | low(2);
    if (c < 0x800 || (c & 0xF800U) == 0xD800U) return invalid;
    return {c, 3};
  }
  if ((lead & 0xE0U) == 0xC0U) {
    if (lead < 0xC2 || !follows(1)) return invalid;
    return {(lead & 0x1FU) << 6 | low(1), 2};
  }
  if ((lead & 0xF8U) == 0xF0U) {
    if (!follows(1) || !follows(2) || !follows(3)) return invalid;
    const std::uint32_t c = (lead & 0x07U) << 18 | low(1) << 12 | low(2) << 6 | low(3);
    if (c < 0x10000 || c > 0x10FFFF) return invalid;
    return {c, 4};
  }
  return invalid;
}

/// Writes with at least as much room as input is left, so that only what grows must ask for more.
class writer {
 public:
  writer(folded_text& out, std::size_t original) : out_(out), original_(original) { resize(original); }

  void put_ascii(char byte, std::size_t from) {
    bytes_[size_] = byte;
    origin_[size_] = static_cast<std::uint32_t>(from);
    ++size_;
  }

  /// `taken`: how many bytes of input this stands for.
  void put(const char* text, std::size_t length, std::size_t from, std::size_t taken) {
    if (length > taken) make_room(length + original_ - from - taken);
    for (std::size_t i = 0; i < length; ++i) put_ascii(text[i], from);
  }

  void finish() {
    out_.bytes.resize(size_);
    out_.origin.resize(size_ + 1);
    out_.origin[size_] = static_cast<std::uint32_t>(original_);
  }

 private:
  void make_room(std::size_t needed) {
    if (out_.bytes.size() - size_ < needed) resize(2 * (size_ + needed));
  }

  void resize(std::size_t size) {
    out_.bytes.resize(size);
    out_.origin.resize(size + 1);
    bytes_ = out_.bytes.data();
    origin_ = out_.origin.data();
  }

  folded_text& out_;
  std::size_t original_;
  std::size_t size_ = 0;
  char* bytes_ = nullptr;
  std::uint32_t* origin_ = nullptr;
};

}  // namespace

std::uint64_t folding_digest() {
  return table::digest;
}

void fold(std::string_view utf8, folded_text& out) {
  ZHILI_ASSERT(utf8.size() < std::numeric_limits<std::uint32_t>::max(), "text too large to fold");
  writer to(out, utf8.size());
  const auto* text = reinterpret_cast<const unsigned char*>(utf8.data());
  for (std::size_t at = 0; at < utf8.size();) {
    if (text[at] < 0x80) {
      to.put_ascii(table::ascii[text[at]], at);
      ++at;
      continue;
    }
    const auto [code_point, length] = decode(text + at, utf8.size() - at);
    if (length == 0) {
      to.put("\xEF\xBF\xBD", 3, at, 1);
      ++at;
      continue;
    }
    const auto number =
        table::pages[table::page_of[code_point >> table::page_bits]][code_point % table::page_size];
    if (number == 0) {
      to.put(utf8.data() + at, length, at, length);
    } else {
      const auto target = table::targets[number];
      to.put(table::bytes + target.begin, target.length, at, length);
    }
    at += length;
  }
  to.finish();
}

}  // namespace zhili::policy
