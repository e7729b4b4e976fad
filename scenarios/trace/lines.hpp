// SPDX-License-Identifier: Apache-2.0
// Files of lines, plain or compressed with zstd, read and written as streams of any length. Not thread-safe.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/types/result.hpp"

namespace zhili::scenarios {

class line_writer {
 public:
  /// Compresses where the name ends in `.zst`. io where the file cannot be made.
  static result<line_writer> create(const std::filesystem::path& file);
  line_writer(line_writer&&) noexcept;
  line_writer& operator=(line_writer&&) noexcept;
  ~line_writer();

  /// Whole lines with their newlines.
  status write(std::string_view lines);
  /// Everything is with the operating system when this returns; without it a reader finds the file cut off.
  status finish();

 private:
  struct parts;
  explicit line_writer(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

class line_reader {
 public:
  /// What is compressed is known by its first bytes, whatever the name. not_found where there is no such file.
  static result<line_reader> open(const std::filesystem::path& file);
  line_reader(line_reader&&) noexcept;
  line_reader& operator=(line_reader&&) noexcept;
  ~line_reader();

  /// The next line without its newline, until the next call, with at least 64 readable bytes behind it; nothing at the
  /// end. too_large: the line was left out, go on. truncated, checksum, io: nothing more can be read.
  result<std::optional<std::string_view>> next();
  /// Number of the line that `next` gave last, or failed at.
  std::uint64_t number() const;

 private:
  struct parts;
  explicit line_reader(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

}  // namespace zhili::scenarios
