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

}  // namespace

result<std::shared_ptr<const pattern>> pattern::compile(std::string_view source) {
  if (source.size() > pattern_bytes_max)
    return fail(
        errc::too_large, tell("模式超过 {} 字节", "a pattern of more than {} bytes", pattern_bytes_max));
  auto p = std::make_shared<re2_pattern>(source);
  if (!p->get().ok())
    return fail(
        errc::malformed, tell(
                             "读不懂这个匹配模式（{}）：看看括号是否成对，'*' '+' '?' 前面有没有字",
                             "the pattern cannot be read: {}", p->get().error()));
  return p;
}

value matches_pattern(const value& text, const value& source) {
  if (!text.is(kind::text) || !source.is(kind::text)) return error_value(no_overload);
  const auto p = pattern::compile(source.text());
  if (!p) return error_value("the pattern cannot be read");
  return bool_value((*p)->in(text.text()));
}

}  // namespace zhili::policy
