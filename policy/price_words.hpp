// SPDX-License-Identifier: Apache-2.0
// How amounts of money are written in Chinese: characters brought to one form, and the words around a number
// that say whether it is a price.
#pragma once

#include <cstdint>
#include <string_view>

namespace zhili::policy {

inline constexpr std::uint32_t money_sign = 0xa5;  // ¥

/// A character in its plain form: ① and １ as 1, ￥ as ¥, 壹 as 一, 塊 as 块. `point` 0: none.
struct character {
  std::uint32_t point = 0;
  /// Was 壹 贰 …
  bool formal = false;
};

/// Walks a text, over what nobody sees (zero-width characters, variation selectors, keycaps).
class cursor {
 public:
  explicit cursor(std::string_view text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }
  std::size_t offset() const { return at_; }
  /// {} at the end.
  character peek() const {
    cursor copy = *this;
    return copy.next();
  }
  character next();
  void skip_blanks();

 private:
  std::uint32_t decode();

  std::string_view text_;
  std::size_t at_ = 0;
};

/// 0 to 9, or -1.
int digit_of(const character& c);
/// 0 to 9, 10, 100, 1000, 10000, or -1.
int numeral_of(const character& c);
bool is_numeral(const character& c);
bool is_letter(const character& c);
/// 几百元, 上千元, 数十元: about how much, not how much.
bool is_far(const character& c);

/// Takes the word if it stands there.
bool take_word(cursor& at, std::string_view word);

/// Behind 元 something goes on that is no money: 元旦, 元素, 一元二次 …
bool is_other_word_of_yuan(bool plain_one, const cursor& at);
/// A number of 块 is a price: 3块起, 9块 at the end; not 三块疤, 一块去.
template <class Amount>
bool is_price_of_blocks(const Amount& n, const cursor& at);
bool blocks_are_price(bool plain_one, bool formal, const cursor& at);
template <class Amount>
bool is_price_of_blocks(const Amount& n, const cursor& at) {
  return blocks_are_price(n.is_plain_one, n.formal, at);
}
/// Nothing that is counted stands there.
bool is_end_of_price(const cursor& at);
/// 人 次 ml % 折 …: the number counts or measures something.
bool is_counted(const cursor& at);
/// Before it stands what is counted: 浏览 粉丝 销量 …
bool counts_before(std::string_view text, const cursor& at);
/// Words around a number with decimals, or its very look (9.9, 99.9), say price.
bool reads_as_price(std::string_view text, const cursor& begin, const cursor& end, std::int64_t hundredths);

}  // namespace zhili::policy
