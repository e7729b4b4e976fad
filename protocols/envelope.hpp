// SPDX-License-Identifier: Apache-2.0
// The envelope in which a submission travels from the platform's edge to a partition, and the one door through which
// it is read: size, aligned copy, CRC32C, FlatBuffers verifier, then every field against its range. docs/wire.md is
// normative.
#pragma once

#include <string_view>
#include <vector>

#include "protocols/message.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"
#include "protocols/types/time.hpp"

namespace zhili {

inline constexpr std::uint32_t envelope_magic = 0x454c485a;  // "ZHLE"
inline constexpr std::uint16_t envelope_format = 1;
/// Version of the commands' schemas that this program reads.
inline constexpr std::uint16_t command_version = 1;

/// What an envelope says. The views belong to whoever made them.
struct envelope_fields {
  workflow_no workflow = 0;
  type_no type = 0;
  std::string_view tenant;
  account_id account;
  subject_id subject;
  /// Empty where the platform's name would tell who a person is.
  std::string_view account_name;
  std::string_view subject_name;
  subject_id key;
  instant event_time;
  instant sent_at;
  bytes_view body;
  /// Empty: no text came along.
  std::string_view text;
};

/// Every field against its range; `detail` names the field. Does not look into the body: that is `read_body`.
status check_envelope(const envelope_fields& fields);

/// The bytes of an envelope, digests and CRC included; the error that `check_envelope` gives where a field is out of
/// range. The views in `fields` are copied.
result<std::vector<std::byte>> encode_envelope(const envelope_fields& fields);

/// An envelope that was checked as a whole, in a copy of its own or in place; movable, not copyable.
class opened_envelope {
 public:
  opened_envelope(opened_envelope&&) = default;
  opened_envelope& operator=(opened_envelope&&) = default;

  /// The views live as long as this, the body 8-aligned.
  const envelope_fields* operator->() const { return &fields_; }
  const envelope_fields& operator*() const { return fields_; }
  /// BLAKE2b-256 of the text, its key in the content store; all zero where there is none.
  const digest256& text_hash() const { return text_hash_; }

 private:
  friend result<opened_envelope> open_envelope(bytes_view bytes);
  friend result<opened_envelope> open_envelope_in_place(bytes_view bytes);
  opened_envelope() = default;
  status read(bytes_view whole);

  std::vector<std::byte> bytes_;
  envelope_fields fields_;
  digest256 text_hash_;
};

/// Opens what came from outside: any bytes of any length and alignment. Errors: truncated, too_large, malformed,
/// checksum, unsupported_version, unknown_type, out_of_range; `detail` names the field at fault.
result<opened_envelope> open_envelope(bytes_view bytes);
/// The same without a copy. REQUIRES: 8-aligned bytes that nobody changes and that outlive what is opened.
result<opened_envelope> open_envelope_in_place(bytes_view bytes);

}  // namespace zhili
