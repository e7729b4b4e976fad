// SPDX-License-Identifier: Apache-2.0
#include "protocols/frame.hpp"

#include <cstring>
#include <functional>

#include <doctest/doctest.h>

#include "tests/testkit/golden.hpp"

namespace zhili {
namespace {

using bytes = std::vector<std::byte>;

const account_id clinic = make_subject_id("cn", subject_kind::institution, "clinic-1");
const bytes some_body = [] {
  bytes b;
  for (int i = 0; i < 20; ++i) b.push_back(static_cast<std::byte>(i + 1));
  return b;
}();

hello_entry hello() { return {"node-1", 3, 7, shard_count, {{1, 2, 3, 4}}}; }
submission_entry submission() { return {some_body}; }
answer_entry decided() {
  return {{7, 8}, answer_kind::outcome,
          wire::outcome(wire::status::decided, verdict::reject, wire::refusal::none, 0, subject_kind::product, 0), 0,
          errc::none, {}};
}
answer_entry busy() { return {{7, 8}, answer_kind::busy, {}, 250, errc::none, {}}; }
answer_entry wrong() { return {{7, 8}, answer_kind::error, {}, 0, errc::out_of_range, "event_time: 没有这个时间"}; }
message_entry message(std::uint64_t number = 5) {
  return {{1, 7}, 2, wire::send_header(to_wire(clinic), 1'626'570'000'000, number, partition_id{5, 63}.packed(), 1, 0, 0),
          257, some_body};
}
receipt_entry receipt() { return {{1, 7}, {5, 63}, 1, true, 2, 41}; }
request_entry request() { return {99, 4, some_body}; }
reply_entry reply() { return {99, 4, errc::not_found, as_bytes_view("no such task")}; }

/// One frame of each kind, answers with one of each.
std::map<std::string, bytes> samples() {
  std::map<std::string, bytes> all;
  const auto frame = [&](const std::string& name, std::initializer_list<frame_entry> entries) {
    frame_writer w;
    for (const frame_entry& e : entries) REQUIRE(w.add(e).value());
    all[name] = w.take();
  };
  frame("frame 1 hello", {hello()});
  frame("frame 2 submissions", {submission(), submission()});
  frame("frame 3 answers", {decided(), busy(), wrong()});
  frame("frame 4 messages", {message(5), message(6)});
  frame("frame 5 receipts", {receipt()});
  frame("frame 6 requests", {request()});
  frame("frame 7 replies", {reply(), reply_entry{100, 4, errc::none, some_body}});
  return all;
}

bytes with_good_crc(bytes b) {
  std::memset(b.data() + 20, 0, 4);
  const std::uint32_t crc = crc32c(b);
  std::memcpy(b.data() + 20, &crc, 4);
  return b;
}

bytes flipped(bytes b, std::size_t bit) {
  b[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  return b;
}

/// A number put into the frame at an offset, with a good CRC.
template <class T>
bytes patched(bytes b, std::size_t at, T value) {
  std::memcpy(b.data() + at, &value, sizeof value);
  return with_good_crc(b);
}

void check_refused(const bytes& b, errc code, std::string_view names) {
  const auto opened = open_frame(b);
  REQUIRE_FALSE(opened.has_value());
  CHECK(name(opened.error().code) == name(code));
  CHECK_MESSAGE(opened.error().detail.find(names) != std::string::npos, opened.error().detail);
}

bool same(bytes_view a, bytes_view b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

constexpr std::size_t head = sizeof(wire::frame_head);
constexpr std::size_t first = head + sizeof(wire::frame_entry_head);

}  // namespace

TEST_SUITE("protocols/frame") {
  TEST_CASE("what was put in comes out in order, from any address") {
    for (const auto& [name, b] : samples()) {
      CAPTURE(name);
      for (std::size_t shift = 0; shift < 9; ++shift) {
        bytes moved(shift + b.size());
        std::memcpy(moved.data() + shift, b.data(), b.size());
        auto opened = open_frame(bytes_view{moved}.subspan(shift));
        REQUIRE_MESSAGE(opened.has_value(), opened.error().detail);
        const opened_frame f = std::move(*opened);
        moved.assign(moved.size(), std::byte{0xee});
        frame_writer again;
        std::uint32_t entries = 0;
        for (const frame_entry& e : f) {
          CHECK(kind_of(e) == f.kind());
          REQUIRE(again.add(e).value());
          ++entries;
        }
        CHECK(entries == f.count());
        CHECK(again.take() == b);
      }
    }
  }

  TEST_CASE("each field comes out as it went in") {
    const auto all = samples();
    const auto opened = [&](const char* name) { return open_frame(all.at(name)).value(); };
    const auto h = opened("frame 1 hello");
    CHECK(h.first<hello_entry>().node == "node-1");
    CHECK(h.first<hello_entry>().incarnation == 3);
    CHECK(h.first<hello_entry>().behaviour == 7);
    CHECK(h.first<hello_entry>().shards == 64);
    CHECK(h.first<hello_entry>().pack == digest256{{1, 2, 3, 4}});
    const auto m = opened("frame 4 messages");
    CHECK(m.first<message_entry>().source == partition_id{1, 7});
    CHECK(m.first<message_entry>().incarnation == 2);
    CHECK(m.first<message_entry>().head.number() == 5);
    CHECK(m.first<message_entry>().head.stream() == 1);
    CHECK(m.first<message_entry>().type == 257);
    CHECK(same(m.first<message_entry>().body, some_body));
    CHECK(reinterpret_cast<std::uintptr_t>(m.first<message_entry>().body.data()) % 8 == 0);
    const auto r = opened("frame 5 receipts");
    CHECK(r.first<receipt_entry>().source == partition_id{1, 7});
    CHECK(r.first<receipt_entry>().destination == partition_id{5, 63});
    CHECK(r.first<receipt_entry>().stream == 1);
    CHECK(r.first<receipt_entry>().again);
    CHECK(r.first<receipt_entry>().incarnation == 2);
    CHECK(r.first<receipt_entry>().through == 41);
    const auto a = opened("frame 3 answers");
    CHECK(a.first<answer_entry>().outcome.verdict() == verdict::reject);
    CHECK(std::get<answer_entry>(*++a.begin()).retry_after_ms == 250);
    CHECK(std::get<answer_entry>(*++ ++a.begin()).text == "event_time: 没有这个时间");
    CHECK(same(opened("frame 2 submissions").first<submission_entry>().envelope, some_body));
    CHECK(opened("frame 6 requests").first<request_entry>().correlation == 99);
    CHECK(opened("frame 7 replies").first<reply_entry>().code == errc::not_found);
  }

  TEST_CASE("the bytes of a frame are those that were released") {
    golden_lines lines;
    for (const auto& [name, b] : samples()) lines[name] = b;
    check_golden("frame", lines);
  }

  TEST_CASE("a frame cut anywhere is refused, and so is one with more behind it") {
    for (const auto& [name, b] : samples()) {
      CAPTURE(name);
      for (std::size_t n = 0; n < b.size(); ++n) {
        const auto opened = open_frame(bytes_view{b}.first(n));
        REQUIRE_FALSE(opened.has_value());
        REQUIRE(opened.error().code == errc::truncated);
      }
      bytes more = b;
      more.resize(b.size() + 8);
      check_refused(more, errc::malformed, "bytes");
      // A head that owns up to the rest does not make it an entry.
      check_refused(patched(more, 12, static_cast<std::uint32_t>(more.size())), errc::malformed, "count");
      if (b.size() - first < 16) continue;
      const bytes shorter(b.begin(), b.end() - 8);
      const auto opened = open_frame(patched(shorter, 12, static_cast<std::uint32_t>(shorter.size())));
      REQUIRE_FALSE(opened.has_value());
      CHECK(opened.error().code == errc::truncated);
    }
  }

  TEST_CASE("every single flipped bit is refused") {
    for (const auto& [name, b] : samples()) {
      CAPTURE(name);
      for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
        const auto opened = open_frame(flipped(b, bit));
        REQUIRE_FALSE(opened.has_value());
        const bool before_crc = bit < 6 * 8 || (bit >= 12 * 8 && bit < 16 * 8);
        if (!before_crc) REQUIRE(opened.error().code == errc::checksum);
      }
    }
  }

  TEST_CASE("with the CRC made good again a flipped bit is refused or says what could have been said") {
    std::size_t accepted = 0, refused = 0;
    for (const auto& [name, b] : samples()) {
      for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
        const auto opened = open_frame(with_good_crc(flipped(b, bit)));
        if (!opened) {
          ++refused;
          REQUIRE_FALSE(opened.error().detail.empty());
          continue;
        }
        ++accepted;
        for (const frame_entry& e : *opened) REQUIRE(check_entry(e).has_value());
      }
    }
    CHECK(accepted > 0);
    CHECK(refused > 1000);
  }

  TEST_CASE("the head is held against what came in") {
    const bytes b = samples().at("frame 4 messages");
    check_refused(patched(b, 0, std::uint32_t{0x454c485a}), errc::malformed, "magic");
    check_refused(patched(b, 4, std::uint16_t{2}), errc::unsupported_version, "format");
    check_refused(patched(b, 6, std::uint8_t{0}), errc::unknown_type, "kind");
    check_refused(patched(b, 6, std::uint8_t{8}), errc::unknown_type, "kind");
    check_refused(patched(b, 7, std::uint8_t{1}), errc::out_of_range, "spare");
    check_refused(patched(b, 8, std::uint32_t{0}), errc::out_of_range, "count");
    check_refused(patched(b, 8, std::uint32_t{1}), errc::malformed, "count");
    check_refused(patched(b, 8, std::uint32_t{3}), errc::truncated, "entry 3");
    check_refused(patched(b, 8, limits::frame_entries_max + 1), errc::out_of_range, "count");
    check_refused(patched(b, 12, std::uint32_t{0xffffffff}), errc::truncated, "bytes");
    check_refused(patched(b, 12, std::uint32_t{24}), errc::malformed, "bytes");
    check_refused(patched(b, 16, std::uint32_t{1}), errc::out_of_range, "spare");
    check_refused(patched(samples().at("frame 1 hello"), 8, std::uint32_t{2}), errc::out_of_range, "count");
    check_refused(bytes(limits::frame_bytes_max + 1), errc::too_large, "at most");
  }

  TEST_CASE("an entry's length stays inside the frame and covers its header") {
    const bytes b = samples().at("frame 4 messages");
    check_refused(patched(b, head, std::uint32_t{0xffffffff}), errc::truncated, "entry 1: length");
    check_refused(patched(b, head, std::uint32_t{0xfffffff8}), errc::truncated, "entry 1: length");
    check_refused(patched(b, head, static_cast<std::uint32_t>(b.size())), errc::truncated, "entry 1: length");
    check_refused(patched(b, head, std::uint32_t{47}), errc::truncated, "entry 1: length");
    check_refused(patched(b, head, std::uint32_t{48}), errc::malformed, "entry 1: body");
    check_refused(patched(b, head + 4, std::uint32_t{1}), errc::out_of_range, "entry 1: spare");
    for (std::size_t missing = 1; missing < 8; ++missing) {
      const bytes shorter(b.begin(), b.end() - static_cast<std::ptrdiff_t>(missing));
      check_refused(patched(shorter, 12, static_cast<std::uint32_t>(shorter.size())), errc::truncated, "entry 2: length");
    }
    // 68 bytes stand before 4 of padding.
    check_refused(patched(b, first + 68, std::uint8_t{1}), errc::out_of_range, "entry 1: padding");
  }

  TEST_CASE("each field of each kind is held against its range, and the error names it") {
    const auto all = samples();
    const struct {
      const char* frame;
      std::size_t at;
      std::uint64_t value;
      std::size_t size;
      errc code;
      const char* names;
    } rows[] = {
        {"frame 1 hello", first + 40, 0, 2, errc::out_of_range, "shards"},
        {"frame 1 hello", first + 40, 257, 2, errc::out_of_range, "shards"},
        {"frame 1 hello", first + 42, 1, 2, errc::out_of_range, "spare"},
        {"frame 1 hello", first + 48, '\n', 1, errc::malformed, "node"},
        {"frame 1 hello", head, 48, 4, errc::malformed, "node: missing"},
        {"frame 2 submissions", head, 15, 4, errc::truncated, "envelope"},
        {"frame 3 answers", first + 16, 0, 1, errc::out_of_range, "outcome.status"},
        {"frame 3 answers", first + 16, 4, 1, errc::out_of_range, "outcome.status"},
        {"frame 3 answers", first + 17, 7, 1, errc::out_of_range, "outcome.verdict"},
        {"frame 3 answers", first + 18, 3, 2, errc::out_of_range, "outcome.why"},
        {"frame 3 answers", first + 22, 200, 1, errc::out_of_range, "outcome.kind"},
        {"frame 3 answers", first + 23, 1, 1, errc::out_of_range, "outcome.spare"},
        {"frame 3 answers", first + 24, 5, 4, errc::out_of_range, "retry_after_ms"},
        {"frame 3 answers", first + 28, 0, 1, errc::unknown_type, "what"},
        {"frame 3 answers", first + 28, 4, 1, errc::unknown_type, "what"},
        {"frame 3 answers", first + 28, 3, 1, errc::out_of_range, "outcome"},
        {"frame 3 answers", first + 29, 5, 1, errc::out_of_range, "code"},
        {"frame 3 answers", first + 30, 1, 2, errc::out_of_range, "spare"},
        // The second answer, `busy`, lies 40 bytes further on.
        {"frame 3 answers", first + 40 + 24, 0, 4, errc::out_of_range, "entry 2: retry_after_ms"},
        {"frame 3 answers", first + 40 + 24, 3'600'001, 4, errc::out_of_range, "entry 2: retry_after_ms"},
        // The third, an error.
        {"frame 3 answers", first + 80 + 29, 0, 1, errc::out_of_range, "entry 3: code"},
        {"frame 3 answers", first + 80 + 29, 14, 1, errc::out_of_range, "entry 3: code"},
        {"frame 3 answers", first + 80 + 32, 0x1b, 1, errc::malformed, "entry 3: text"},
        {"frame 4 messages", first + 0, 0, 8, errc::out_of_range, "account"},
        {"frame 4 messages", first + 16, ~0ull, 8, errc::out_of_range, "at"},
        {"frame 4 messages", first + 16, 7'258'118'400'001, 8, errc::out_of_range, "at"},
        {"frame 4 messages", first + 24, 0, 8, errc::out_of_range, "number"},
        {"frame 4 messages", first + 32, 0x0540, 2, errc::out_of_range, "destination"},
        {"frame 4 messages", first + 32, 0x2000, 2, errc::out_of_range, "destination"},
        {"frame 4 messages", first + 34, 2, 1, errc::out_of_range, "stream"},
        {"frame 4 messages", first + 35, 4, 1, errc::out_of_range, "marks"},
        {"frame 4 messages", first + 36, 1, 4, errc::out_of_range, "spare"},
        {"frame 4 messages", first + 40, 0, 4, errc::out_of_range, "incarnation"},
        {"frame 4 messages", first + 44, 0x0007, 2, errc::out_of_range, "source"},
        {"frame 4 messages", first + 46, 0, 2, errc::unknown_type, "type"},
        {"frame 5 receipts", first + 8, 0, 4, errc::out_of_range, "incarnation"},
        {"frame 5 receipts", first + 12, 0xffff, 2, errc::out_of_range, "source"},
        {"frame 5 receipts", first + 14, 0, 2, errc::out_of_range, "destination"},
        {"frame 5 receipts", first + 16, 2, 1, errc::out_of_range, "stream"},
        {"frame 5 receipts", first + 17, 2, 1, errc::out_of_range, "spare"},
        {"frame 5 receipts", head, 23, 4, errc::truncated, "length"},
        {"frame 6 requests", first + 8, 0, 2, errc::unknown_type, "verb"},
        {"frame 6 requests", first + 10, 1, 1, errc::out_of_range, "spare"},
        {"frame 7 replies", first + 10, 14, 1, errc::out_of_range, "code"},
        {"frame 7 replies", first + 16, 7, 1, errc::malformed, "body"},
    };
    for (const auto& row : rows) {
      CAPTURE(row.frame);
      CAPTURE(row.at);
      CAPTURE(row.value);
      bytes b = all.at(row.frame);
      std::memcpy(b.data() + row.at, &row.value, row.size);
      check_refused(with_good_crc(b), row.code, row.names);
    }
    receipt_entry nothing = receipt();
    nothing.through = 0;
    CHECK(check_entry(nothing).has_value());
    nothing.again = false;
    CHECK(check_entry(nothing).error().detail == "through: 0 acknowledges nothing");
  }

  TEST_CASE("a writer refuses what no reader would take") {
    frame_writer w;
    const bytes long_body(limits::body_bytes_max + 1);
    message_entry m = message();
    m.body = long_body;
    CHECK(w.add(m).error().code == errc::too_large);
    const bytes long_envelope(limits::envelope_bytes_max + 1);
    CHECK(w.add(submission_entry{long_envelope}).error().code == errc::too_large);
    const std::string long_text(257, 'x');
    answer_entry a = wrong();
    a.text = long_text;
    CHECK(w.add(a).error().code == errc::too_large);
    const std::string cut = answer_text(long_text);
    a.text = cut;
    CHECK(w.add(a).value());
    hello_entry h = hello();
    h.node = std::string_view{long_text}.substr(0, 65);
    CHECK(w.add(h).error().code == errc::too_large);
    CHECK(w.count() == 1);
  }

  TEST_CASE("a frame holds one kind, one hello, so many entries and so many bytes") {
    frame_writer w;
    CHECK(w.add(message()).value());
    CHECK_FALSE(w.add(receipt()).value());
    CHECK(w.take().size() == head + 8 + 72);
    CHECK(w.empty());
    CHECK(w.add(hello()).value());
    CHECK_FALSE(w.add(hello()).value());
    CHECK_FALSE(w.add(receipt()).value());
    w.take();

    while (w.add(receipt()).value()) {
    }
    CHECK(w.count() == limits::frame_entries_max);
    CHECK(open_frame(w.take()).value().count() == limits::frame_entries_max);

    const bytes largest(limits::envelope_bytes_max);
    while (w.add(submission_entry{largest}).value()) {
    }
    CHECK(w.count() == 5);
    CHECK(w.bytes() <= limits::frame_bytes_max);
    CHECK(open_frame(w.take()).has_value());

    const bytes call(limits::frame_bytes_max - head - 8 - sizeof(wire::call_header));
    CHECK(w.add(request_entry{1, 1, call}).value());
    CHECK(w.bytes() == limits::frame_bytes_max);
    CHECK(open_frame(w.take()).has_value());
  }

  TEST_CASE("a text is cut between characters and loses what moves a terminal's cursor") {
    CHECK(answer_text("a\x1b[2Jb\n") == "a [2Jb ");
    const std::string long_text = std::string(255, 'x') + "治理";
    CHECK(answer_text(long_text) == std::string(255, 'x'));
    CHECK(answer_text(std::string(253, 'x') + "治理") == std::string(253, 'x') + "治");
  }

  TEST_CASE("random bytes of any length are refused") {
    std::uint64_t state = 1;
    for (int i = 0; i < 2000; ++i) {
      state = xxh3_64(std::as_bytes(std::span{&state, 1}));
      bytes b(state % 600);
      for (std::byte& v : b) {
        state = xxh3_64(std::as_bytes(std::span{&state, 1}));
        v = static_cast<std::byte>(state);
      }
      // Let it come as far as the entries.
      if (b.size() >= head) {
        const wire::frame_head h(frame_magic, frame_format, static_cast<frame_kind>(1 + state % 7), 0, 1,
                                 static_cast<std::uint32_t>(b.size()), 0, 0);
        std::memcpy(b.data(), &h, sizeof h);
        b = with_good_crc(b);
      }
      REQUIRE_FALSE(open_frame(b).has_value());
    }
  }
}

}  // namespace zhili
