// SPDX-License-Identifier: Apache-2.0
// A frame: what one ZeroMQ message between client, gateway and nodes holds, many entries of one kind. Written entry by
// entry; read through one door: size, head, aligned copy, CRC32C, every entry's bounds, then its fields against their
// ranges. docs/wire.md is normative. Not thread-safe.
#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "protocols/message.hpp"
#include "protocols/schema/frame_generated.h"
#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"

namespace zhili {

namespace limits {

inline constexpr std::uint32_t frame_entries_max = 16 * 1024;
inline constexpr std::size_t node_name_bytes_max = 64;
/// The text of an error that goes back to a submitter; longer ones are cut by whoever writes them.
inline constexpr std::size_t answer_text_bytes_max = string_bytes_max;
inline constexpr std::uint32_t retry_after_ms_max = 60 * 60 * 1000;

}  // namespace limits

using wire::answer_kind;
using wire::frame_kind;

inline constexpr std::uint32_t frame_magic = 0x464c485a;  // "ZHLF"
inline constexpr std::uint16_t frame_format = 1;

/// Who speaks.
struct hello_entry {
  /// 1 to 64 letters, digits, dots, dashes and underscores.
  std::string_view node;
  /// 0: no data folder.
  std::uint32_t incarnation = 0;
  std::uint32_t behaviour = 0;
  std::uint16_t shards = shard_count;
  digest256 pack;
};

/// One envelope, 8-aligned, its size checked and nothing else: `open_envelope` is the door to it.
struct submission_entry {
  bytes_view envelope;
};

/// What became of a submission.
struct answer_entry {
  subject_id key;
  answer_kind what = answer_kind::none;
  /// For answer_kind::outcome, else all zero.
  wire::outcome outcome;
  /// For answer_kind::busy, from 1; else 0.
  std::uint32_t retry_after_ms = 0;
  /// For answer_kind::error, else none.
  errc code = errc::none;
  /// Only with an error: names the field.
  std::string_view text;
};

/// A message from one partition to another, as it lies in the source's log.
struct message_entry {
  partition_id source;
  /// Of the source, from 1.
  std::uint32_t incarnation = 0;
  wire::send_header head;
  type_no type = 0;
  /// 8-aligned when read from a frame.
  bytes_view body;
};

/// From the destination of a stream back to its source: everything through `through` is committed.
struct receipt_entry {
  partition_id source;
  partition_id destination;
  /// 0 inside the account, 1 across accounts.
  std::uint8_t stream = 0;
  /// Besides, send again from `through` + 1.
  bool again = false;
  std::uint32_t incarnation = 0;
  std::uint64_t through = 0;
};

/// A question to a node. What the body says is the verb's matter.
struct request_entry {
  std::uint64_t correlation = 0;
  /// From 1.
  std::uint16_t verb = 0;
  bytes_view body;
};

struct reply_entry {
  std::uint64_t correlation = 0;
  std::uint16_t verb = 0;
  /// Other than none: the body is a text of at most answer_text_bytes_max.
  errc code = errc::none;
  bytes_view body;
};

/// In the order of `frame_kind`, from 1. The views belong to whoever made them.
using frame_entry = std::variant<hello_entry, submission_entry, answer_entry, message_entry, receipt_entry,
                                 request_entry, reply_entry>;

inline frame_kind kind_of(const frame_entry& e) { return static_cast<frame_kind>(e.index() + 1); }

/// Every field against its range; `detail` names the field.
status check_entry(const frame_entry& e);

/// Cuts a text so that it may stand in an answer: at most answer_text_bytes_max bytes, whole characters, no control
/// characters.
std::string answer_text(std::string_view text);

/// Fills one frame. Entries of one kind only: that of the first.
class frame_writer {
 public:
  frame_writer();

  /// True: it is in. False: the frame is full, holds another kind, or is a hello; a new frame takes it.
  /// The error of `check_entry` where no frame would ever take it. What the views show is copied.
  result<bool> add(const frame_entry& e);

  bool empty() const { return count_ == 0; }
  std::uint32_t count() const { return count_; }
  std::size_t bytes() const { return bytes_.size(); }

  /// The whole frame with head and CRC; the writer is empty again. REQUIRES: !empty().
  std::vector<std::byte> take();

 private:
  std::vector<std::byte> bytes_;
  std::uint32_t count_ = 0;
  frame_kind kind_ = frame_kind::none;
};

/// A frame of one entry. REQUIRES: check_entry(e).
std::vector<std::byte> frame_of(const frame_entry& e);

/// A frame that was checked as a whole, in a copy of its own; movable, not copyable.
class opened_frame {
 public:
  opened_frame(opened_frame&&) = default;
  opened_frame& operator=(opened_frame&&) = default;

  frame_kind kind() const { return kind_; }
  /// Entries, at least 1.
  std::uint32_t count() const { return count_; }
  std::size_t bytes() const { return bytes_.size(); }

  /// Goes over the entries in order. Their views live as long as the frame.
  class iterator {
   public:
    iterator(frame_kind kind, const std::byte* at) : kind_(kind), at_(at) {}
    frame_entry operator*() const;
    iterator& operator++();
    bool operator==(const iterator&) const = default;

   private:
    frame_kind kind_;
    const std::byte* at_;
  };
  iterator begin() const;
  iterator end() const;
  /// The first entry as the alternative that goes with `kind()`.
  template <class Entry>
  Entry first() const {
    return std::get<Entry>(*begin());
  }

 private:
  friend result<opened_frame> open_frame(bytes_view bytes);
  opened_frame() = default;

  std::vector<std::byte> bytes_;
  frame_kind kind_ = frame_kind::none;
  std::uint32_t count_ = 0;
};

/// Opens what came from outside: any bytes of any length and alignment. Errors: truncated, too_large, malformed,
/// checksum, unsupported_version, unknown_type, out_of_range; `detail` names the entry and the field at fault.
result<opened_frame> open_frame(bytes_view bytes);

}  // namespace zhili
