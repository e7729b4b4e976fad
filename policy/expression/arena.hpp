// SPDX-License-Identifier: Apache-2.0
// Memory for the texts and lists that one evaluation makes: taken in pieces, given back all at once. Once
// grown it allocates no more, and it never grows beyond its bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace zhili::policy {

class arena {
 public:
  explicit arena(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Aligned to 8 bytes; null where the bound is reached.
  char* take(std::size_t bytes) {
    // Never nothing: what is taken has an address.
    bytes = bytes == 0 ? 8 : (bytes + 7) & ~std::size_t{7};
    if (bytes > left_ && !grow(bytes)) return nullptr;
    char* const out = here_;
    here_ += bytes;
    left_ -= bytes;
    return out;
  }

  template <class T>
  T* take_array(std::size_t count) {
    static_assert(alignof(T) <= 8);
    if (count > bytes_max_ / sizeof(T)) return nullptr;
    return reinterpret_cast<T*>(take(count * sizeof(T)));
  }

  /// A copy of the text; data() is null where the bound is reached.
  std::string_view keep(std::string_view text) {
    char* const to = take(text.size() + 1);
    if (to == nullptr) return {};
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  /// Everything taken becomes invalid.
  void clear() {
    at_ = 0;
    here_ = nullptr;
    left_ = 0;
  }

 private:
  struct piece {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };

  bool grow(std::size_t bytes) {
    while (at_ < pieces_.size()) {
      const piece& p = pieces_[at_++];
      if (p.size < bytes) continue;
      here_ = p.bytes.get();
      left_ = p.size;
      return true;
    }
    constexpr std::size_t piece_bytes = 16 * 1024;
    const std::size_t size = bytes > piece_bytes ? bytes : piece_bytes;
    if (held_ + size > bytes_max_) return false;
    pieces_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    held_ += size;
    at_ = pieces_.size();
    here_ = pieces_.back().bytes.get();
    left_ = size;
    return true;
  }

  std::size_t bytes_max_;
  std::size_t held_ = 0;
  std::vector<piece> pieces_;
  std::size_t at_ = 0;
  char* here_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace zhili::policy
