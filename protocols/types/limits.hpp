// SPDX-License-Identifier: Apache-2.0
// The largest of everything that comes from outside, checked on decode.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace zhili::limits {

inline constexpr std::size_t tenant_bytes_max = 32;
inline constexpr std::size_t external_id_bytes_max = 64;
/// A text as submitted; longer ones are refused, not cut.
inline constexpr std::size_t text_bytes_max = 64 * 1024;
/// A command's body without its text.
inline constexpr std::size_t body_bytes_max = 64 * 1024;
inline constexpr std::size_t sealed_bytes_max = 4 * 1024;
inline constexpr std::size_t string_bytes_max = 256;
/// An envelope: head, body and text.
inline constexpr std::size_t envelope_bytes_max = 192 * 1024;
/// A ZeroMQ frame of envelopes.
inline constexpr std::size_t frame_bytes_max = 1024 * 1024;
inline constexpr std::size_t batch_bytes_max = 1024 * 1024;
inline constexpr std::size_t findings_max = 64;
inline constexpr std::size_t trace_line_bytes_max = 512 * 1024;
inline constexpr unsigned verify_depth_max = 16;
inline constexpr unsigned verify_tables_max = 256;

/// A submitter's event time may lie this far from the stamp.
inline constexpr std::chrono::minutes event_time_ahead_max{5};
inline constexpr std::chrono::hours event_time_behind_max{24 * 30};
/// An idempotency key is answered again for this long.
inline constexpr std::chrono::hours key_kept{24 * 7};

static_assert(text_bytes_max + body_bytes_max + sealed_bytes_max < envelope_bytes_max);
static_assert(envelope_bytes_max < frame_bytes_max);
static_assert(body_bytes_max < batch_bytes_max);

}  // namespace zhili::limits
