// SPDX-License-Identifier: Apache-2.0
#include "storage/text_copy.hpp"

#include <doctest/doctest.h>

#include "tests/storage/copies.hpp"

namespace zhili::storage {
namespace {

std::string written(std::initializer_list<std::string_view> texts) {
  std::string out;
  const byte_sink sink = into(out);
  text_writer w(sink);
  CHECK(w.begin());
  for (const auto t : texts) CHECK(w.put(t));
  CHECK(w.end());
  CHECK(w.bytes() == out.size());
  return out;
}

result<std::uint64_t> read(std::string_view bytes, std::vector<std::string>* got = nullptr) {
  return read_texts(from(bytes), [&](const digest256& hash, std::string_view text) {
    CHECK(hash == blake2b_256(as_bytes_view(text)));
    if (got != nullptr) got->emplace_back(text);
    return status{};
  });
}

}  // namespace

TEST_SUITE("storage/text_copy") {
  TEST_CASE("texts come out as they went in, each with its hash") {
    const std::string large(200'000, 'x');
    const std::string bytes = written({"one", "", "玻尿酸", large});
    std::vector<std::string> got;
    const auto n = read(bytes, &got);
    REQUIRE(n);
    CHECK(*n == 4);
    CHECK(got == std::vector<std::string>{"one", "", "玻尿酸", large});
  }

  TEST_CASE("the bytes are those of docs/storage_keys.md") {
    const std::string bytes = written({"ab"});
    CHECK(bytes.substr(0, 12) == std::string("zhilitxt\0\0\0\1", 12));
    CHECK(bytes.substr(16, 7) == std::string("t\0\0\0\2ab", 7));
    CHECK(bytes.substr(27, 13) == std::string("z\0\0\0\x08\0\0\0\0\0\0\0\1", 13));
    CHECK(bytes.size() == 40);
  }

  TEST_CASE("a stream that is cut anywhere is refused as truncated, and one that goes on as malformed") {
    const std::string bytes = written({"one", "two"});
    for (std::size_t n = 12; n < bytes.size(); ++n) {
      CAPTURE(n);
      CHECK(code_of(read(bytes.substr(0, n))) == errc::truncated);
    }
    CHECK(code_of(read(bytes + 'x')) == errc::malformed);
    CHECK(code_of(read("something else")) == errc::malformed);
  }

  TEST_CASE("a flipped bit is found wherever it is") {
    const std::string good = written({"one", "two"});
    for (std::size_t n = 0; n < good.size(); ++n) {
      std::string bytes = good;
      bytes[n] = static_cast<char>(bytes[n] ^ 4);
      CAPTURE(n);
      CHECK(code_of(read(bytes)) != errc::none);
    }
  }

  TEST_CASE("a text that is left out between two whole ones is found by the count at the end") {
    const std::string both = written({"one", "two"});
    // Head 12, then a record of 9 + 3.
    CHECK(code_of(read(both.substr(0, 12) + both.substr(24))) == errc::malformed);
  }
}

}  // namespace zhili::storage
