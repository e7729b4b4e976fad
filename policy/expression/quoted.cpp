// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/quoted.hpp"

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// One escape; `at` is behind the backslash and moves behind the escape.
class escape_reader {
 public:
  escape_reader(std::string_view source, bool bytes, std::string& out, std::vector<problem>& problems)
      : source_(source), bytes_(bytes), out_(out), problems_(problems) {}

  std::size_t read(std::size_t at) {
    const char c = at < source_.size() ? source_[at] : '\0';
    constexpr std::string_view letters = "abfnrtv\\?\"'`", meanings = "\a\b\f\n\r\t\v\\?\"'`";
    if (const auto i = letters.find(c); c != '\0' && i != std::string_view::npos) {
      out_ += meanings[i];
      return at + 1;
    }
    switch (c) {
      case 'x':
      case 'X': return digits(at, at + 1, 2, 16);
      case 'u': return digits(at, at + 1, 4, 16);
      case 'U': return digits(at, at + 1, 8, 16);
      case '0':
      case '1':
      case '2':
      case '3': return digits(at, at, 3, 8);
      default: break;
    }
    problems_.push_back(
        {at - 1,
         {"反斜杠 '\\' 后面只能是 n、t、r、\\、\"、'、x41、u4e00、101 这些",
          "after '\\' stand n, t, r, \\, \", ', x41, u4e00, 101 and the other escapes of CEL"}});
    return at;
  }

 private:
  std::size_t digits(std::size_t letter, std::size_t from, std::size_t count, int base) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const int d = from + i < source_.size() ? hex_digit(source_[from + i]) : -1;
      if (d < 0 || d >= base) {
        problems_.push_back(
            {letter - 1,
             tell("'\\{}' 后面要有 {} 位数字", "'\\{}' needs {} digits", source_[letter], count)});
        return from;
      }
      n = n * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(d);
    }
    const bool wide = source_[letter] == 'u' || source_[letter] == 'U';
    if (bytes_ && !wide) {
      out_ += static_cast<char>(n);
    } else if (!append_utf8(n, out_)) {
      problems_.push_back({letter - 1, {"没有这个字符", "no such character"}});
    }
    return from + count;
  }

  std::string_view source_;
  bool bytes_;
  std::string& out_;
  std::vector<problem>& problems_;
};

}  // namespace

std::optional<text_shape> string_shape(std::string_view rest) {
  text_shape s;
  std::size_t at = 0;
  const auto next = [&](char lower, char upper) {
    return at < rest.size() && (rest[at] == lower || rest[at] == upper);
  };
  if (next('b', 'B')) {
    s.bytes = true;
    ++at;
  }
  if (next('r', 'R')) {
    s.raw = true;
    ++at;
  }
  if (!s.bytes && next('b', 'B')) {
    s.bytes = true;
    ++at;
  }
  if (at >= rest.size() || (rest[at] != '"' && rest[at] != '\'')) return std::nullopt;
  s.quote = rest[at];
  const std::string three(3, s.quote);
  s.quotes = rest.substr(at).starts_with(three) ? 3 : 1;
  s.opening = at + s.quotes;
  return s;
}

std::size_t read_text(
    std::string_view source, std::size_t at, const text_shape& shape, std::string& out,
    std::vector<problem>& problems) {
  const std::string closing(shape.quotes, shape.quote);
  std::size_t i = at + shape.opening;
  while (i < source.size() && !source.substr(i).starts_with(closing)) {
    const bool line_ends = shape.quotes == 1 && source[i] == '\n';
    if (line_ends) break;
    if (source[i] != '\\' || shape.raw) {
      out += source[i++];
      continue;
    }
    i = escape_reader(source, shape.bytes, out, problems).read(i + 1);
  }
  if (i >= source.size() || !source.substr(i).starts_with(closing)) {
    problems.push_back(
        {at, tell("这里开始的文字缺少右引号 {}", "the text that begins here has no closing {}", closing)});
    return std::min(i, source.size());
  }
  return i + shape.quotes;
}

bool append_utf8(std::uint32_t c, std::string& out) {
  if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return false;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
  return true;
}

}  // namespace zhili::policy
