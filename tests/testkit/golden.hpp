// SPDX-License-Identifier: Apache-2.0
// Golden files: one line a sample, a name and hex bytes. Run the tests with ZHILI_WRITE_GOLDEN=1 to write them anew,
// and look at the difference: bytes that were released may not change.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace zhili {

using golden_lines = std::map<std::string, std::vector<std::byte>>;

namespace golden_detail {

inline std::string path_of(const std::string& name) { return "tests/protocols/golden/" + name + ".txt"; }

inline std::string hex_of(const std::vector<std::byte>& bytes) {
  std::string s;
  for (const std::byte b : bytes) s += fmt::format("{:02x}", std::to_integer<unsigned>(b));
  return s;
}

inline std::vector<std::byte> bytes_of(const std::string& hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace golden_detail

/// tests/protocols/golden/<name>.txt; empty where there is none. Tests run in the root of the project.
inline golden_lines read_golden(const std::string& name) {
  golden_lines lines;
  std::ifstream in(golden_detail::path_of(name));
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(": ");
    if (colon != line.npos) lines[line.substr(0, colon)] = golden_detail::bytes_of(line.substr(colon + 2));
  }
  return lines;
}

/// Checks that the file holds exactly these lines; or writes it.
inline void check_golden(const std::string& name, const golden_lines& now) {
  if (const char* write = std::getenv("ZHILI_WRITE_GOLDEN"); write != nullptr && *write != 0) {
    std::ofstream out(golden_detail::path_of(name));
    for (const auto& [key, bytes] : now) out << key << ": " << golden_detail::hex_of(bytes) << '\n';
    return;
  }
  const golden_lines kept = read_golden(name);
  for (const auto& [key, bytes] : now) {
    const auto found = kept.find(key);
    if (found == kept.end()) {
      FAIL_CHECK(golden_detail::path_of(name) << " has no sample of '" << key << "': write it with ZHILI_WRITE_GOLDEN=1");
    } else if (found->second != bytes) {
      FAIL_CHECK(golden_detail::path_of(name) << ": the bytes of '" << key << "' have changed, so old logs would be misread\n  then "
                               << golden_detail::hex_of(found->second) << "\n  now  " << golden_detail::hex_of(bytes));
    }
  }
  for (const auto& [key, bytes] : kept) {
    if (!now.contains(key)) FAIL_CHECK(golden_detail::path_of(name) << ": '" << key << "' is gone, but old logs may hold it");
  }
}

}  // namespace zhili
