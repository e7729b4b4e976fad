// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/pattern.hpp"

#include <re2/re2.h>

#include "policy/expression/functions.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t pattern_bytes_max = 1024;
constexpr std::int64_t pattern_memory_max = 1 << 20;

class re2_pattern final : public pattern {
 public:
  explicit re2_pattern(std::string_view source)
      : compiled_(re2::StringPiece(source.data(), source.size()), options()) {}

  bool in(std::string_view text) const override {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_);
  }
  const re2::RE2& get() const { return compiled_; }

 private:
  static re2::RE2::Options options() {
    re2::RE2::Options o;
    o.set_log_errors(false);
    o.set_max_mem(pattern_memory_max);
    return o;
  }
  re2::RE2 compiled_;
};

/// What RE2 found wrong, in Chinese and in its own words.
bilingual wrong_in(const re2::RE2& compiled) {
  const std::string_view zh = [&]() -> std::string_view {
    switch (compiled.error_code()) {
      case re2::RE2::NoError:
      case re2::RE2::ErrorInternal: return "RE2 内部出错";
      case re2::RE2::ErrorBadEscape: return "没有这种反斜杠写法";
      case re2::RE2::ErrorBadCharClass: return "方括号里的字符类写得不对";
      case re2::RE2::ErrorBadCharRange: return "方括号里的范围写反了或写得不对";
      case re2::RE2::ErrorMissingBracket: return "方括号没有配对，缺 ']'";
      case re2::RE2::ErrorMissingParen: return "圆括号没有配对，缺 ')'";
      case re2::RE2::ErrorUnexpectedParen: return "多了一个 ')'";
      case re2::RE2::ErrorTrailingBackslash: return "末尾多了一个反斜杠";
      case re2::RE2::ErrorRepeatArgument: return "'*' '+' '?' 或 '{…}' 前面没有可以重复的字";
      case re2::RE2::ErrorRepeatSize: return "重复次数写得不对：先小后大，最多 1000";
      case re2::RE2::ErrorRepeatOp: return "几个重复符号连在一起了";
      case re2::RE2::ErrorBadPerlOp: return "RE2 没有这种 '(?' 写法（如前后查找）";
      case re2::RE2::ErrorBadUTF8: return "不是 UTF-8 编码";
      case re2::RE2::ErrorBadNamedCapture: return "命名分组写得不对：写成 (?P<name>…)，名字不重复";
      case re2::RE2::ErrorPatternTooLarge: return "匹配模式展开后太大：少用大的重复次数";
    }
    return "写得不对";
  }();
  const std::string& at = compiled.error_arg();
  return {at.empty() ? std::string(zh) : fmt::format("{}：{}", zh, at), compiled.error()};
}

}  // namespace

result<std::shared_ptr<const pattern>> pattern::compile(std::string_view source) {
  if (source.size() > pattern_bytes_max)
    return fail(
        errc::too_large, tell("模式超过 {} 字节", "a pattern of more than {} bytes", pattern_bytes_max));
  auto p = std::make_shared<re2_pattern>(source);
  if (!p->get().ok())
    return fail(
        errc::malformed, tell(
                             "读不懂这个匹配模式：{}", "the pattern cannot be read: {}", wrong_in(p->get())));
  return p;
}

value matches_pattern(const value& text, const value& source) {
  if (!text.is(kind::text) || !source.is(kind::text)) return error_value(no_overload);
  const auto p = pattern::compile(source.text());
  if (!p) return error_value("the pattern cannot be read");
  return bool_value((*p)->in(text.text()));
}

}  // namespace zhili::policy
