// SPDX-License-Identifier: Apache-2.0
// Operating failures (disk, decode, arguments): a value or an error, never an exception across our functions.
// A refusal of a submission is not one of these: it is data (wire::refusal) and stands in the log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "protocols/types/bilingual.hpp"

namespace zhili {

/// Every code has a caller that reacts to it. Numbers stand in exit codes and metrics: do not renumber.
enum class errc : std::uint8_t {
  none = 0,
  /// The input ends before it is whole.
  truncated = 1,
  /// The input is larger than its named limit.
  too_large = 2,
  /// CRC or digest does not match the bytes.
  checksum = 3,
  /// The bytes or the text do not follow their format.
  malformed = 4,
  /// A number names no message, workflow, event or unit that this program knows.
  unknown_type = 5,
  /// Written by a format or behaviour that this program does not read.
  unsupported_version = 6,
  /// A value lies outside its legal range.
  out_of_range = 7,
  not_found = 8,
  /// The operating system or the store said no.
  io = 9,
  /// What is stored contradicts itself.
  corrupt = 10,
  /// Someone else writes this partition now.
  fenced = 11,
  /// The command line asks for something that does not exist.
  bad_argument = 12,
  /// Re-execution gave something else than the log.
  diverged = 13,
};

struct error {
  error() = default;
  error(errc what, std::string en, std::string zh = {})
      : code(what), detail(std::move(en)), detail_zh(std::move(zh)) {}
  error(errc what, bilingual why) : error(what, std::move(why.en), std::move(why.zh)) {}

  errc code = errc::none;
  /// For the reader: names the field, file or line and what would be right.
  std::string detail;
  /// The same in Chinese; empty where it was said in English alone, as to operators.
  std::string detail_zh;

  bilingual both() const { return {detail_zh.empty() ? detail : detail_zh, detail}; }
};

template <class T>
using result = tl::expected<T, error>;

using status = result<void>;

/// Short English name of a code, as it stands in JSON.
std::string_view name(errc code);

inline tl::unexpected<error> fail(errc code, std::string detail) {
  return tl::unexpected<error>(error{code, std::move(detail)});
}

inline tl::unexpected<error> fail(errc code, bilingual detail) {
  return tl::unexpected<error>(error{code, std::move(detail)});
}

/// Prints where and why, then aborts: a bug or corrupt state, never bad input.
[[noreturn]] void assert_failed(const char* condition, const char* file, int line, const std::string& note);

}  // namespace zhili

/// On in release builds too: going on with corrupt state would harm people.
#define ZHILI_ASSERT(condition, note)                                                       \
  do {                                                                                      \
    if (!(condition)) [[unlikely]] ::zhili::assert_failed(#condition, __FILE__, __LINE__, note); \
  } while (false)
