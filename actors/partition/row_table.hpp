// SPDX-License-Identifier: Apache-2.0
// Rows of a workflow's state in order of birth, and an index from subject to row. A row is never removed and never
// moves, so a row number is a name. Row needs a member `subject_id id`, or a `key()` of 64 bits that names it as well.
//
// Rows lie in blocks, so that a million of them are never copied to grow. A slot of the index keeps a piece of the id
// beside the row number: whether a subject is known is answered from one cache line, without a look at cold rows. Slots
// lie in the order of those pieces, so that the index can grow by an eighth in one pass through the memory instead of
// doubling: of a hundred slots some eighty are used.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <utility>
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
  static constexpr auto key_of(const Row& row) {
    if constexpr (requires { row.id; }) {
      return row.id;
    } else {
      return row.key();
    }
  }
  using key = decltype(key_of(std::declval<const Row&>()));

  row_table() = default;
  row_table(row_table&&) noexcept = default;
  row_table& operator=(row_table&&) noexcept = default;
  /// For tests, which look at a state when its partition has gone.
  row_table(const row_table& other) : size_(other.size_), slots_(other.slots_) {
    for (const auto& block : other.blocks_) {
      blocks_.push_back(std::make_unique<Row[]>(block_rows));
      std::copy_n(block.get(), block_rows, blocks_.back().get());
    }
  }
  row_table& operator=(const row_table& other) { return *this = row_table(other); }

  row_no size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Row& operator[](row_no n) const { return blocks_[n / block_rows][n % block_rows]; }
  Row& operator[](row_no n) { return blocks_[n / block_rows][n % block_rows]; }
  auto begin() const { return walk<const row_table, const Row>{this, 0}; }
  auto end() const { return walk<const row_table, const Row>{this, size_}; }

  /// Calls visit(std::span<const Row>) with all rows in order, as they lie.
  template <class Visitor>
  void each_block(Visitor&& visit) const {
    for (std::size_t n = 0; n < blocks_.size(); ++n) {
      visit(std::span<const Row>{blocks_[n].get(), std::min<std::size_t>(block_rows, size_ - n * block_rows)});
    }
  }

  row_no find(key id) const {
    if (slots_.empty()) return no_row;
    for (std::size_t i = first_slot(tag_of(id));; i = next_slot(i)) {
      const slot& s = slots_[i];
      if (s.row == no_row || (s.tag == tag_of(id) && key_of((*this)[s.row]) == id)) return s.row;
    }
  }

  /// Asks the memory for the place where `find` will look first, without waiting for it.
  void expect(key id) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[first_slot(tag_of(id))]);
  }

  /// REQUIRES: the row's id is not in the table.
  row_no add(Row row) {
    if ((std::size_t{size_} + 1) * 6 > slots_.size() * 5) grow();
    if (size_ % block_rows == 0) blocks_.push_back(std::make_unique<Row[]>(block_rows));
    place({size_, tag_of(key_of(row))});
    (*this)[size_] = std::move(row);
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
  static constexpr row_no block_rows = 64;

  struct slot {
    row_no row = no_row;
    std::uint32_t tag = 0;
  };

  // Ids are hashes, but a submitter's keys may count upwards: they must not crowd at one end.
  static std::uint32_t tag_of(subject_id id) { return tag_of(id.hi ^ id.lo); }
  static std::uint32_t tag_of(std::uint64_t key) { return static_cast<std::uint32_t>(key * 0x9e3779b97f4a7c15u >> 32); }
  std::size_t first_slot(std::uint32_t tag) const { return static_cast<std::size_t>(std::uint64_t{tag} * slots_.size() >> 32); }
  std::size_t next_slot(std::size_t i) const { return i + 1 == slots_.size() ? 0 : i + 1; }

  void place(slot fresh) {
    std::size_t i = first_slot(fresh.tag);
    while (slots_[i].row != no_row) i = next_slot(i);
    slots_[i] = fresh;
  }

  void grow() {
    std::vector<slot> old(slots_.size() + std::max<std::size_t>(8, slots_.size() / 8));
    old.swap(slots_);
    for (const slot& s : old) {
      if (s.row != no_row) place(s);
    }
  }

  row_no size_ = 0;
  std::vector<std::unique_ptr<Row[]>> blocks_;
  std::vector<slot> slots_;
};

}  // namespace zhili::partition
