// SPDX-License-Identifier: Apache-2.0
// Texts as a stream of bytes, from one content store to another, beside the copy of the partition that names them.
// docs/storage_keys.md is normative for the format.
#pragma once

#include <functional>

#include "storage/transfer.hpp"

namespace zhili::storage {

/// Writes texts one after the other.
class text_writer {
 public:
  explicit text_writer(const byte_sink& sink) : sink_(sink) {}
  status begin();
  status put(std::string_view text);
  status end();
  std::uint64_t texts() const { return texts_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  status out(std::string_view bytes);
  status record(char kind, std::string_view payload);

  const byte_sink& sink_;
  std::uint64_t texts_ = 0;
  std::uint64_t bytes_ = 0;
};

/// Reads a stream to its end and gives each text with its hash; says how many there were. Errors name the record and
/// byte as those of import_partition; what `take` gives back ends the reading. The view dies with the call.
[[nodiscard]] result<std::uint64_t> read_texts(
    const byte_source& source, const std::function<status(const digest256&, std::string_view)>& take);

}  // namespace zhili::storage
