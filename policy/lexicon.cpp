// SPDX-License-Identifier: Apache-2.0
#include "policy/lexicon.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "policy/csv.hpp"
#include "policy/encoding.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/limits.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view head_keys[] = {"category", "zh", "en"};
constexpr std::uint16_t within_max = 200;

enum class column { term, category, note, near, not_near, within, initials, by_sound };

struct column_name {
  std::string_view name;
  column what;
};

/// As they are written in the first row of a table, or before a colon on a line of text.
constexpr column_name column_names[] = {
    {"term", column::term},           {"词", column::term},           {"词语", column::term},
    {"category", column::category},   {"类别", column::category},     {"note", column::note},
    {"备注", column::note},           {"near", column::near},         {"附近须有", column::near},
    {"not near", column::not_near},   {"not_near", column::not_near}, {"附近不得有", column::not_near},
    {"within", column::within},       {"距离", column::within},       {"initials", column::initials},
    {"首字母", column::initials},     {"by sound", column::by_sound}, {"by_sound", column::by_sound},
    {"同音", column::by_sound},
};

std::optional<column> column_named(std::string_view name) {
  for (const auto& [known, what] : column_names) {
    if (known == name) return what;
  }
  return {};
}

std::vector<std::string_view> all_column_names() {
  std::vector<std::string_view> out;
  for (const auto& c : column_names) out.push_back(c.name);
  return out;
}

std::string_view trimmed(std::string_view s) {
  constexpr std::string_view spaces = " \t\r";
  while (!s.empty() && spaces.find(s.front()) != std::string_view::npos) s.remove_prefix(1);
  while (!s.empty() && spaces.find(s.back()) != std::string_view::npos) s.remove_suffix(1);
  return s;
}

/// Of a part of a line; columns count characters.
std::uint32_t column_of(std::string_view line, std::string_view part) {
  std::uint32_t column = 1;
  for (const char c : line.substr(0, static_cast<std::size_t>(part.data() - line.data())))
    column += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return column;
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

/// Words with any of these between them: , ; 、 ， ；
std::vector<std::string> words_of(std::string_view list) {
  constexpr std::string_view commas[] = {",", ";", "、", "，", "；", "|"};
  std::vector<std::string> out;
  while (!list.empty()) {
    std::size_t end = list.size(), length = 0;
    for (const auto comma : commas) {
      if (const auto at = list.find(comma); at < end) {
        end = at;
        length = comma.size();
      }
    }
    if (const auto word = trimmed(list.substr(0, end)); !word.empty()) out.emplace_back(word);
    list.remove_prefix(std::min(end + length, list.size()));
  }
  return out;
}

bool says_yes(std::string_view s) {
  return s == "yes" || s == "y" || s == "1" || s == "true" || s == "x" || s == "是" || s == "有" || s == "√";
}
bool says_no(std::string_view s) { return s.empty() || s == "no" || s == "n" || s == "0" || s == "false" || s == "否"; }

/// What is wrong, or nothing.
using complaint = std::optional<bilingual>;

/// One term with what is said of it, and the checks that both kinds of files share.
class collector {
 public:
  collector(std::string_view file, diagnostics& found, const normaliser& by, diagnostics* warned)
      : file_(file), found_(found), normaliser_(by), warned_(warned) {}

  /// What is wrong with a value, or nothing.
  complaint set(term_conditions& c, column what, std::string_view value) {
    switch (what) {
      case column::note: c.note = value; return {};
      case column::near: return words(c.near, value);
      case column::not_near: return words(c.not_near, value);
      case column::initials: return mark(c.initials, value);
      case column::by_sound: return mark(c.by_sound, value);
      case column::within: return number(c.within, value);
      default: return {};
    }
  }

  /// What is wrong with a term, or nothing: it was added. `line`: of the file.
  complaint add(lexicon_category& to, std::string_view text, term_conditions conditions, std::uint32_t line) {
    if (text.size() > limits::string_bytes_max)
      return tell("一个词最多 {} 字节", "a term has at most {} bytes", limits::string_bytes_max);
    normaliser_.normalise(text, text_);
    if (text_.units.empty())
      return tell(
          "'{}' 里只有符号，判定时都会略去，匹配不到任何文字",
          "'{}' has nothing but signs that are left out of texts", text);
    // 九块九 beside 9块9 does no harm; the same word in the same figures and letters is a slip.
    plain_->normalise(text, text_);
    const auto [earlier, is_new] = lines_.emplace(std::pair{to.name, text_.utf8()}, line);
    if (!is_new)
      return tell(
          "'{}' 在第 {} 行已经有了：删去一个", "'{}' stands in line {} already", text, earlier->second);
    to.terms.emplace_back(text);
    to.conditions.push_back(std::move(conditions));
    return {};
  }

  void complain(place at, bilingual message) { found_.add(file_, at, std::move(message)); }

  /// Of a term that was added, and of the words that it names.
  void warn(place at, std::string_view text, const term_conditions& conditions) {
    if (warned_ == nullptr) return;
    warn_of_edges(at, text);
    for (const std::string& word : conditions.near) warn_of_edges(at, word);
    for (const std::string& word : conditions.not_near) warn_of_edges(at, word);
  }

 private:
  void warn_of_edges(place at, std::string_view text) {
    normaliser_.normalise(text, text_);
    if (text_.units.empty()) return;
    std::string edges(text.substr(0, text_.units.front().begin));
    edges += text.substr(text_.units.back().end);
    if (edges.empty()) return;
    warned_->add(
        file_, at,
        tell(
            "请留意：'{0}' 会按 '{1}' 匹配，判定时 '{2}' 会略去", "warning: '{0}' is matched as '{1}': '{2}' is left out of texts",
            text, text_.utf8(), edges));
  }

  complaint words(std::vector<std::string>& out, std::string_view value) {
    out = words_of(value);
    for (const std::string& word : out) {
      if (word.size() > limits::string_bytes_max)
        return tell("一个词最多 {} 字节", "a word has at most {} bytes", limits::string_bytes_max);
      normaliser_.normalise(word, text_);
      if (text_.units.empty())
        return tell(
            "'{}' 里只有符号，判定时都会略去，匹配不到任何文字",
            "'{}' has nothing but signs that are left out of texts", word);
    }
    return {};
  }

  static complaint mark(bool& out, std::string_view value) {
    out = says_yes(value);
    if (out || says_no(value)) return {};
    return tell("'{}' 既不是“是”也不是“否”", "'{}' is neither yes nor no (是 or 否)", value);
  }

  static complaint number(std::uint16_t& out, std::string_view value) {
    if (value.empty()) return {};
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
    if (error == std::errc{} && end == value.data() + value.size() && out <= within_max) return {};
    return tell(
        "'{}' 不是 0 到 {} 的字数", "'{}' is no number of characters from 0 to {}", value, within_max);
  }

  std::string_view file_;
  diagnostics& found_;
  const normaliser& normaliser_;
  diagnostics* warned_;
  std::shared_ptr<const normaliser> plain_ = normaliser::with(techniques::none()
                                                                  .with(technique::compatibility)
                                                                  .with(technique::letter_case)
                                                                  .with(technique::traditional));
  normalised_text text_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> lines_;
};

class text_reader {
 public:
  text_reader(std::string_view file, diagnostics& found, const normaliser& by, diagnostics* warned) : to_(file, found, by, warned) {}

  lexicon_category run(std::string_view text) {
    for (std::uint32_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      line(number, text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (out_.name.empty() && !named_) no_head();
    if (out_.terms.empty())
      to_.complain({}, {"没有词：在表头下面一行写一个", "no terms: write one a line under the head"});
    return std::move(out_);
  }

 private:
  void line(std::uint32_t number, std::string_view raw) {
    const std::string_view content = without_comment(raw);
    if (content.empty()) return;
    const place at{number, column_of(raw, content)};
    constexpr std::string_view wide = "：";
    if (const auto at_wide = content.find(wide); out_.terms.empty() && at_wide != std::string_view::npos) {
      const std::string_view key = trimmed(content.substr(0, at_wide));
      if (std::find(std::begin(head_keys), std::end(head_keys), key) != std::end(head_keys)) {
        to_.complain(
            {number, static_cast<std::uint32_t>(at.column + key.size())},
            tell(
                "表头的冒号要用半角：请写成 '{}: '",
                "the colon of the head is a half-width one: write '{}: '", key));
        return head(at, key, trimmed(content.substr(at_wide + wide.size())));
      }
    }
    if (const auto bar = content.find("｜"); bar != std::string_view::npos) {
      to_.complain(
          {number, column_of(raw, content.substr(bar))},
          {"竖线要用半角：请写成 '|'",
           "the bar between a term and what is said of it is a half-width one: '|'"});
      return;
    }
    const std::size_t colon = content.find(':');
    if (const auto key = trimmed(content.substr(0, colon));
        out_.terms.empty() && colon != std::string_view::npos && !is_word(key)) {
      if (const auto meant = nearest(key, head_keys); !meant.empty()) {
        to_.complain(
            at, tell(
                    "表头没有 '{}' 这一项；你是不是想写 '{}'？", "unknown key '{}'; did you mean '{}'?", key,
                    meant));
        return head(at, meant, trimmed(content.substr(colon + 1)));
      }
    }
    if (out_.terms.empty() && colon != std::string_view::npos && is_word(content.substr(0, colon))) {
      return head(at, content.substr(0, colon), trimmed(content.substr(colon + 1)));
    }
    term(number, raw, content);
  }

  void head(place at, std::string_view key, std::string_view value) {
    if (key == "category") named_ = true;
    if (value.empty()) return to_.complain(at, tell("'{}' 后面是空的", "'{}' is empty", key));
    if (key == "category" && !is_word(value)) {
      return to_.complain(
          at,
          tell(
              "'{}' 不能作词表名：只能用小写字母和 '_'；中文名写在 'zh: ' 那一行",
              "'{}' is no name: lower-case letters and '_'; its Chinese name stands behind 'zh: '", value));
    }
    if (key == "category") {
      out_.name = value;
    } else if (key == "zh") {
      out_.title.zh = value;
    } else if (key == "en") {
      out_.title.en = value;
    } else {
      unknown_ |= nearest(key, head_keys) == "category";
      to_.complain(at, tell("表头没有 '{}' 这一项{}", "unknown key '{}'{}", key, suggestion(key, head_keys)));
    }
  }

  // A misspelt 'category' has been named already.
  void no_head() {
    if (!unknown_)
      to_.complain(
          {1, 1}, {"缺少表头：第一行请写 'category: 词表名'（小写字母和 '_'）",
                   "the head is missing: begin with 'category: name'"});
  }

  /// 词 | 附近须有：a、b | 首字母
  void term(std::uint32_t number, std::string_view raw, std::string_view content) {
    const auto place_of = [&](std::string_view part) { return place{number, column_of(raw, part)}; };
    std::string_view text;
    term_conditions conditions;
    for (bool first = true; first || !content.empty(); first = false) {
      const std::size_t end = std::min(content.find_first_of("|\t"), content.size());
      const std::string_view part = trimmed(content.substr(0, end));
      if (first) {
        text = part;
      } else if (!part.empty()) {
        if (const auto wrong = said(conditions, part)) to_.complain(place_of(part), *wrong);
      }
      content.remove_prefix(std::min(end + 1, content.size()));
    }
    if (text.empty())
      return to_.complain(
          {number, 1}, {"第一个 '|' 前面没有写词", "the term is missing before the first '|'"});
    if (const auto wrong = to_.add(out_, text, conditions, number)) return to_.complain(place_of(text), *wrong);
    to_.warn(place_of(text), text, conditions);
  }

  /// `near: a, b`, `initials`, or a note.
  complaint said(term_conditions& conditions, std::string_view part) {
    constexpr std::string_view wide = "：";
    std::size_t colon = part.find(':'), length = 1;
    if (const auto at = part.find(wide); at < colon) {
      colon = at;
      length = wide.size();
    }
    const std::string_view key = trimmed(part.substr(0, colon));
    const auto what = column_named(key);
    if (what && *what != column::term && *what != column::category) {
      const std::string_view value =
          colon != std::string_view::npos ? trimmed(part.substr(colon + length)) : std::string_view{};
      if (!value.empty()) return to_.set(conditions, *what, value);
      if (colon == std::string_view::npos && (*what == column::initials || *what == column::by_sound))
        return to_.set(conditions, *what, "yes");
      return tell("'{0}' 后面是空的：写成 '{0}：…'", "'{0}' is empty: write '{0}: ...'", key);
    }
    if (colon != std::string_view::npos)
      return tell(
          "'|' 后面不能写 '{}'{}；备注请写成 '备注：…'",
          "unknown word '{}'{}; a remark is written 'note: ...'", key, suggestion(key, all_column_names()));
    conditions.note = part;
    return {};
  }

  collector to_;
  lexicon_category out_;
  bool named_ = false;
  bool unknown_ = false;
};

class table_reader {
 public:
  table_reader(std::string_view file, diagnostics& found, const normaliser& by, diagnostics* warned)
      : file_(file), found_(found), to_(file, found, by, warned) {}

  std::vector<lexicon_category> run(std::string_view text) {
    const auto rows = read_csv(text, file_, found_, lexicon_rows_max);
    if (rows.empty())
      to_.complain({}, {"没有内容：第一行写各列的名字", "no rows: the first holds the names of the columns"});
    if (rows.empty() || !head(rows.front())) return {};
    for (auto row = rows.begin() + 1; row != rows.end(); ++row) term(*row);
    if (out_.empty())
      to_.complain({}, {"没有词：在第一行下面一行写一个", "no terms: write one a row under the head"});
    return std::move(out_);
  }

 private:
  bool head(const csv_row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto name = trimmed(row[i].text);
      const auto what = column_named(name);
      if (!what && !name.empty())
        complain(
            row, i,
            tell("没有 '{}' 这一列{}", "unknown column '{}'{}", name, suggestion(name, all_column_names())));
      columns_.push_back(what);
    }
    for (const auto& [needed, name] : {std::pair{column::term, "词 (term)"}, {column::category, "类别 (category)"}}) {
      if (std::find(columns_.begin(), columns_.end(), needed) != columns_.end()) continue;
      to_.complain({row[0].row, 1}, tell("第一行缺少“{}”一列", "the first row has no column {}", name));
      return false;
    }
    return true;
  }

  void complain(const csv_row& row, std::size_t column, const bilingual& message) {
    to_.complain(
        {row[column].row, row[column].column}, tell("{}：{}", "cell {}: {}", row[column].name(), message));
  }

  void term(const csv_row& row) {
    term_conditions conditions;
    std::string_view text, category;
    std::size_t text_at = 0, category_at = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto value = trimmed(row[i].text);
      if (i >= columns_.size() || !columns_[i]) {
        if (!value.empty())
          complain(row, i, {"第一行没有给这一列写名字", "this column has no name in the first row"});
        continue;
      }
      if (*columns_[i] == column::term) {
        text = value;
        text_at = i;
      } else if (*columns_[i] == column::category) {
        category = value;
        category_at = i;
      } else if (const auto wrong = to_.set(conditions, *columns_[i], value)) {
        complain(row, i, *wrong);
      }
    }
    if (text.empty()) return complain(row, text_at, {"没有写词", "the term is missing"});
    if (!is_word(category))
      return complain(
          row, category_at,
          tell(
              "'{}' 不能作词表名：只能用小写字母和 '_'", "'{}' is no name: lower-case letters and '_'",
              category));
    if (const auto wrong = to_.add(category_named(category), text, conditions, row[0].row))
      return complain(row, text_at, *wrong);
    to_.warn({row[text_at].row, row[text_at].column}, text, conditions);
  }

  lexicon_category& category_named(std::string_view name) {
    for (auto& c : out_) {
      if (c.name == name) return c;
    }
    out_.emplace_back().name = name;
    return out_.back();
  }

  std::string_view file_;
  diagnostics& found_;
  collector to_;
  std::vector<std::optional<column>> columns_;
  std::vector<lexicon_category> out_;
};

std::vector<lexicon_category> read(
    std::string_view bytes, std::string_view file, diagnostics& found, const normaliser& by, diagnostics* warned) {
  const auto text = as_utf8(bytes);
  if (!text) {
    found.add(file, {}, text.error().both());
    return {};
  }
  if (file.ends_with(".csv")) return table_reader(file, found, by, warned).run(*text);
  std::vector<lexicon_category> out;
  out.push_back(text_reader(file, found, by, warned).run(*text));
  return out;
}

}  // namespace

std::vector<lexicon_category> read_lexicon(std::string_view bytes, std::string_view file, diagnostics& found, const normaliser& by) {
  return read(bytes, file, found, by, nullptr);
}

void warn_of_lexicon(std::string_view bytes, std::string_view file, const normaliser& by, diagnostics& warned) {
  diagnostics found;
  read(bytes, file, found, by, &warned);
}

}  // namespace zhili::policy
