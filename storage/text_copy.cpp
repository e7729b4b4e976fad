// SPDX-License-Identifier: Apache-2.0
#include "storage/text_copy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/store_records.hpp"
#include "storage/transfer_format.hpp"

namespace zhili::storage {
namespace {

using namespace copy_format;

constexpr std::string_view texts_magic = "zhilitxt";
constexpr char text_kind = 't';

/// Exactly so many bytes; fewer where the stream ends.
result<std::string> take_bytes(const byte_source& source, std::size_t count) {
  std::string out;
  while (out.size() < count) {
    const std::size_t had = out.size();
    out.resize(std::min(count, had + chunk_bytes_max));
    const auto got = source(std::as_writable_bytes(std::span{out}.subspan(had)));
    if (!got) return tl::unexpected(got.error());
    out.resize(had + *got);
    if (*got == 0) break;
  }
  return out;
}

}  // namespace

status text_writer::out(std::string_view bytes) {
  bytes_ += bytes.size();
  return sink_(as_bytes_view(bytes));
}

status text_writer::record(char kind, std::string_view payload) {
  const std::string frame = kind + big_endian(static_cast<std::uint32_t>(payload.size()));
  if (status done = out(big_endian(crc_of(frame, payload)) + frame); !done) return done;
  return out(payload);
}

status text_writer::begin() {
  return out(std::string{texts_magic} + big_endian(format));
}
status text_writer::put(std::string_view text) {
  ++texts_;
  return record(text_kind, text);
}
status text_writer::end() {
  return record(end_kind, big_endian(texts_));
}

result<std::uint64_t> read_texts(
    const byte_source& source, const std::function<status(const digest256&, std::string_view)>& take) {
  std::uint64_t texts = 0, at = 0;
  const auto wrong = [&](errc code, std::string_view what) {
    return fail(code, fmt::format("the texts are not whole: record {}, at byte {}: {}", texts + 1, at, what));
  };
  const auto head = take_bytes(source, texts_magic.size() + 4);
  if (!head) return tl::unexpected(head.error());
  if (*head != std::string{texts_magic} + big_endian(format))
    return fail(errc::malformed, "these are no texts of a copy: the first bytes are others");
  for (at = head->size();;) {
    const auto frame = take_bytes(source, frame_bytes);
    if (!frame) return tl::unexpected(frame.error());
    if (frame->size() < frame_bytes) return wrong(errc::truncated, "the bytes end");
    const std::string_view after_crc = std::string_view{*frame}.substr(4);
    const std::uint64_t length = number(after_crc.substr(1));
    if (length > payload_bytes_max) return wrong(errc::checksum, "its length is damaged");
    const auto payload = take_bytes(source, length);
    if (!payload) return tl::unexpected(payload.error());
    if (payload->size() < length) return wrong(errc::truncated, "the bytes end");
    if (number(std::string_view{*frame}.substr(0, 4)) != crc_of(after_crc, *payload))
      return wrong(errc::checksum, "its checksum does not match");
    at += frame_bytes + length;
    if (after_crc[0] == end_kind) {
      if (*payload != big_endian(texts)) return wrong(errc::malformed, "the end counts other texts");
      const auto more = take_bytes(source, 1);
      if (!more || !more->empty()) return wrong(errc::malformed, "more bytes follow it");
      return texts;
    }
    if (after_crc[0] != text_kind) return wrong(errc::malformed, "a text was to stand here");
    ++texts;
    if (status done = take(blake2b_256(as_bytes_view(*payload)), *payload); !done) return tl::unexpected(done.error());
  }
}

}  // namespace zhili::storage
