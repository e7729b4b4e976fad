// SPDX-License-Identifier: Apache-2.0
// Files of lines, whole and broken, plain and compressed.
#include <fstream>

#include "tests/scenarios/recorded.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

/// Numbered lines of uneven length, many times longer than any buffer.
std::vector<std::string> many_lines() {
  std::vector<std::string> out;
  for (std::size_t n = 0; n < 20'000; ++n) out.push_back(std::to_string(n) + std::string(n * 7919 % 300, 'x'));
  return out;
}

void write(const fs::path& file, const std::vector<std::string>& lines) {
  auto to = line_writer::create(file);
  REQUIRE(to.has_value());
  bool written = true;
  for (const std::string& l : lines) written = to->write(l + "\n").has_value() && written;
  REQUIRE(written);
  REQUIRE(to->finish().has_value());
}

struct all_read {
  std::vector<std::string> lines;
  std::optional<error> end;
  /// Each line's number was its place.
  bool numbered = true;
};

all_read read(const fs::path& file) {
  auto from = line_reader::open(file);
  REQUIRE(from.has_value());
  all_read out;
  for (;;) {
    const auto line = from->next();
    if (!line) {
      out.end = line.error();
      if (line.error().code != errc::too_large) return out;
    } else if (!*line) {
      return out;
    } else {
      out.lines.emplace_back(**line);
      out.numbered = out.numbered && from->number() == out.lines.size();
    }
  }
}

TEST_SUITE_BEGIN("scenarios/trace");

TEST_CASE("lines come back as they were written, plain and compressed") {
  const scratch_dir dir;
  const auto lines = many_lines();
  for (const char* name : {"a.ndjson", "a.ndjson.zst"}) {
    write(dir.path / name, lines);
    const all_read r = read(dir.path / name);
    CHECK(r.lines == lines);
    CHECK(r.numbered);
    CHECK_FALSE(r.end.has_value());
  }
  CHECK(fs::file_size(dir.path / "a.ndjson.zst") * 5 < fs::file_size(dir.path / "a.ndjson"));
  fs::rename(dir.path / "a.ndjson.zst", dir.path / "unnamed");
  CHECK(read(dir.path / "unnamed").lines == lines);
}

TEST_CASE("a last line without its newline is a line, an empty file has none") {
  const scratch_dir dir;
  std::ofstream(dir.path / "a") << "one\ntwo";
  CHECK(read(dir.path / "a").lines == std::vector<std::string>{"one", "two"});
  std::ofstream(dir.path / "b") << "";
  CHECK(read(dir.path / "b").lines.empty());
  write(dir.path / "c.zst", {});
  CHECK(read(dir.path / "c.zst").lines.empty());
}

TEST_CASE("a compressed file that is cut off anywhere gives the lines before and says so") {
  const scratch_dir dir;
  const auto lines = many_lines();
  write(dir.path / "a.zst", lines);
  const std::string whole = contents(dir.path / "a.zst");
  for (std::size_t left = 10; left < whole.size(); left += whole.size() / 9) {
    CAPTURE(left);
    std::ofstream(dir.path / "cut.zst", std::ios::binary) << whole.substr(0, left);
    const all_read r = read(dir.path / "cut.zst");
    REQUIRE(r.end.has_value());
    CHECK(r.end->code == errc::truncated);
    CHECK(r.lines.size() < lines.size());
    CHECK(std::equal(r.lines.begin(), r.lines.end(), lines.begin()));
  }
}

TEST_CASE("a compressed file with a wrong byte never gives a wrong line without an error") {
  const scratch_dir dir;
  const auto lines = many_lines();
  write(dir.path / "a.zst", lines);
  const std::string whole = contents(dir.path / "a.zst");
  for (std::size_t at = 5; at < whole.size(); at += whole.size() / 25) {
    CAPTURE(at);
    std::string hurt = whole;
    hurt[at] = static_cast<char>(hurt[at] ^ 0x20);
    std::ofstream(dir.path / "hurt.zst", std::ios::binary) << hurt;
    const all_read r = read(dir.path / "hurt.zst");
    CHECK((r.lines == lines || r.end.has_value()));
  }
}

TEST_CASE("a line beyond the limit is left out and the next one is read") {
  const scratch_dir dir;
  const std::string longest(limits::trace_line_bytes_max, 'a');
  for (const char* name : {"a", "a.zst"}) {
    write(dir.path / name, {"one", longest + "b", longest, std::string(limits::trace_line_bytes_max * 5, 'c'), "four"});
    auto from = line_reader::open(dir.path / name);
    REQUIRE(from.has_value());
    CHECK(from->next().value() == "one");
    CHECK(from->next().error().code == errc::too_large);
    CHECK(from->number() == 2);
    CHECK(from->next().value() == longest);
    CHECK(from->next().error().code == errc::too_large);
    CHECK(from->next().value() == "four");
    CHECK(from->number() == 5);
    CHECK_FALSE(from->next().value().has_value());
  }
}

TEST_CASE("a file that is not there, or cannot be made, is named") {
  CHECK(line_reader::open("/nowhere/trace.ndjson").error().detail.find("/nowhere/trace.ndjson") != std::string::npos);
  const auto made = line_writer::create("/nowhere/trace.ndjson");
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == errc::io);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
