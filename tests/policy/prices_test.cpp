// SPDX-License-Identifier: Apache-2.0
#include "policy/prices.hpp"

#include <doctest/doctest.h>

#include <string>

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/prices");

/// All amounts, "9.90元 1元".
std::string found(std::string_view text) {
  fen out[prices_max];
  const std::size_t count = find_prices(text, out);
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += (i > 0 ? " " : "") + to_string(out[i]);
  return all;
}

struct row {
  const char* text;
  const char* amounts;
};

TEST_CASE("finds every amount that a text names, however it is written") {
  const row rows[] = {
      {"1元", "1元"},
      {"一元", "1元"},
      {"①元", "1元"},
      {"¥1", "1元"},
      {"￥1", "1元"},
      {"壹块", "1元"},
      {"１元", "1元"},
      {"9.9", "9.90元"},
      {"九块九", "9.90元"},
      {"九块九包邮", "9.90元"},
      {"9块9", "9.90元"},
      {"0元购", "0元"},
      {"零元体验", "0元"},
      {"1块钱", "1元"},
      {"一块钱", "1元"},
      {"99.9元起", "99.90元"},
      {"两千八", "2800元"},
      {"1.2万", "12000元"},
      {"一万二", "12000元"},
      {"三百八", "380元"},
      {"1,280元", "1280元"},
      {"原价12,800元，现价 980 元", "12800元 980元"},
      {"RMB 100", "100元"},
      {"199rmb", "199元"},
      {"人民币300元", "300元"},
      {"1.2万元", "12000元"},
      {"壹佰贰拾元", "120元"},
      {"一千零八十元", "1080元"},
      {"十元", "10元"},
      {"二十五元", "25元"},
      {"100-200元", "100元 200元"},
      {"九块九毛", "9.90元"},
      {"3块5", "3.50元"},
      {"九点九元", "9.90元"},
      {"19.9秒杀", "19.90元"},
      {"只要9.9", "9.90元"},
      {"1\u200b元", "1元"},
      {"1️⃣元", "1元"},
      {"❾.❾元", "9.90元"},
      {"1 元体验", "1元"},
      {"新人1圆", "1元"},
      {"一塊錢", "1元"},
      {"9元9", "9.90元"},
      {"¥1.2万", "12000元"},
      {"2.8w", "28000元"},
      {"热玛吉三万五", "35000元"},
      {"水光针 198 元一次", "198元"},
      {"1元1次", "1元"},
      {"￥199/次", "199元"},
      {"99元拍2张", "99元"},
      {"9块起", "9元"},
      {"仅6.18", "6.18元"},
      {"2800元起步", "2800元"},
      {"3000块", "3000元"},
      {"一块秒杀", "1元"},
      {"两万块钱", "20000元"},
  };
  for (const row& r : rows) {
    CAPTURE(std::string(r.text));
    CHECK(found(r.text) == r.amounts);
  }
}

TEST_CASE("numbers that are no amounts stay unseen") {
  const char* const texts[] = {
      "3天",
      "18岁",
      "2021年",
      "10次",
      "2021年7月18日",
      "7.18",
      "6.18大促",
      "11.11抢购",
      "3.8优惠",
      "11.11",
      "3.15晚会",
      "1.5ml",
      "9.9分",
      "98.5%",
      "9.5折",
      "v2.0版本",
      "1.2万人",
      "粉丝1.2万",
      "浏览量 3.5万次",
      "13800138000",
      "第三次",
      "一次见效",
      "千万别信",
      "百分之百",
      "一元二次方程",
      "多元文化",
      "公元前221年",
      "元旦快乐",
      "2022元旦",
      "3元素",
      "一块去",
      "我们一块儿走",
      "一块疤",
      "两块腹肌",
      "一块皮肤",
      "三五天",
      "恢复7-10天",
      "四五个月",
      "T区",
      "A型肉毒素100单位",
      "打了3针",
      "2.5D",
      "第一百零一天",
      "一千零一夜",
      "五角星",
      "几百元",
      "数十元",
      "上午10:30",
      "0.5厘米",
      "身高1.68",
      "视力5.0",
      "第二十八条",
      "国食药监械(准)字2021第3460001号",
      "三甲医院",
      "一百八十度",
      "万一",
      "1.2.3",
      "IP 10.0.0.1",
      "0571-88888888",
      "成千上万",
      "一五一十",
      "十八岁生日",
      "五百例手术",
      "两百多人",
  };
  for (const char* text : texts) {
    CAPTURE(std::string(text));
    CHECK(found(text) == "");
  }
}

TEST_CASE("a long text costs no more than its length, and only so many amounts are looked at") {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "1元 ";
  fen out[prices_max];
  CHECK(find_prices(many, out) == prices_max);
  CHECK(find_prices(std::string(60'000, '9'), out) == 0);
  CHECK(find_prices(std::string(60'000, '.'), out) == 0);
  std::string numerals;
  for (int i = 0; i < 20'000; ++i) numerals += "一";
  CHECK(find_prices(numerals, out) == 0);
  CHECK(
      find_prices(
          "\xff\xfe"
          "1元\xe4\xb8",
          out) == 1);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
