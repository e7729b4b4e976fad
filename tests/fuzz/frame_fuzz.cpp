// SPDX-License-Identifier: Apache-2.0
// What the link hears, in the hands of libFuzzer: open_frame, and open_envelope on what a frame of
// submissions holds. The first byte says whether heads are made good first, so that the search comes past
// magic, length and CRC.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "protocols/envelope.hpp"
#include "protocols/frame.hpp"
#include "protocols/schema/envelope_generated.h"

namespace {

using namespace zhili;
using bytes = std::vector<std::byte>;

void must(bool holds) {
  if (!holds) std::abort();
}

void put_u32(std::byte* at, std::uint32_t value) {
  std::memcpy(at, &value, sizeof value);
}

void make_good(
    std::byte* begin, std::size_t size, std::size_t head, std::uint32_t magic, std::size_t length_at) {
  if (size < head) return;
  put_u32(begin, magic);
  begin[4] = std::byte{1};
  begin[5] = std::byte{0};
  put_u32(begin + length_at, static_cast<std::uint32_t>(size));
  put_u32(begin + head - 4, 0);
  put_u32(begin + head - 4, crc32c({begin, size}));
}

void open_one_envelope(bytes_view b) {
  const auto opened = open_envelope(b);
  if (!opened) {
    must(!opened.error().detail.empty());
    return;
  }
  must(check_envelope(**opened).has_value());
  must(encode_envelope(**opened).has_value());
}

void open_one_frame(bytes_view b) {
  const auto opened = open_frame(b);
  if (!opened) {
    must(!opened.error().detail.empty());
    return;
  }
  // What was accepted can be said again, and to the byte.
  frame_writer again;
  for (const frame_entry& e : *opened) {
    must(again.add(e).value());
    if (const auto* s = std::get_if<submission_entry>(&e)) open_one_envelope(s->envelope);
  }
  const bytes out = again.take();
  must(out.size() == b.size() && std::memcmp(out.data(), b.data(), b.size()) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  bytes b(size - 1);
  if (!b.empty()) std::memcpy(b.data(), data + 1, b.size());
  switch (data[0] % 4) {
    case 0: open_one_frame(b); break;
    case 1:
      make_good(b.data(), b.size(), sizeof(wire::frame_head), frame_magic, 12);
      open_one_frame(b);
      break;
    case 2: open_one_envelope(b); break;
    default:
      make_good(b.data(), b.size(), sizeof(wire::envelope_head), envelope_magic, 8);
      open_one_envelope(b);
  }
  return 0;
}
