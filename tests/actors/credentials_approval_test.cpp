// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/approval.hpp"

#include <string>

#include <doctest/doctest.h>

#include "actors/credentials/ad_certificate.hpp"
#include "actors/credentials/make.hpp"

using namespace zhili::credentials;

namespace {

struct form_row {
  const char* text;
  approval_kind kind;
  approval_verdict verdict;
};

void check_forms(std::initializer_list<form_row> rows) {
  for (const auto& r : rows) {
    CAPTURE(r.text);
    const auto v = read_approval(r.text, 2024);
    CHECK(v.kind == r.kind);
    CHECK(v.verdict == r.verdict);
  }
}

}  // namespace

TEST_SUITE("actors/credentials/approval") {
  TEST_CASE("judges drug numbers of both layouts") {
    using enum approval_verdict;
    constexpr auto drug = approval_kind::drug;
    check_forms({
        {"国药准字Z13020588", drug, good},
        {"国药准字S10970037", drug, good},
        {"国药准字H20213001", drug, good},
        {"国药准字SJ20170099", drug, good},
        {"国药准字HC20200011", drug, good},
        {"国药准字J20171003", drug, good},
        {"进口药品注册证号S20170001", drug, good},
        {"医药产品注册证号HC20160001", drug, good},
        {"国药准字S2021700", drug, bad_length},
        {"国药准字X20213001", drug, bad_layout},
        {"国药准字JS20170099", drug, bad_layout},
        {"国药准字H20990001", drug, future_year},
        {"国妆特字G20210001", approval_kind::cosmetic, good},
        {"国药准字", drug, bad_layout},
        {"国药准字H", drug, bad_layout},
        {"国药准字TC20200011", drug, bad_layout},
        {"进口药品注册证号SJ20170001", drug, bad_layout},
        {"医药产品注册证号H20160001", drug, bad_layout},
        {"国食健字G20210001", approval_kind::unknown, unknown_scheme},
        {"H20213001", approval_kind::unknown, unknown_scheme},
        {"", approval_kind::unknown, missing},
    });
    CHECK(read_approval("国药准字SJ20170099", 2024).origin == product_origin::foreign);
    CHECK(read_approval("国药准字HC20200011", 2024).origin == product_origin::hmt);
    CHECK(read_approval("国药准字H20213001", 2024).year == 2021);
    CHECK(read_approval("国药准字Z13020588", 2024).year == 0);
    CHECK(read_approval("国药准字H20213001", 2020).verdict == future_year);
  }

  TEST_CASE("judges device numbers by authority, class and category") {
    using enum approval_verdict;
    constexpr auto device = approval_kind::device;
    constexpr auto filing = approval_kind::device_filing;
    check_forms({
        {"国械注准20213130123", device, good},
        {"国械注进20203130456", device, good},
        {"国械注进20182460789", device, good},
        {"国械注许20193130012", device, good},
        {"沪械注准20222090345", device, good},
        {"粤穗械备20210001号", filing, good},
        {"沪械备20210001", filing, good},
        {"国械备20210001号", filing, good},
        {"国械注准20212130123", device, bad_class},
        {"沪械注准20213130123", device, bad_class},
        {"京械注进20212130001", device, bad_authority},
        {"国械注进20211130123", device, bad_class},
        {"国械注准2021313012", device, bad_length},
        {"国械注准20213990001", device, bad_category},
        {"国械注准20213000001", device, bad_category},
        {"国械注准20993130123", device, future_year},
        {"国械注准2021313O123", device, bad_layout},
        {"国械注20213130123", device, bad_layout},
        {"粤械备2021001号", filing, bad_length},
        {"粤械备2099000A号", filing, bad_layout},
        {"华械注准20222090345", approval_kind::unknown, unknown_scheme},
        {"粤穗深械备20210001号", approval_kind::unknown, unknown_scheme},
        {"国穗械备20210001号", approval_kind::unknown, unknown_scheme},
    });
    const auto v = read_approval("沪械注准20222090345", 2024);
    CHECK(v.province == 31);
    CHECK(v.device_class == 2);
    CHECK(v.device_category == 9);
    CHECK(v.year == 2022);
    CHECK(read_approval("粤穗械备20210001号", 2024).device_class == 1);
    CHECK(read_approval("国械注许20193130012", 2024).origin == product_origin::hmt);
  }

  TEST_CASE("holds a number against what an item needs") {
    using enum product_need;
    constexpr auto fit = approval_fit::fits;
    struct row {
      product_need need;
      const char* text;
      approval_fit fit;
    };
    const row rows[] = {
        {device_class3, "国械注准20213130123", fit},
        {device_class3, "国械注进20203130456", fit},
        {device_class3, "沪械注准20222090345", approval_fit::wrong_class},
        {device_class3, "沪械注准20213130123", approval_fit::wrong_class},
        {device_class3, "国械注进20182460789", approval_fit::wrong_class},
        {device_class3, "粤穗械备20210001号", approval_fit::wrong_class},
        {device_class3, "国药准字S10970037", approval_fit::wrong_kind},
        {device_class3, "国妆特字G20210001", approval_fit::wrong_kind},
        {device_class3, "国械注准2021313012", approval_fit::malformed},
        {device_class3, "卖家自证", approval_fit::malformed},
        {device_class3, "", approval_fit::missing},
        {device, "沪械注准20222090345", fit},
        {device, "国械注准20213130123", fit},
        {device, "沪械备20210001号", approval_fit::wrong_class},
        {drug, "国药准字S10970037", fit},
        {drug, "国药准字SJ20170099", fit},
        {drug, "国械注准20213130123", approval_fit::wrong_kind},
        {drug, "国妆特字G20210001", approval_fit::wrong_kind},
        {drug, "国药准字S2021700", approval_fit::malformed},
        {drug, "国药准字H20990001", approval_fit::malformed},
        {drug, "", approval_fit::missing},
        {none, "", fit},
        {none, "国妆特字G20210001", fit},
    };
    for (const auto& r : rows) {
      CAPTURE(r.text);
      CHECK(fits(r.need, read_approval(r.text, 2024)) == r.fit);
    }
  }

  TEST_CASE("makes approval numbers that pass and fit") {
    using enum product_origin;
    for (unsigned serial = 0; serial < 10'000; serial += 7) {
      CHECK(fits(product_need::drug, read_approval(make_drug_number('S', 2020, serial), 2021)) == approval_fit::fits);
      for (const auto origin : {domestic, foreign, hmt})
        CHECK(fits(product_need::device_class3, read_approval(make_device_number(3, origin, 2019, 13, serial), 2021)) ==
              approval_fit::fits);
    }
    CHECK(make_device_number(2, domestic, 2020, 9, 12, 31) == "沪械注准20202090012");
    CHECK(read_approval(make_device_number(2, domestic, 2020, 9, 12, 31), 2021));
    CHECK(read_approval(make_device_number(2, foreign, 2020, 9, 12, 31), 2021));
  }
}

TEST_SUITE("actors/credentials/ad_certificate") {
  TEST_CASE("reads the numbers of reviewed advertisements and no others") {
    using enum ad_certificate_verdict;
    struct row {
      const char* text;
      ad_certificate_verdict verdict;
    };
    const row rows[] = {
        {"(津)医广【2024】第01-10-07号", good},
        {"(沪)医广【2023】第05-22-131号", good},
        {"（川）医广〔2025〕第12-01-09号", good},
        {"(京)中医广【2022】第03-15-02号", good},
        {"(粤)医广【2021】第08-30-0044号", good},
        {"(津)医广【2024】第13-10-07号", bad_date},
        {"(津)医广【2024】第01-32-07号", bad_date},
        {"(津)医广【2024】第01-00-07号", bad_date},
        {"(华)医广【2024】第01-10-07号", bad_province},
        {"（）医广【2024】第01-10-07号", bad_province},
        {"(津)医广【2024】01-10-07", bad_layout},
        {"津卫广审2024-0110", bad_layout},
        {"(津)药广审(文)第250101-00001号", bad_layout},
        {"(津)医广【2024】第01-10-7号", bad_layout},
        {"(津)医广【2024】第01-10-00071号", bad_layout},
        {"(津)医广【2024】第01-10-07号。", bad_layout},
        {"(津医广【2024】第01-10-07号", bad_layout},
        {"(华医广【2024】第01-10-07号", bad_layout},
        {"(津)医广【2026】第01-10-07号", future_year},
        {"", missing},
    };
    for (const auto& r : rows) {
      CAPTURE(r.text);
      CHECK(read_ad_certificate(r.text, 2025).verdict == r.verdict);
    }
    const auto v = read_ad_certificate("(京)中医广【2022】第03-15-02号", 2025);
    CHECK(v.province == 11);
    CHECK(v.chinese_medicine);
    CHECK(v.year == 2022);
    CHECK(v.month == 3);
    CHECK(v.day == 15);
    CHECK(v.serial == 2);
  }

  TEST_CASE("makes advertisement certificates that pass") {
    CHECK(make_ad_certificate(31, 2021, 5, 22, 131) == "(沪)医广【2021】第05-22-131号");
    for (unsigned serial = 0; serial < 10'000; serial += 101)
      CHECK(read_ad_certificate(make_ad_certificate(44, 2021, 1 + serial % 12, 1 + serial % 28, serial), 2021));
  }
}
