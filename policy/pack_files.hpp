// SPDX-License-Identifier: Apache-2.0
// The files of a pack's folder, read whole before anything is made of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/diagnostics.hpp"
#include "protocols/types/hash.hpp"

namespace zhili::policy {

struct source_file {
  /// Below the pack, with '/'.
  std::string path;
  std::string text;

  bool is_in(std::string_view folder) const { return path.starts_with(folder) && path.substr(folder.size()).starts_with('/'); }
  /// Without folder and extension.
  std::string stem() const;
};

class pack_files {
 public:
  /// Reads them; what cannot be read, is too large, or is of a kind that its folder does not hold goes to `found`.
  pack_files(std::string dir, diagnostics& found);

  /// Ordered by path.
  const std::vector<source_file>& all() const { return files_; }
  /// As readers are told where it is.
  std::string shown(std::string_view path) const;
  std::string shown(const source_file& f) const { return shown(f.path); }
  /// Of paths and texts, each after its length, so that no two packs give the same bytes.
  digest256 digest() const;

 private:
  /// `path`: below the pack.
  void take(std::string path, std::size_t bytes_max);
  void take_folder(std::string_view folder, std::vector<std::string_view> extensions, std::size_t bytes_max);

  std::string dir_;
  diagnostics& found_;
  std::vector<source_file> files_;
};

}  // namespace zhili::policy
