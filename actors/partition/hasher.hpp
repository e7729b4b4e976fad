// SPDX-License-Identifier: Apache-2.0
// Digest of a state: values without padding, in order, through XXH3-128. Two states with one digest are the same.
#pragma once

#include <type_traits>
#include <vector>

#include "actors/partition/row_table.hpp"
#include "protocols/types/hash.hpp"

namespace zhili::partition {

class hasher {
 public:
  template <class T>
  void value(const T& v) {
    static_assert(std::has_unique_object_representations_v<T>, "padding bytes would make the digest depend on chance");
    digest_ = chain(digest_, std::as_bytes(std::span{&v, 1}));
  }
  template <class T>
  void values(std::span<const T> vs) {
    static_assert(std::has_unique_object_representations_v<T>, "padding bytes would make the digest depend on chance");
    value(static_cast<std::uint64_t>(vs.size()));
    digest_ = chain(digest_, std::as_bytes(vs));
  }
  template <class Row>
  void rows(const row_table<Row>& table) {
    value(std::uint64_t{table.size()});
    table.each_block([this](std::span<const Row> rows) { values(rows); });
  }

  digest128 digest() const { return digest_; }

 private:
  digest128 digest_;
};

}  // namespace zhili::partition
