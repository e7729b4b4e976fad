// SPDX-License-Identifier: Apache-2.0
#include "node/policy/labelled.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "node/policy/text_judge.hpp"
#include "protocols/types/limits.hpp"

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
    if (count_ > errors_max) errors_ += fmt::format("\nand {} more lines", count_ - errors_max);
    if (count_ != 0) return fail(errc::malformed, errors_);
    if (out_.empty()) return fail(errc::malformed, fmt::format("{}:1:1: no phrases: write label TAB phrase TAB source", file_));
    return std::move(out_);
  }

 private:
  void read(std::uint32_t number, std::string_view line) {
    if (line.empty() || line.starts_with('#') || (number == 1 && line.starts_with("label\tphrase"))) return;
    const std::size_t first = line.find('\t');
    const std::string_view label = line.substr(0, first);
    if (!is_label(label)) {
      return complain(number, 1, fmt::format("'{}' is no label: ok, talk, or a name such as MA04", label.substr(0, 40)));
    }
    if (first == std::string_view::npos) {
      return complain(number, label.size() + 1, "one column: right would be label TAB phrase TAB source");
    }
    const std::size_t second = line.find('\t', first + 1);
    const std::string_view phrase = line.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
    const std::string_view source = second == std::string_view::npos ? std::string_view{} : line.substr(second + 1);
    if (phrase.empty()) return complain(number, first + 2, "the phrase is empty");
    if (const std::size_t third = source.find('\t'); third != std::string_view::npos) {
      return complain(number, second + third + 2, "a fourth column: a tab inside a phrase is written \\t");
    }
    labelled_phrase p{std::string(label), {}, std::string(source), number};
    unescape_line(phrase, p.phrase);
    out_.push_back(std::move(p));
  }

  void complain(std::uint32_t line, std::size_t column, const std::string& what) {
    if (++count_ > errors_max) return;
    if (!errors_.empty()) errors_ += '\n';
    errors_ += fmt::format("{}:{}:{}: {}", file_, line, column, what);
  }

  std::string_view file_;
  std::vector<labelled_phrase> out_;
  std::string errors_;
  std::size_t count_ = 0;
};

}  // namespace

result<std::vector<labelled_phrase>> read_labelled(std::string_view text, std::string_view file) {
  return labelled_reader(file).run(text);
}

}  // namespace zhili::node
