// SPDX-License-Identifier: Apache-2.0
// Numbers come from outside: whatever the bytes, every check answers, and points inside the text.
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "actors/credentials/ad_certificate.hpp"
#include "actors/credentials/approval.hpp"
#include "actors/credentials/catalogue.hpp"
#include "actors/credentials/certificate.hpp"
#include "actors/credentials/code_text.hpp"
#include "actors/credentials/identity.hpp"
#include "actors/credentials/licence.hpp"
#include "actors/credentials/uscc.hpp"

using namespace zhili::credentials;

namespace {

void read_all(const std::string& text) {
  CHECK(check_uscc(text).position <= text.size());
  CHECK(check_identity(text).position <= text.size());
  const auto held = read_licence(text);
  CHECK(held.position <= text.size());
  CHECK(held.organisation.empty() == (!held && held.verdict != licence_verdict::unknown_category));
  agrees(text, held);
  plausible_old_identity(text);
  qualification_form(text, 2021);
  practice_form(text);
  fits(product_need::device_class3, read_approval(text, 2021));
  read_ad_certificate(text, 2021);
  find_by_name(text);
  CHECK(normalise(normalise(text)) == normalise(text));
}

}  // namespace

TEST_SUITE("actors/credentials/any_bytes") {
  TEST_CASE("answers to damaged numbers of every kind") {
    constexpr std::string_view samples[] = {
        "91350100M000100Y43",          "MA1TTTT1531010490D1542",      "PDY00000151010490A1001", "33028218950101005X",
        "201511110110101188808080010", "110110105000123",             "国药准字SJ20170099",     "粤穗械备20210001号",
        "国械注准20213130123",         "(津)医广【2024】第01-10-07号", "重睑成形术",
    };
    constexpr char bytes[] = {'\0', ' ',    '0',    '9',    'A',    'I',    'X',   'Z',
                              'z',  '\x7f', '\x80', '\xbc', '\xe5', '\xef', '\xff'};
    for (const auto sample : samples)
      for (std::size_t i = 0; i <= sample.size(); ++i) {
        read_all(std::string(sample.substr(0, i)));
        read_all(std::string(sample.substr(i)));
        for (const char c : bytes) {
          std::string other(sample);
          other.insert(i, 1, c);
          read_all(other);
          other.erase(0, 1);
          read_all(other);
          if (i < sample.size()) {
            other = sample;
            other[i] = c;
            read_all(other);
          }
        }
      }
  }
}
