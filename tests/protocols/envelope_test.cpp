// SPDX-License-Identifier: Apache-2.0
#include "protocols/envelope.hpp"

#include <cstring>
#include <functional>

#include <doctest/doctest.h>

#include "protocols/schema/envelope_generated.h"
#include "protocols/schema/onboarding_generated.h"
#include "tests/testkit/golden.hpp"

namespace zhili {
namespace {

using bytes = std::vector<std::byte>;

const std::string text_of_sample = "轻松瘦脸，一次见效";

bytes sample_body() {
  flatbuffers::FlatBufferBuilder b;
  b.Finish(wire::onboarding::Createsubmit_institution(b, 42, b.CreateString("91330106MA2CFKJY5X")));
  const bytes_view v = body_of(b);
  return {v.begin(), v.end()};
}

struct sample {
  bytes body = sample_body();
  envelope_fields fields;

  sample() {
    fields.workflow = 1;
    fields.type = 1;
    fields.tenant = "cn";
    fields.account_name = "clinic-1";
    fields.account = make_subject_id("cn", subject_kind::institution, "clinic-1");
    fields.subject = fields.account;
    fields.key = {7, 8};
    fields.event_time = {1'626'570'000'000};
    fields.sent_at = {1'626'570'001'000};
    fields.body = body;
    fields.text = text_of_sample;
  }
};

bytes golden() { return encode_envelope(sample{}.fields).value(); }

bytes with_good_crc(bytes b) {
  std::memset(b.data() + 12, 0, 4);
  const std::uint32_t crc = crc32c(b);
  std::memcpy(b.data() + 12, &crc, 4);
  return b;
}

bytes flipped(bytes b, std::size_t bit) {
  b[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
  return b;
}

/// The golden envelope with its fields changed in place and a good CRC.
bytes changed(const std::function<void(wire::envelope&)>& how) {
  bytes b = golden();
  how(*flatbuffers::GetMutableRoot<wire::envelope>(b.data() + sizeof(wire::envelope_head)));
  return with_good_crc(b);
}

/// An envelope of which the schema says that it is good, with this or that missing.
bytes built(const std::function<void(wire::envelopeBuilder&)>& fill, flatbuffers::FlatBufferBuilder& b) {
  wire::envelopeBuilder e(b);
  e.add_version(1);
  e.add_workflow(1);
  e.add_type(1);
  fill(e);
  b.Finish(e.Finish(), wire::envelopeIdentifier());
  bytes out(sizeof(wire::envelope_head) + b.GetSize());
  const wire::envelope_head head(envelope_magic, envelope_format, 0, static_cast<std::uint32_t>(out.size()), 0);
  std::memcpy(out.data(), &head, sizeof head);
  std::memcpy(out.data() + sizeof head, b.GetBufferPointer(), b.GetSize());
  return with_good_crc(out);
}

void check_refused(const bytes& b, errc code, std::string_view names) {
  const auto opened = open_envelope(b);
  REQUIRE_FALSE(opened.has_value());
  CHECK(name(opened.error().code) == name(code));
  CHECK_MESSAGE(opened.error().detail.find(names) != std::string::npos, opened.error().detail);
}

}  // namespace

TEST_SUITE("protocols/envelope") {
  TEST_CASE("what was put in comes out, from any address") {
    const sample s;
    const bytes b = golden();
    for (std::size_t shift = 0; shift < 9; ++shift) {
      bytes moved(shift + b.size());
      std::memcpy(moved.data() + shift, b.data(), b.size());
      auto first = open_envelope(bytes_view{moved}.subspan(shift));
      REQUIRE(first.has_value());
      const opened_envelope e = std::move(*first);
      moved.assign(moved.size(), std::byte{0xee});
      CHECK(e->workflow == 1);
      CHECK(e->type == 1);
      CHECK(e->tenant == "cn");
      CHECK(e->account == s.fields.account);
      CHECK(e->subject == s.fields.subject);
      CHECK(e->account_name == "clinic-1");
      CHECK(e->subject_name.empty());
      CHECK(e->key == subject_id{7, 8});
      CHECK(e->event_time == s.fields.event_time);
      CHECK(e->sent_at == s.fields.sent_at);
      CHECK(e->text == text_of_sample);
      CHECK(e.text_hash() == blake2b_256(as_bytes_view(text_of_sample)));
      CHECK(reinterpret_cast<std::uintptr_t>(e->body.data()) % 8 == 0);
      const auto* command = read_body<wire::onboarding::submit_institution>(e->body);
      REQUIRE(command != nullptr);
      CHECK(command->ref() == 42);
    }
  }

  TEST_CASE("opened in place it is the same and lies where it lay") {
    const bytes b = golden();
    const auto copied = open_envelope(b);
    const auto there = open_envelope_in_place(b);
    REQUIRE(copied.has_value());
    REQUIRE(there.has_value());
    CHECK((*there)->account == (*copied)->account);
    CHECK((*there)->text == (*copied)->text);
    CHECK(there->text_hash() == copied->text_hash());
    CHECK(reinterpret_cast<const std::byte*>((*there)->text.data()) > b.data());
    CHECK((*there)->body.data() < b.data() + b.size());
    for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
      bytes flipped = b;
      flipped[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      CHECK_FALSE(open_envelope_in_place(flipped).has_value());
    }
  }

  TEST_CASE("text and names may be left out") {
    sample s;
    s.fields.text = {};
    s.fields.account_name = {};
    s.fields.tenant = {};
    const auto e = open_envelope(encode_envelope(s.fields).value());
    REQUIRE(e.has_value());
    CHECK((*e)->text.empty());
    CHECK(e->text_hash() == digest256{});
  }

  TEST_CASE("the bytes of an envelope are those that were released") {
    check_golden("envelope", {{"envelope 1 of a licence", golden()}});
  }

  TEST_CASE("an envelope cut anywhere is refused, and so is one with more behind it") {
    const bytes b = golden();
    for (std::size_t n = 0; n < b.size(); ++n) {
      const auto opened = open_envelope(bytes_view{b}.first(n));
      REQUIRE_FALSE(opened.has_value());
      CHECK(opened.error().code == errc::truncated);
    }
    bytes more = b;
    more.resize(b.size() + 8);
    check_refused(more, errc::malformed, "bytes");
  }

  TEST_CASE("every single flipped bit is refused") {
    const bytes b = golden();
    for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
      const auto opened = open_envelope(flipped(b, bit));
      REQUIRE_FALSE(opened.has_value());
      // Behind magic, format and length it is the CRC that tells.
      if (bit >= 12 * 8) REQUIRE(opened.error().code == errc::checksum);
    }
  }

  TEST_CASE("with the CRC made good again a flipped bit is refused or harmless, and never a crash") {
    const bytes b = golden();
    std::size_t accepted = 0;
    for (std::size_t bit = 0; bit < b.size() * 8; ++bit) {
      const bytes bad = with_good_crc(flipped(b, bit));
      const auto opened = open_envelope(bad);
      if (!opened) {
        REQUIRE_FALSE(opened.error().detail.empty());
        continue;
      }
      ++accepted;
      REQUIRE(check_envelope(**opened).has_value());
      REQUIRE((*opened)->body.size() <= limits::body_bytes_max);
      REQUIRE(encode_envelope(**opened).has_value());
      read_body<wire::onboarding::submit_institution>((*opened)->body);
    }
    // Times, the key and the numbers of workflow and type have no second witness; ids without a name neither.
    CHECK(accepted > 0);
    CHECK(accepted < b.size() * 8 / 2);
  }

  TEST_CASE("each field is held against its range, and the error names it") {
    using e = wire::envelope;
    check_refused(changed([](e& v) { v.mutate_version(2); }), errc::unsupported_version, "version");
    check_refused(changed([](e& v) { v.mutate_workflow(32); }), errc::unknown_type, "workflow");
    check_refused(changed([](e& v) { v.mutate_workflow(0); }), errc::unknown_type, "workflow");
    check_refused(changed([](e& v) { v.mutate_type(0); }), errc::unknown_type, "type");
    check_refused(changed([](e& v) { v.mutate_type(257); }), errc::unknown_type, "type");
    check_refused(changed([](e& v) { *v.mutable_account() = wire::id(0, 5); }), errc::out_of_range, "account");
    check_refused(changed([](e& v) { *v.mutable_subject() = wire::id(~0ull, 5); }), errc::out_of_range, "subject");
    check_refused(changed([](e& v) { *v.mutable_account() = wire::id(1ull << 56, 5); }), errc::out_of_range,
                  "account: is not the id of account_name");
    check_refused(changed([](e& v) { *v.mutable_key() = wire::id(0, 0); }), errc::out_of_range, "key");
    check_refused(changed([](e& v) { v.mutate_event_time(-1); }), errc::out_of_range, "event_time");
    check_refused(changed([](e& v) { v.mutate_event_time(7'258'118'400'001); }), errc::out_of_range, "event_time");
    check_refused(changed([](e& v) { v.mutate_sent_at(std::numeric_limits<std::int64_t>::max()); }), errc::out_of_range,
                  "sent_at");
    check_refused(changed([](e& v) { *v.mutable_body_digest() = wire::sameness(1, 2); }), errc::checksum, "body_digest");
    check_refused(changed([](e& v) { *v.mutable_text_hash() = wire::hash256(1, 2, 3, 4); }), errc::checksum, "text_hash");
    check_refused(changed([](e& v) { v.mutable_body()->Mutate(9, 0xab); }), errc::checksum, "body_digest");
    check_refused(changed([](e& v) { v.mutable_tenant()->Mutate(1, 0); }), errc::malformed, "tenant");
  }

  TEST_CASE("the head is held against what came in") {
    const auto head = [](std::size_t at, std::uint32_t value, std::size_t size) {
      bytes b = golden();
      std::memcpy(b.data() + at, &value, size);
      return with_good_crc(b);
    };
    check_refused(head(0, 0x4c5a485a, 4), errc::malformed, "magic");
    check_refused(head(4, 2, 2), errc::unsupported_version, "format");
    check_refused(head(6, 1, 2), errc::out_of_range, "spare");
    check_refused(head(8, 0xffffffff, 4), errc::truncated, "bytes");
    check_refused(head(8, 16, 4), errc::malformed, "bytes");
    check_refused(head(20, 0x20202020, 4), errc::malformed, "schema");  // the file identifier
  }

  TEST_CASE("a required field that is missing is named") {
    const wire::id id(1ull << 56, 5);
    const wire::sameness digest(1, 2);
    const wire::hash256 hash(1, 2, 3, 4);
    const struct {
      std::string_view missing;
      int fields;
    } cases[] = {{"account", 0}, {"subject", 1}, {"key", 2}, {"body_digest", 3}, {"body", 4}, {"text", 5}};
    for (const auto& c : cases) {
      CAPTURE(c.missing);
      flatbuffers::FlatBufferBuilder b;
      b.ForceVectorAlignment(8, 1, 8);
      const auto body = b.CreateVector(std::vector<std::uint8_t>(8, 1));
      const auto fill = [&](wire::envelopeBuilder& e) {
        if (c.fields > 0) e.add_account(&id);
        if (c.fields > 1) e.add_subject(&id);
        if (c.fields > 2) e.add_key(&id);
        if (c.fields > 3) e.add_body_digest(&digest);
        if (c.fields > 4) e.add_body(body);
        if (c.fields > 4) e.add_text_hash(&hash);
      };
      check_refused(built(fill, b), errc::malformed, std::string{c.missing} + ": missing");
    }
  }

  TEST_CASE("what is larger than its limit is refused on both sides") {
    const auto refused = [](const std::function<void(envelope_fields&)>& how, std::string_view names) {
      sample s;
      how(s.fields);
      const auto encoded = encode_envelope(s.fields);
      REQUIRE_FALSE(encoded.has_value());
      CHECK(encoded.error().code == errc::too_large);
      CHECK_MESSAGE(encoded.error().detail.find(names) != std::string::npos, encoded.error().detail);
    };
    const std::string long_text(limits::text_bytes_max + 1, 'x');
    const bytes long_body(limits::body_bytes_max + 1);
    refused([&](envelope_fields& f) { f.text = long_text; }, "text");
    refused([&](envelope_fields& f) { f.body = long_body; }, "body");
    refused([&](envelope_fields& f) { f.tenant = std::string_view{long_text}.substr(0, 33); }, "tenant");
    refused([&](envelope_fields& f) { f.account_name = std::string_view{long_text}.substr(0, 65); }, "account_name");
    refused([&](envelope_fields& f) { f.subject_name = std::string_view{long_text}.substr(0, 65); }, "subject_name");

    sample s;
    s.fields.text = std::string_view{long_text}.substr(1);
    s.fields.body = bytes_view{long_body}.subspan(1);
    const auto largest = encode_envelope(s.fields);
    REQUIRE(largest.has_value());
    CHECK(largest->size() <= limits::envelope_bytes_max);
    CHECK(open_envelope(*largest).has_value());

    bytes beyond(limits::envelope_bytes_max + 1);
    check_refused(beyond, errc::too_large, "at most");
  }

  TEST_CASE("nothing can be encoded that could not be opened") {
    sample s;
    s.fields.body = {};
    CHECK(encode_envelope(s.fields).error().detail == "body: missing");
    s = {};
    s.fields.workflow = 0;
    CHECK(encode_envelope(s.fields).error().code == errc::unknown_type);
    s = {};
    s.fields.subject_name = "clinic-2";
    CHECK(encode_envelope(s.fields).error().code == errc::out_of_range);
  }

  TEST_CASE("random bytes of any length are refused") {
    std::uint64_t state = 1;
    for (int i = 0; i < 2000; ++i) {
      bytes b;
      state = xxh3_64(std::as_bytes(std::span{&state, 1}));
      b.resize(state % 600);
      for (std::byte& v : b) {
        state = xxh3_64(std::as_bytes(std::span{&state, 1}));
        v = static_cast<std::byte>(state);
      }
      // Let it come as far as the verifier.
      if (b.size() >= 24) {
        const wire::envelope_head head(envelope_magic, envelope_format, 0, static_cast<std::uint32_t>(b.size()), 0);
        std::memcpy(b.data(), &head, sizeof head);
        std::memcpy(b.data() + 20, wire::envelopeIdentifier(), 4);
        b = with_good_crc(b);
      }
      REQUIRE_FALSE(open_envelope(b).has_value());
    }
  }
}

}  // namespace zhili
