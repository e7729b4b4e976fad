// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>

#include "protocols/seal.hpp"
#include "tests/actors/papers.hpp"

namespace zhili {
namespace {

using namespace testkit;
namespace msg = wire::onboarding;

constexpr std::string_view planted[] = {"planted-name", "planted-phone", "planted-id", "planted-qualification",
                                        "planted-practice"};

std::vector<std::byte> person() {
  flatbuffers::FlatBufferBuilder b;
  const auto s = [&](std::size_t n) { return b.CreateString(planted[n].data(), planted[n].size()); };
  b.Finish(msg::Createpractitioner_person(b, s(0), s(2), s(3), s(4), s(1)));
  const bytes_view v = body_of(b);
  return {v.begin(), v.end()};
}

bool holds(bytes_view bytes, std::string_view text) {
  const bytes_view t = as_bytes_view(text);
  return std::search(bytes.begin(), bytes.end(), t.begin(), t.end()) != bytes.end();
}

flat<msg::submit_practitioner> with_personal(const std::vector<std::byte>& personal, instant now) {
  return build<msg::submit_practitioner>([&](auto& b) {
    const auto bytes = b.CreateVector(reinterpret_cast<const std::uint8_t*>(personal.data()), personal.size());
    const wire::id at = to_wire(clinic);
    return msg::Createsubmit_practitioner(b, 1, msg::number_form::good, msg::number_form::good, &at, (now - days{9}).ms,
                                          (now + days{9}).ms, 1, true, 1, bytes);
  });
}

}  // namespace

TEST_SUITE("actors/onboarding/personal") {
  TEST_CASE("who a person is reaches no batch, message or effect in the open") {
    const subject_key key = derive_key({}, doctor);
    const auto sealed = seal(key, person()).value();
    stage<onboarding::workflow> s{doctor};
    s.when(submission(with_personal(sealed, s.now()))).then(verdict::approve);
    s.advance(days{10});
    for (const std::string_view text : planted) {
      CHECK(holds(person(), text));
      for (const auto& batch : s.batches()) CHECK_FALSE(holds(batch, text));
    }
  }

  TEST_CASE("who has the key reads it back from the log") {
    const subject_key key = derive_key({}, doctor);
    stage<onboarding::workflow> s{doctor};
    s.when(submission(with_personal(seal(key, person()).value(), s.now())));
    const auto batch = batch_reader::open(s.batches().back());
    const auto* m = read_body<msg::submit_practitioner>((*batch->begin()).body<wire::command_header>());
    REQUIRE(m != nullptr);
    const auto opened = unseal(key, {reinterpret_cast<const std::byte*>(m->personal()->data()), m->personal()->size()});
    REQUIRE(opened.has_value());
    CHECK(text_of(read_body<msg::practitioner_person>(*opened)->name()) == planted[0]);
  }

  TEST_CASE("a sealed part beyond its limit is refused") {
    stage<onboarding::workflow> s{doctor};
    s.when(submission(with_personal(std::vector<std::byte>(limits::sealed_bytes_max + 1), s.now())))
        .then(wire::refusal::too_large, 10);
  }
}

}  // namespace zhili
