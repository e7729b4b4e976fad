// SPDX-License-Identifier: Apache-2.0
// Rows of a workflow's state in order of birth, and an index from subject to row. A row is never removed and never
// moves, so a row number is a name. Row needs a member `subject_id id`.
//
// Rows lie in blocks, so that a million of them are never copied to grow. A slot of the index keeps a piece of the id
// beside the row number: whether a subject is known is answered from one cache line, without a look at cold rows.
#pragma once

#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "protocols/types/ids.hpp"

namespace zhili::partition {

using row_no = std::uint32_t;
inline constexpr row_no no_row = ~row_no{0};

template <class Row>
class row_table {
  template <class Table, class Value>
  class walk {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = Value*;
    using reference = Value&;

    walk() = default;
    walk(Table* table, row_no n) : table_(table), n_(n) {}
    Value& operator*() const { return (*table_)[n_]; }
    Value* operator->() const { return &(*table_)[n_]; }
    walk& operator++() {
      ++n_;
      return *this;
    }
    walk operator++(int) { return {table_, n_++}; }
    bool operator==(const walk&) const = default;

   private:
    Table* table_ = nullptr;
    row_no n_ = 0;
  };

 public:
  row_no size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Row& operator[](row_no n) const { return blocks_[n / block_rows][n % block_rows]; }
  Row& operator[](row_no n) { return blocks_[n / block_rows][n % block_rows]; }
  auto begin() const { return walk<const row_table, const Row>{this, 0}; }
  auto end() const { return walk<const row_table, const Row>{this, size_}; }

  /// Calls visit(std::span<const Row>) with all rows in order, as they lie.
  template <class Visitor>
  void each_block(Visitor&& visit) const {
    for (const auto& block : blocks_) visit(std::span<const Row>{block});
  }

  row_no find(subject_id id) const {
    if (slots_.empty()) return no_row;
    for (std::size_t i = first_slot(tag_of(id));; i = next_slot(i)) {
      const slot& s = slots_[i];
      if (s.row == no_row || (s.tag == tag_of(id) && (*this)[s.row].id == id)) return s.row;
    }
  }

  /// Asks the memory for the place where `find` will look first, without waiting for it.
  void expect(subject_id id) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[first_slot(tag_of(id))]);
  }

  /// REQUIRES: row.id is not in the table.
  row_no add(Row row) {
    if ((std::size_t{size_} + 1) * 5 > slots_.size() * 4) grow();
    if (size_ % block_rows == 0) blocks_.emplace_back().reserve(block_rows);
    place({size_, tag_of(row.id)});
    blocks_.back().push_back(std::move(row));
    return size_++;
  }

  /// The subject's row; a fresh one where it has none.
  row_no find_or_add(subject_id id) {
    const row_no found = find(id);
    if (found != no_row) return found;
    Row fresh{};
    fresh.id = id;
    return add(std::move(fresh));
  }

  std::size_t memory_bytes() const {
    return blocks_.size() * block_rows * sizeof(Row) + blocks_.capacity() * sizeof(blocks_[0]) +
           slots_.capacity() * sizeof(slot);
  }

 private:
  static constexpr row_no block_rows = 32;

  struct slot {
    row_no row = no_row;
    std::uint32_t tag = 0;
  };

  // The id is a hash already.
  static std::uint32_t tag_of(subject_id id) { return static_cast<std::uint32_t>(id.lo); }
  std::size_t first_slot(std::uint32_t tag) const { return tag & (slots_.size() - 1); }
  std::size_t next_slot(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }

  void place(slot fresh) {
    std::size_t i = first_slot(fresh.tag);
    while (slots_[i].row != no_row) i = next_slot(i);
    slots_[i] = fresh;
  }

  void grow() {
    std::vector<slot> old(slots_.empty() ? 8 : slots_.size() * 2);
    old.swap(slots_);
    for (const slot& s : old) {
      if (s.row != no_row) place(s);
    }
  }

  row_no size_ = 0;
  std::vector<std::vector<Row>> blocks_;
  std::vector<slot> slots_;
};

}  // namespace zhili::partition
