// SPDX-License-Identifier: Apache-2.0
// Rows of a workflow's state: a dense array in order of birth, and an index from subject to row that keeps four bytes
// a slot. A row is never removed, so a row number is a name. Row needs a member `subject_id id`.
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/types/ids.hpp"

namespace zhili::partition {

using row_no = std::uint32_t;
inline constexpr row_no no_row = ~row_no{0};

template <class Row>
class row_table {
 public:
  row_no size() const { return static_cast<row_no>(rows_.size()); }
  bool empty() const { return rows_.empty(); }
  const Row& operator[](row_no n) const { return rows_[n]; }
  Row& operator[](row_no n) { return rows_[n]; }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }

  row_no find(subject_id id) const {
    if (slots_.empty()) return no_row;
    for (std::size_t i = slot_of(id);; i = (i + 1) & (slots_.size() - 1)) {
      const row_no n = slots_[i];
      if (n == no_row || rows_[n].id == id) return n;
    }
  }

  /// REQUIRES: row.id is not in the table.
  row_no add(const Row& row) {
    if ((rows_.size() + 1) * 5 > slots_.size() * 4) grow();
    // A quarter at a time: the slack of doubling would cost more than the copies.
    if (rows_.size() == rows_.capacity()) rows_.reserve(rows_.size() + rows_.size() / 4 + 8);
    rows_.push_back(row);
    place(static_cast<row_no>(rows_.size() - 1));
    return static_cast<row_no>(rows_.size() - 1);
  }

  std::size_t memory_bytes() const { return rows_.capacity() * sizeof(Row) + slots_.capacity() * sizeof(row_no); }

 private:
  // The id is a hash already.
  std::size_t slot_of(subject_id id) const { return id.lo & (slots_.size() - 1); }

  void place(row_no n) {
    std::size_t i = slot_of(rows_[n].id);
    while (slots_[i] != no_row) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = n;
  }

  void grow() {
    slots_.assign(slots_.empty() ? 8 : slots_.size() * 2, no_row);
    for (row_no n = 0; n < rows_.size(); ++n) place(n);
  }

  std::vector<Row> rows_;
  std::vector<row_no> slots_;
};

}  // namespace zhili::partition
