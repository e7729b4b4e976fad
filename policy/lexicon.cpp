// SPDX-License-Identifier: Apache-2.0
#include "policy/lexicon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "policy/suggest.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view head_keys[] = {"category", "zh", "en"};

std::string_view trimmed(std::string_view s) {
  constexpr std::string_view spaces = " \t\r";
  while (!s.empty() && spaces.find(s.front()) != std::string_view::npos) s.remove_prefix(1);
  while (!s.empty() && spaces.find(s.back()) != std::string_view::npos) s.remove_suffix(1);
  return s;
}

std::string_view without_comment(std::string_view line) {
  if (line.starts_with("#")) return {};
  const std::size_t mark = line.find(" #");
  return trimmed(mark == std::string_view::npos ? line : line.substr(0, mark));
}

bool is_word(std::string_view s) {
  return !s.empty() &&
         std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

class lexicon_reader {
 public:
  lexicon_reader(std::string_view file, diagnostics& found) : file_(file), found_(found) {}

  lexicon_category run(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    for (std::uint32_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      line(number, text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (out_.name.empty()) found_.add(file_, {1, 1}, "the head is missing: begin with 'category: name'");
    if (out_.terms.empty()) found_.add(file_, {}, "no terms: write one a line under the head");
    return std::move(out_);
  }

 private:
  void line(std::uint32_t number, std::string_view raw) {
    const std::string_view content = without_comment(raw);
    if (content.empty()) return;
    const std::size_t begin = static_cast<std::size_t>(content.data() - raw.data());
    const place at{number, static_cast<std::uint32_t>(begin + 1)};
    const std::size_t colon = content.find(':');
    if (out_.terms.empty() && colon != std::string_view::npos && is_word(content.substr(0, colon))) {
      return head(at, content.substr(0, colon), trimmed(content.substr(colon + 1)));
    }
    term(at, content);
  }

  void head(place at, std::string_view key, std::string_view value) {
    if (value.empty()) return found_.add(file_, at, fmt::format("'{}' is empty", key));
    if (key == "category" && !is_word(value)) {
      return found_.add(file_, at, fmt::format("'{}' is no name: lower-case letters and '_'", value));
    }
    if (key == "category") {
      out_.name = value;
    } else if (key == "zh") {
      out_.title.zh = value;
    } else if (key == "en") {
      out_.title.en = value;
    } else {
      found_.add(file_, at, fmt::format("unknown key '{}'{}", key, suggestion(key, head_keys)));
    }
  }

  void term(place at, std::string_view text) {
    if (text.size() > limits::string_bytes_max) {
      return found_.add(file_, at, fmt::format("a term has at most {} bytes", limits::string_bytes_max));
    }
    fold(text, folded_);
    if (folded_.bytes.find("\xef\xbf\xbd") != std::string::npos) {
      return found_.add(file_, at, "this line is not UTF-8: save the file as UTF-8");
    }
    const auto [earlier, is_new] = lines_.emplace(folded_.bytes, at.line);
    if (!is_new) {
      return found_.add(file_, at, fmt::format("'{}' stands in line {} already", text, earlier->second));
    }
    out_.terms.emplace_back(text);
  }

  std::string_view file_;
  diagnostics& found_;
  lexicon_category out_;
  folded_text folded_;
  std::map<std::string, std::uint32_t> lines_;
};

}  // namespace

lexicon_category read_lexicon(std::string_view text, std::string_view file, diagnostics& found) {
  return lexicon_reader(file, found).run(text);
}

}  // namespace zhili::policy
