// SPDX-License-Identifier: Apache-2.0
#include "node/policy/labelled.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "node/policy/text_judge.hpp"
#include "protocols/types/limits.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr std::size_t errors_max = 20;

bool is_label(std::string_view s) {
  return !s.empty() && s.size() <= limits::string_bytes_max && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

class labelled_reader {
 public:
  explicit labelled_reader(std::string_view file) : file_(file) {}

  result<std::vector<labelled_phrase>> run(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    for (std::uint32_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      read(number, line);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (count_ > errors_max) add(tell("\n另有 {} 行", "\nand {} more lines", count_ - errors_max));
    if (count_ != 0) return fail(errc::malformed, errors_);
    if (out_.empty())
      return fail(
          errc::malformed, tell(
                               "{}:1:1: 没有语句：每行写 标签 Tab 语句 Tab 来源",
                               "{}:1:1: no phrases: write label TAB phrase TAB source", file_));
    return std::move(out_);
  }

 private:
  void read(std::uint32_t number, std::string_view line) {
    if (line.empty() || line.starts_with('#') || (number == 1 && line.starts_with("label\tphrase"))) return;
    const std::size_t first = line.find('\t');
    const std::string_view label = line.substr(0, first);
    if (!is_label(label)) {
      return complain(
          number, 1,
          tell(
              "'{}' 不是标签：可以写 ok、talk，或 MA04 这样的名字",
              "'{}' is no label: ok, talk, or a name such as MA04", label.substr(0, 40)));
    }
    if (first == std::string_view::npos) {
      return complain(
          number, label.size() + 1,
          {"只有一列：应当是 标签 Tab 语句 Tab 来源",
           "one column: right would be label TAB phrase TAB source"});
    }
    const std::size_t second = line.find('\t', first + 1);
    const std::string_view phrase = line.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
    const std::string_view source = second == std::string_view::npos ? std::string_view{} : line.substr(second + 1);
    if (phrase.empty()) return complain(number, first + 2, {"语句是空的", "the phrase is empty"});
    if (const std::size_t third = source.find('\t'); third != std::string_view::npos) {
      return complain(
          number, second + third + 2,
          {"多了第四列：语句里的 Tab 要写成 \\t", "a fourth column: a tab inside a phrase is written \\t"});
    }
    labelled_phrase p{std::string(label), {}, std::string(source), number};
    unescape_line(phrase, p.phrase);
    out_.push_back(std::move(p));
  }

  void complain(std::uint32_t line, std::size_t column, const bilingual& what) {
    if (++count_ > errors_max) return;
    const std::string where =
        fmt::format("{}{}:{}:{}: ", errors_.en.empty() ? "" : "\n", file_, line, column);
    add({where + what.zh, where + what.en});
  }

  void add(const bilingual& what) {
    errors_.zh += what.zh;
    errors_.en += what.en;
  }

  std::string_view file_;
  std::vector<labelled_phrase> out_;
  bilingual errors_;
  std::size_t count_ = 0;
};

}  // namespace

result<std::vector<labelled_phrase>> read_labelled(std::string_view text, std::string_view file) {
  return labelled_reader(file).run(text);
}

}  // namespace zhili::node
