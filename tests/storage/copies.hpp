// SPDX-License-Identifier: Apache-2.0
// Short ways to read stores and to move copies between them.
#pragma once

#include <algorithm>
#include <cstring>

#include "storage/transfer.hpp"
#include "tests/storage/conformance.hpp"

namespace zhili::storage {

template <class Result>
errc code_of(const Result& r) {
  return r ? errc::none : r.error().code;
}

inline std::string chars_of(bytes_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool all_of_it(seq, bytes_view) {
  return true;
}

/// The archive from `from`; numbers must be without gaps.
inline texts archive(partition_store& log, partition_id p, std::uint64_t from = 1) {
  texts out;
  const status s = log.read_archive(p, seq{from}, [&](seq at, bytes_view bytes) {
    CHECK(at.value == from + out.size());
    out.push_back(chars_of(bytes));
    return true;
  });
  CHECK(s.has_value());
  return out;
}

/// Archive and log from `from`; numbers must be without gaps and names those of `item`.
inline texts records(partition_store& log, partition_id p, std::uint64_t from = 1) {
  texts out;
  const status s = log.read_records(p, seq{from}, seq{1'000'000}, [&](const record_view& r) {
    CHECK(r.at.value == from + out.size());
    out.push_back(chars_of(r.bytes));
    CHECK(r.batch_id == id_of(out.back()));
    return true;
  });
  CHECK(s.has_value());
  return out;
}

inline byte_sink into(std::string& out) {
  return [&out](bytes_view bytes) {
    out += chars_of(bytes);
    return status{};
  };
}

/// In bites of 1000 bytes. The string outlives the source.
inline byte_source from(std::string_view bytes) {
  return [bytes](std::span<std::byte> buffer) mutable -> result<std::size_t> {
    const std::size_t count = std::min({bytes.size(), buffer.size(), std::size_t{1000}});
    if (count > 0) std::memcpy(buffer.data(), bytes.data(), count);
    bytes.remove_prefix(count);
    return count;
  };
}

}  // namespace zhili::storage
