// SPDX-License-Identifier: Apache-2.0
#include "protocols/frame.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace zhili {
namespace {

constexpr std::size_t crc_offset = sizeof(wire::frame_head) - 4;
// As in envelopes: 1970 to 2199.
constexpr std::int64_t time_ms_max = 7'258'118'400'000;
constexpr std::size_t call_bytes_max =
    limits::frame_bytes_max - sizeof(wire::frame_head) - sizeof(wire::frame_entry_head) - sizeof(wire::call_header);
constexpr std::uint8_t errc_max = static_cast<std::uint8_t>(errc::diverged);
constexpr std::size_t envelope_bytes_min = 16;

static_assert(sizeof(wire::frame_head) % 8 == 0 && sizeof(wire::frame_entry_head) == 8);
static_assert(sizeof(wire::hello_header) % 8 == 0 && sizeof(wire::answer_header) % 8 == 0);
static_assert(sizeof(wire::message_header) % 8 == 0 && sizeof(wire::call_header) % 8 == 0);

constexpr std::size_t padded(std::size_t n) { return (n + 7) & ~std::size_t{7}; }

std::uint32_t crc_of(bytes_view whole) { return crc32c(whole.first(crc_offset)); }

tl::unexpected<error> out_of_range(std::string_view field, std::uint64_t value) {
  return fail(errc::out_of_range, fmt::format("{}: {} is not possible", field, value));
}

tl::unexpected<error> too_large(std::string_view field, std::size_t bytes, std::size_t max) {
  return fail(errc::too_large, fmt::format("{}: {} bytes; at most {}", field, bytes, max));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool exists(partition_id p) { return p.workflow > 0 && p.workflow < workflow_end && p.shard < shard_count; }

status check_text(std::string_view field, std::string_view text) {
  if (text.size() > limits::answer_text_bytes_max) return too_large(field, text.size(), limits::answer_text_bytes_max);
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return fail(errc::malformed, fmt::format("{}: holds a control character", field));
  }
  return {};
}

bool all_zero(const wire::outcome& o) {
  return o.status() == wire::status::none && o.verdict() == verdict::none && o.why() == wire::refusal::none &&
         o.field() == 0 && o.kind() == subject_kind::none && o.spare() == 0;
}

status check_outcome(const wire::outcome& o) {
  if (o.status() == wire::status::none || o.status() > wire::status::MAX) {
    return out_of_range("outcome.status", static_cast<std::uint64_t>(o.status()));
  }
  if (o.verdict() > verdict::MAX) return out_of_range("outcome.verdict", static_cast<std::uint64_t>(o.verdict()));
  if (o.why() > wire::refusal::MAX || (o.why() != wire::refusal::none) != (o.status() == wire::status::refused)) {
    return out_of_range("outcome.why", static_cast<std::uint64_t>(o.why()));
  }
  if (o.kind() > subject_kind::MAX) return out_of_range("outcome.kind", static_cast<std::uint64_t>(o.kind()));
  if (o.spare() != 0) return out_of_range("outcome.spare", o.spare());
  return {};
}

status check(const hello_entry& e) {
  if (e.node.empty()) return fail(errc::malformed, "node: missing");
  if (e.node.size() > limits::node_name_bytes_max) return too_large("node", e.node.size(), limits::node_name_bytes_max);
  if (!std::all_of(e.node.begin(), e.node.end(), is_name_char)) {
    return fail(errc::malformed, "node: letters, digits, dots, dashes and underscores only");
  }
  if (e.shards == 0 || e.shards > 256) return out_of_range("shards", e.shards);
  return {};
}

status check(const submission_entry& e) {
  if (e.envelope.size() < envelope_bytes_min) return fail(errc::truncated, "envelope: shorter than its head");
  if (e.envelope.size() > limits::envelope_bytes_max) {
    return too_large("envelope", e.envelope.size(), limits::envelope_bytes_max);
  }
  return {};
}

status check(const answer_entry& e) {
  if (e.what == answer_kind::none || e.what > answer_kind::MAX) {
    return fail(errc::unknown_type, fmt::format("what: there is no kind {}", static_cast<int>(e.what)));
  }
  // An envelope that cannot be read has no key to answer to.
  if (!e.key && e.what != answer_kind::error) return fail(errc::out_of_range, "key: all zero names nothing");
  if (e.what == answer_kind::outcome) {
    if (status s = check_outcome(e.outcome); !s) return s;
  } else if (!all_zero(e.outcome)) {
    return fail(errc::out_of_range, "outcome: only in an answer from a log");
  }
  const bool busy = e.what == answer_kind::busy;
  if (busy != (e.retry_after_ms != 0) || e.retry_after_ms > limits::retry_after_ms_max) {
    return out_of_range("retry_after_ms", e.retry_after_ms);
  }
  const auto code = static_cast<std::uint8_t>(e.code);
  if ((e.what == answer_kind::error) != (code != 0) || code > errc_max) return out_of_range("code", code);
  if (e.what != answer_kind::error && !e.text.empty()) return fail(errc::malformed, "text: only with an error");
  return check_text("text", e.text);
}

status check(const message_entry& e) {
  if (!exists(e.source)) return out_of_range("source", e.source.packed());
  if (e.incarnation == 0) return out_of_range("incarnation", 0);
  const account_id account = from_wire(e.head.account());
  if (account.kind() == subject_kind::none || account.kind() > subject_kind::MAX) {
    return out_of_range("account", static_cast<std::uint64_t>(account.kind()));
  }
  if (e.head.at() < 0 || e.head.at() > time_ms_max) {
    return fail(errc::out_of_range, fmt::format("at: {} ms is no time between 1970 and 2199", e.head.at()));
  }
  if (e.head.number() == 0) return out_of_range("number", 0);
  if (!exists(partition_id::unpack(e.head.destination()))) return out_of_range("destination", e.head.destination());
  if (e.head.stream() > 1) return out_of_range("stream", e.head.stream());
  if (e.head.marks() > 3) return out_of_range("marks", e.head.marks());
  if (e.head.spare() != 0) return fail(errc::out_of_range, "spare: must be 0");
  if (e.type == 0) return fail(errc::unknown_type, "type: there is no number 0");
  if (e.body.empty()) return fail(errc::malformed, "body: missing");
  if (e.body.size() > limits::body_bytes_max) return too_large("body", e.body.size(), limits::body_bytes_max);
  return {};
}

status check(const receipt_entry& e) {
  if (!exists(e.source)) return out_of_range("source", e.source.packed());
  if (!exists(e.destination)) return out_of_range("destination", e.destination.packed());
  if (e.stream > 1) return out_of_range("stream", e.stream);
  if (e.incarnation == 0) return out_of_range("incarnation", 0);
  if (e.through == 0 && !e.again) return fail(errc::out_of_range, "through: 0 acknowledges nothing");
  return {};
}

status check(const request_entry& e) {
  if (e.verb == 0) return fail(errc::unknown_type, "verb: there is no number 0");
  if (e.body.size() > call_bytes_max) return too_large("body", e.body.size(), call_bytes_max);
  return {};
}

status check(const reply_entry& e) {
  if (status s = check(request_entry{e.correlation, e.verb, e.body}); !s) return s;
  const auto code = static_cast<std::uint8_t>(e.code);
  if (code > errc_max) return out_of_range("code", code);
  if (code == 0) return {};
  return check_text("body", {reinterpret_cast<const char*>(e.body.data()), e.body.size()});
}

bytes_view bytes_of(std::string_view text) { return as_bytes_view(text); }

// The header of an entry and what stands behind it.
template <class Write>
void write(const hello_entry& e, Write&& out) {
  out(wire::hello_header(to_wire(e.pack), e.incarnation, e.behaviour, e.shards, 0, 0), bytes_of(e.node));
}
template <class Write>
void write(const answer_entry& e, Write&& out) {
  out(wire::answer_header(to_wire(e.key), e.outcome, e.retry_after_ms, e.what, static_cast<std::uint8_t>(e.code), 0),
      bytes_of(e.text));
}
template <class Write>
void write(const message_entry& e, Write&& out) {
  out(wire::message_header(e.head, e.incarnation, e.source.packed(), e.type), e.body);
}
template <class Write>
void write(const receipt_entry& e, Write&& out) {
  out(wire::receipt(e.through, e.incarnation, e.source.packed(), e.destination.packed(), e.stream, e.again ? 1 : 0, 0, 0),
      bytes_view{});
}
template <class Write>
void write(const request_entry& e, Write&& out) {
  out(wire::call_header(e.correlation, e.verb, 0, 0, 0), e.body);
}
template <class Write>
void write(const reply_entry& e, Write&& out) {
  out(wire::call_header(e.correlation, e.verb, static_cast<std::uint8_t>(e.code), 0, 0), e.body);
}

std::size_t header_bytes(frame_kind kind) {
  switch (kind) {
    case frame_kind::hello: return sizeof(wire::hello_header);
    case frame_kind::answers: return sizeof(wire::answer_header);
    case frame_kind::messages: return sizeof(wire::message_header);
    case frame_kind::receipts: return sizeof(wire::receipt);
    case frame_kind::requests:
    case frame_kind::replies: return sizeof(wire::call_header);
    case frame_kind::submissions:
    case frame_kind::none: break;
  }
  return 0;
}

template <class Header>
const Header& header_at(bytes_view content) {
  return *reinterpret_cast<const Header*>(content.data());
}

std::string_view text_behind(bytes_view content, std::size_t header) {
  return {reinterpret_cast<const char*>(content.data()) + header, content.size() - header};
}

// REQUIRES: content is at least as long as the kind's header. Looks at nothing else.
frame_entry decode(frame_kind kind, bytes_view content) {
  const bytes_view behind = content.subspan(header_bytes(kind));
  switch (kind) {
    case frame_kind::hello: {
      const auto& h = header_at<wire::hello_header>(content);
      return hello_entry{text_behind(content, sizeof h), h.incarnation(), h.behaviour(), h.shards(), from_wire(h.pack())};
    }
    case frame_kind::answers: {
      const auto& h = header_at<wire::answer_header>(content);
      return answer_entry{from_wire(h.key()), h.what(), h.logged(), h.retry_after_ms(), static_cast<errc>(h.code()),
                          text_behind(content, sizeof h)};
    }
    case frame_kind::messages: {
      const auto& h = header_at<wire::message_header>(content);
      return message_entry{partition_id::unpack(h.source()), h.incarnation(), h.send(), h.type(), behind};
    }
    case frame_kind::receipts: {
      const auto& h = header_at<wire::receipt>(content);
      return receipt_entry{partition_id::unpack(h.source()), partition_id::unpack(h.destination()), h.stream(),
                           h.again() != 0, h.incarnation(), h.through()};
    }
    case frame_kind::requests: {
      const auto& h = header_at<wire::call_header>(content);
      return request_entry{h.correlation(), h.verb(), behind};
    }
    case frame_kind::replies: {
      const auto& h = header_at<wire::call_header>(content);
      return reply_entry{h.correlation(), h.verb(), static_cast<errc>(h.code()), behind};
    }
    case frame_kind::submissions:
    case frame_kind::none: break;
  }
  return submission_entry{content};
}

// Bytes that no decoded field shows.
bool spares_are_zero(frame_kind kind, bytes_view content) {
  switch (kind) {
    case frame_kind::hello: {
      const auto& h = header_at<wire::hello_header>(content);
      return h.spare() == 0 && h.spare2() == 0;
    }
    case frame_kind::answers: return header_at<wire::answer_header>(content).spare() == 0;
    case frame_kind::receipts: {
      const auto& h = header_at<wire::receipt>(content);
      return h.again() <= 1 && h.spare() == 0 && h.spare2() == 0 && content.size() == sizeof h;
    }
    case frame_kind::requests:
    case frame_kind::replies: {
      const auto& h = header_at<wire::call_header>(content);
      return h.spare() == 0 && h.spare2() == 0 && (kind == frame_kind::replies || h.code() == 0);
    }
    case frame_kind::messages:
    case frame_kind::submissions:
    case frame_kind::none: break;
  }
  return true;
}

tl::unexpected<error> in_entry(std::uint32_t index, errc code, std::string_view what) {
  return fail(code, fmt::format("entry {}: {}", index + 1, what));
}

// Size and head of what came in, CRC included.
result<wire::frame_head> check_head(bytes_view bytes) {
  if (bytes.size() < sizeof(wire::frame_head)) return fail(errc::truncated, "a frame is shorter than its head");
  if (bytes.size() > limits::frame_bytes_max) return too_large("a frame", bytes.size(), limits::frame_bytes_max);
  wire::frame_head head;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic() != frame_magic) return fail(errc::malformed, "magic: not a frame of zhili");
  if (head.format() != frame_format) {
    return fail(errc::unsupported_version,
                fmt::format("format: {}; this program reads {}", head.format(), frame_format));
  }
  if (head.bytes() != bytes.size()) {
    const errc code = bytes.size() < head.bytes() ? errc::truncated : errc::malformed;
    return fail(code, fmt::format("bytes: a frame of {} bytes says it has {}", bytes.size(), head.bytes()));
  }
  constexpr std::byte zero[4] = {};
  if (crc32c(bytes.subspan(sizeof head), crc32c(zero, crc_of(bytes))) != head.crc()) {
    return fail(errc::checksum, "crc: a frame does not match its CRC32C");
  }
  if (head.kind() == frame_kind::none || head.kind() > frame_kind::MAX) {
    return fail(errc::unknown_type, fmt::format("kind: there is no number {}", static_cast<int>(head.kind())));
  }
  if (head.spare() != 0 || head.spare2() != 0) return fail(errc::out_of_range, "spare: must be 0");
  const std::uint32_t most = head.kind() == frame_kind::hello ? 1 : limits::frame_entries_max;
  if (head.count() == 0 || head.count() > most) return out_of_range("count", head.count());
  return head;
}

// One entry at `at`, and how far the next one lies behind it.
result<std::size_t> check_entry_at(bytes_view bytes, std::size_t at, frame_kind kind, std::uint32_t index) {
  constexpr std::size_t head_bytes = sizeof(wire::frame_entry_head);
  if (bytes.size() - at < head_bytes) return in_entry(index, errc::truncated, "its head is cut");
  const auto& head = *reinterpret_cast<const wire::frame_entry_head*>(bytes.data() + at);
  if (head.spare() != 0) return in_entry(index, errc::out_of_range, "spare: must be 0");
  const std::size_t length = head.length();
  if (padded(length) > bytes.size() - at - head_bytes) return in_entry(index, errc::truncated, "length: beyond the frame");
  if (length < header_bytes(kind)) return in_entry(index, errc::truncated, "length: less than its header");
  const bytes_view content = bytes.subspan(at + head_bytes, length);
  if (!spares_are_zero(kind, content)) return in_entry(index, errc::out_of_range, "spare: must be 0");
  if (status s = check_entry(decode(kind, content)); !s) return in_entry(index, s.error().code, s.error().detail);
  const bytes_view padding = bytes.subspan(at + head_bytes + length, padded(length) - length);
  if (std::any_of(padding.begin(), padding.end(), [](std::byte b) { return b != std::byte{0}; })) {
    return in_entry(index, errc::out_of_range, "padding: must be 0");
  }
  return head_bytes + padded(length);
}

}  // namespace

status check_entry(const frame_entry& e) {
  return std::visit([](const auto& one) { return check(one); }, e);
}

std::string answer_text(std::string_view text) {
  std::string out(text.substr(0, limits::answer_text_bytes_max));
  if (text.size() > out.size()) {
    // Back to where a character begins.
    std::size_t cut = out.size();
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    out.resize(cut);
  }
  std::replace_if(out.begin(), out.end(), is_control, ' ');
  return out;
}

frame_writer::frame_writer() : bytes_(sizeof(wire::frame_head)) {}

result<bool> frame_writer::add(const frame_entry& e) {
  if (status s = check_entry(e); !s) return tl::unexpected(s.error());
  const frame_kind kind = kind_of(e);
  if (count_ > 0 && (kind != kind_ || kind == frame_kind::hello || count_ == limits::frame_entries_max)) return false;

  const auto append = [&](bytes_view header, bytes_view behind) {
    const std::size_t length = header.size() + behind.size();
    const std::size_t at = bytes_.size();
    if (at + sizeof(wire::frame_entry_head) + padded(length) > limits::frame_bytes_max) return false;
    bytes_.resize(at + sizeof(wire::frame_entry_head) + padded(length));
    std::byte* out = bytes_.data() + at;
    const wire::frame_entry_head head(static_cast<std::uint32_t>(length), 0);
    std::memcpy(out, &head, sizeof head);
    out += sizeof head;
    if (!header.empty()) std::memcpy(out, header.data(), header.size());
    if (!behind.empty()) std::memcpy(out + header.size(), behind.data(), behind.size());
    return true;
  };
  const bool fits = std::visit(
      [&]<class Entry>(const Entry& one) {
        if constexpr (std::is_same_v<Entry, submission_entry>) {
          return append({}, one.envelope);
        } else {
          bool done = false;
          write(one, [&](const auto& header, bytes_view behind) { done = append(body_of(header), behind); });
          return done;
        }
      },
      e);
  if (!fits) return false;
  kind_ = kind;
  ++count_;
  return true;
}

std::vector<std::byte> frame_writer::take() {
  ZHILI_ASSERT(count_ > 0, "a frame without entries");
  const wire::frame_head head(frame_magic, frame_format, kind_, 0, count_, static_cast<std::uint32_t>(bytes_.size()), 0, 0);
  std::memcpy(bytes_.data(), &head, sizeof head);
  const std::uint32_t crc = crc32c(bytes_);
  std::memcpy(bytes_.data() + crc_offset, &crc, sizeof crc);
  std::vector<std::byte> out = std::move(bytes_);
  *this = frame_writer{};
  return out;
}

std::vector<std::byte> frame_of(const frame_entry& e) {
  frame_writer writer;
  const auto added = writer.add(e);
  ZHILI_ASSERT(added && *added, "an entry that no frame takes");
  return writer.take();
}

result<opened_frame> open_frame(bytes_view bytes) {
  const auto head = check_head(bytes);
  if (!head) return tl::unexpected(head.error());
  opened_frame opened;
  // What a socket hands out begins anywhere; a vector's own block begins at a multiple of 16.
  opened.bytes_.assign(bytes.begin(), bytes.end());
  opened.kind_ = head->kind();
  opened.count_ = head->count();
  std::size_t at = sizeof(wire::frame_head);
  for (std::uint32_t index = 0; index < opened.count_; ++index) {
    const auto step = check_entry_at(opened.bytes_, at, opened.kind_, index);
    if (!step) return tl::unexpected(step.error());
    at += *step;
  }
  if (at != opened.bytes_.size()) return fail(errc::malformed, "count: bytes behind the last entry");
  return opened;
}

opened_frame::iterator opened_frame::begin() const { return {kind_, bytes_.data() + sizeof(wire::frame_head)}; }
opened_frame::iterator opened_frame::end() const { return {kind_, bytes_.data() + bytes_.size()}; }

frame_entry opened_frame::iterator::operator*() const {
  const auto& head = *reinterpret_cast<const wire::frame_entry_head*>(at_);
  return decode(kind_, {at_ + sizeof head, head.length()});
}

opened_frame::iterator& opened_frame::iterator::operator++() {
  const auto& head = *reinterpret_cast<const wire::frame_entry_head*>(at_);
  at_ += sizeof head + padded(head.length());
  return *this;
}

}  // namespace zhili
