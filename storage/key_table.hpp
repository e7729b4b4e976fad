// SPDX-License-Identifier: Apache-2.0
// A table of keys and values on disk, ordered by the keys' bytes: what storage/ needs of a database and no
// more, so that one file pair knows which database it is. Every function may be called from any thread; a
// batch and a cursor belong to one.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/types/result.hpp"

namespace zhili::storage {

class key_table {
 public:
  /// Changes that are written together.
  class batch {
   public:
    virtual ~batch() = default;
    virtual void put(std::string_view key, std::string_view value) = 0;
    virtual void erase(std::string_view key) = 0;
    virtual void clear() = 0;
    virtual std::size_t bytes() const = 0;
  };

  /// Goes through the table as it was when the cursor was made.
  class cursor {
   public:
    virtual ~cursor() = default;
    /// To the first key that is not below this one.
    virtual void seek(std::string_view key) = 0;
    virtual void next() = 0;
    /// Whether there is a key here; if not, `outcome` says whether this is the end.
    virtual bool valid() const = 0;
    /// Both die with the next move.
    virtual std::string_view key() const = 0;
    virtual std::string_view value() const = 0;
    /// errc::corrupt: a block is damaged; io: it cannot be read. In the words of the reader, without a place.
    virtual status outcome() const = 0;
  };

  virtual ~key_table() = default;

  virtual std::unique_ptr<batch> make_batch() = 0;
  virtual std::unique_ptr<cursor> make_cursor() = 0;

  /// All of the batch or, after a crash, nothing. With `sync` it is on disk when this returns. After a
  /// failure any part of it may be there. Errors as the cursor's.
  virtual status write(batch& changes, bool sync) = 0;
  /// Nothing: there is no such key.
  virtual result<std::optional<std::string>> get(std::string_view key) = 0;
  /// Rewrites what lies in [from, to], so that what was erased there is no longer on disk, and puts all that
  /// was written so far into sorted files. Failures show at the next write.
  virtual void compact(std::string_view from, std::string_view to) = 0;
};

}  // namespace zhili::storage
