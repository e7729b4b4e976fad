// SPDX-License-Identifier: Apache-2.0
#include "protocols/envelope.hpp"

#include <cstring>

#include <fmt/format.h>

#include "protocols/schema/envelope_generated.h"

namespace zhili {
namespace {

constexpr std::size_t crc_offset = sizeof(wire::envelope_head) - 4;
constexpr std::size_t body_alignment = 8;
// 1970 to 2199: far enough for any claim, near enough that no sum of times overflows.
constexpr std::int64_t time_ms_max = 7'258'118'400'000;

std::uint32_t crc_of(bytes_view whole) {
  constexpr std::byte zero[4] = {};
  return crc32c(whole.subspan(crc_offset + 4), crc32c(zero, crc32c(whole.first(crc_offset))));
}

status check_id(std::string_view field, subject_id id, std::string_view tenant, std::string_view name) {
  if (id.kind() == subject_kind::none || id.kind() > subject_kind::MAX) {
    return fail(errc::out_of_range, fmt::format("{}: there is no kind {}", field, static_cast<int>(id.kind())));
  }
  if (name.size() > limits::external_id_bytes_max) {
    return fail(errc::too_large,
                fmt::format("{}_name: {} bytes; at most {}", field, name.size(), limits::external_id_bytes_max));
  }
  if (!name.empty() && make_subject_id(tenant, id.kind(), name) != id) {
    return fail(errc::out_of_range, fmt::format("{}: is not the id of {}_name", field, field));
  }
  return {};
}

status check_time(std::string_view field, instant t) {
  if (t.ms >= 0 && t.ms <= time_ms_max) return {};
  return fail(errc::out_of_range, fmt::format("{}: {} ms is no time between 1970 and 2199", field, t.ms));
}

status check_sizes(const envelope_fields& f) {
  const auto too_large = [](std::string_view field, std::size_t bytes, std::size_t max) {
    return fail(errc::too_large, fmt::format("{}: {} bytes; at most {}", field, bytes, max));
  };
  if (f.tenant.size() > limits::tenant_bytes_max) return too_large("tenant", f.tenant.size(), limits::tenant_bytes_max);
  if (f.body.size() > limits::body_bytes_max) return too_large("body", f.body.size(), limits::body_bytes_max);
  if (f.text.size() > limits::text_bytes_max) return too_large("text", f.text.size(), limits::text_bytes_max);
  if (f.body.empty()) return fail(errc::malformed, "body: missing");
  return {};
}

wire::sameness to_wire_sameness(digest128 d) { return wire::sameness(d.hi, d.lo); }

bytes_view bytes_of(const flatbuffers::Vector<std::uint8_t>* v) {
  if (v == nullptr) return {};
  return {reinterpret_cast<const std::byte*>(v->Data()), v->size()};
}

// What the schema may leave out but an envelope may not.
status check_present(const wire::envelope& e) {
  const auto missing = [](std::string_view field) {
    return fail(errc::malformed, fmt::format("{}: missing", field));
  };
  if (e.account() == nullptr) return missing("account");
  if (e.subject() == nullptr) return missing("subject");
  if (e.key() == nullptr) return missing("key");
  if (e.body_digest() == nullptr) return missing("body_digest");
  if (e.body() == nullptr) return missing("body");
  if ((e.text() == nullptr) != (e.text_hash() == nullptr)) return missing(e.text() == nullptr ? "text" : "text_hash");
  return {};
}

// Size, head and CRC of what came in; everything behind the head is an envelope that may be verified.
status check_head(bytes_view bytes) {
  if (bytes.size() < sizeof(wire::envelope_head)) return fail(errc::truncated, "an envelope is shorter than its head");
  if (bytes.size() > limits::envelope_bytes_max) {
    return fail(errc::too_large,
                fmt::format("an envelope of {} bytes; at most {}", bytes.size(), limits::envelope_bytes_max));
  }
  wire::envelope_head head;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic() != envelope_magic) return fail(errc::malformed, "magic: not an envelope of zhili");
  if (head.format() != envelope_format) {
    return fail(errc::unsupported_version,
                fmt::format("format: {}; this program reads {}", head.format(), envelope_format));
  }
  if (head.bytes() != bytes.size()) {
    const errc code = bytes.size() < head.bytes() ? errc::truncated : errc::malformed;
    return fail(code, fmt::format("bytes: an envelope of {} bytes says it has {}", bytes.size(), head.bytes()));
  }
  if (crc_of(bytes) != head.crc()) return fail(errc::checksum, "crc: an envelope does not match its CRC32C");
  if (head.spare() != 0) return fail(errc::out_of_range, "spare: must be 0");
  return {};
}

}  // namespace

status check_envelope(const envelope_fields& f) {
  if (f.workflow == 0 || f.workflow >= workflow_end) {
    return fail(errc::unknown_type, fmt::format("workflow: there is no number {}", f.workflow));
  }
  if (f.type == 0 || f.type >= shared_type_base) {
    return fail(errc::unknown_type, fmt::format("type: {} is no submission of any workflow", f.type));
  }
  if (status s = check_sizes(f); !s) return s;
  if (f.tenant.find('\0') != f.tenant.npos) return fail(errc::malformed, "tenant: holds a NUL");
  if (status s = check_id("account", f.account, f.tenant, f.account_name); !s) return s;
  if (status s = check_id("subject", f.subject, f.tenant, f.subject_name); !s) return s;
  if (!f.key) return fail(errc::out_of_range, "key: all zero names nothing");
  if (status s = check_time("event_time", f.event_time); !s) return s;
  return check_time("sent_at", f.sent_at);
}

result<std::vector<std::byte>> encode_envelope(const envelope_fields& f) {
  if (status s = check_envelope(f); !s) return tl::unexpected(s.error());
  flatbuffers::FlatBufferBuilder b(512 + f.body.size() + f.text.size());
  const auto string_of = [&](std::string_view s) {
    return s.empty() ? flatbuffers::Offset<flatbuffers::String>{} : b.CreateString(s.data(), s.size());
  };
  const auto text = string_of(f.text);
  b.ForceVectorAlignment(f.body.size(), 1, body_alignment);
  const auto body = b.CreateVector(reinterpret_cast<const std::uint8_t*>(f.body.data()), f.body.size());
  const auto tenant = string_of(f.tenant);
  const auto account_name = string_of(f.account_name);
  const auto subject_name = string_of(f.subject_name);
  const wire::id account = to_wire(f.account), subject = to_wire(f.subject), key = to_wire(f.key);
  const wire::sameness body_digest = to_wire_sameness(xxh3_128(f.body));
  const wire::hash256 text_hash = to_wire(blake2b_256(as_bytes_view(f.text)));
  b.Finish(
      wire::Createenvelope(b, command_version, f.workflow, f.type, tenant, &account, &subject, account_name,
                           subject_name, &key, f.event_time.ms, f.sent_at.ms, &body_digest, body,
                           f.text.empty() ? nullptr : &text_hash, text),
      wire::envelopeIdentifier());

  const bytes_view inner = body_of(b);
  std::vector<std::byte> out(sizeof(wire::envelope_head) + inner.size());
  std::memcpy(out.data() + sizeof(wire::envelope_head), inner.data(), inner.size());
  const wire::envelope_head head(envelope_magic, envelope_format, 0, static_cast<std::uint32_t>(out.size()), 0);
  std::memcpy(out.data(), &head, sizeof head);
  const std::uint32_t crc = crc_of(out);
  std::memcpy(out.data() + crc_offset, &crc, sizeof crc);
  return out;
}

result<opened_envelope> open_envelope(bytes_view bytes) {
  if (status s = check_head(bytes); !s) return tl::unexpected(s.error());
  opened_envelope opened;
  // What a socket hands out begins anywhere; a vector's own block begins at a multiple of 16.
  opened.bytes_.assign(bytes.begin(), bytes.end());
  if (status s = opened.read(opened.bytes_); !s) return tl::unexpected(s.error());
  return opened;
}

result<opened_envelope> open_envelope_in_place(bytes_view bytes) {
  ZHILI_ASSERT(reinterpret_cast<std::uintptr_t>(bytes.data()) % body_alignment == 0, "aligned, or it is copied");
  if (status s = check_head(bytes); !s) return tl::unexpected(s.error());
  opened_envelope opened;
  if (status s = opened.read(bytes); !s) return tl::unexpected(s.error());
  return opened;
}

/// Everything behind the head's own checks. REQUIRES: 8-aligned.
status opened_envelope::read(bytes_view whole) {
  const bytes_view inner = whole.subspan(sizeof(wire::envelope_head));
  const auto* data = reinterpret_cast<const std::uint8_t*>(inner.data());
  flatbuffers::Verifier verifier(data, inner.size(), limits::verify_depth_max, limits::verify_tables_max);
  if (inner.size() < 16 || !verifier.VerifyBuffer<wire::envelope>(wire::envelopeIdentifier())) {
    return fail(errc::malformed, "envelope: its bytes do not follow the schema");
  }
  const wire::envelope& e = *wire::Getenvelope(data);
  if (e.version() != command_version) {
    return fail(errc::unsupported_version, fmt::format("version: {}; this program reads {}", e.version(), command_version));
  }
  if (status s = check_present(e); !s) return s;

  envelope_fields& f = fields_;
  f = {e.workflow(), e.type(), text_of(e.tenant()), from_wire(*e.account()), from_wire(*e.subject()),
       text_of(e.account_name()), text_of(e.subject_name()), from_wire(*e.key()), {e.event_time()}, {e.sent_at()},
       bytes_of(e.body()), text_of(e.text())};
  if (status s = check_envelope(f); !s) return s;
  if (reinterpret_cast<std::uintptr_t>(f.body.data()) % body_alignment != 0) {
    return fail(errc::malformed, "body: does not begin at a multiple of 8");
  }
  const digest128 body_digest = xxh3_128(f.body);
  if (e.body_digest()->hi() != body_digest.hi || e.body_digest()->lo() != body_digest.lo) {
    return fail(errc::checksum, "body_digest: is not the digest of the body");
  }
  if (e.text() != nullptr) {
    text_hash_ = from_wire(*e.text_hash());
    if (f.text.empty()) return fail(errc::malformed, "text: empty; leave it out");
    if (blake2b_256(as_bytes_view(f.text)) != text_hash_) {
      return fail(errc::checksum, "text_hash: is not the hash of the text");
    }
  }
  return {};
}

}  // namespace zhili
