// SPDX-License-Identifier: Apache-2.0
#include <simdjson.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "policy/yaml.hpp"
#include "policy/yaml_slips.hpp"
#include "policy/yaml_tree.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {

place yaml_tree::place_of(std::size_t offset) const {
  const auto next = std::upper_bound(lines.begin(), lines.end(), offset);
  const std::size_t line = static_cast<std::size_t>(next - lines.begin());
  const std::size_t begin = line == 0 ? 0 : lines[line - 1];
  std::uint32_t column = 1;
  for (std::size_t i = begin; i < offset && i < source.size(); ++i) {
    if ((static_cast<unsigned char>(source[i]) & 0xc0) != 0x80) ++column;
  }
  return {static_cast<std::uint32_t>(line), column};
}

std::size_t yaml_tree::offset_of(int line, int column) const {
  if (line < 0 || static_cast<std::size_t>(line) >= lines.size()) return source.size();
  return std::min(
      lines[static_cast<std::size_t>(line)] + static_cast<std::size_t>(std::max(column, 0)), source.size());
}

namespace {

// yaml-cpp's words are for programmers, and where it stops is often a line below the slip.
void add_syntax_error(const yaml_tree& tree, int line, int column, std::string_view said) {
  if (auto slip = find_slip(tree, static_cast<std::size_t>(std::max(line, 0))))
    return tree.found->add(tree.name, slip->at, std::move(slip->message));
  tree.found->add(
      tree.name, tree.place_of(tree.offset_of(line, column)),
      tell(
          "读不懂这里的格式（{}）：看看这一行和上一行的缩进、冒号、括号和引号",
          "this does not read as YAML ({}): look at the indentation, colons, brackets and quotes of this "
          "line and "
          "the one above",
          parser_words(said)));
}

// Ends the parse from inside yaml-cpp's callbacks; caught in parse(), goes no further.
struct refused {};

// Builds our own tree from the parser's events: YAML::Node would share aliases, keep only one of two equal
// keys and forget where keys stand.
class builder : public YAML::EventHandler {
 public:
  explicit builder(yaml_tree& tree) : tree_(tree) {}

  bool documents_seen() const { return documents_ > 0; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    // A line that stands too far left ends the document too.
    const std::string_view here =
        std::string_view(tree_.source).substr(tree_.offset_of(mark.line, mark.column));
    if (!here.starts_with("---")) {
      add_syntax_error(tree_, mark.line, mark.column, "end of map not found");
      throw refused{};
    }
    refuse(
        mark, {"一个文件里只能有一份内容：第一行以后不能有 '---'",
               "only one document a file: no '---' after the first line"});
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, anchor, yaml_kind::empty); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }
  void OnScalar(
      const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
      const std::string& value) override {
    refuse_tag(mark, tag);
    add(mark, anchor, yaml_kind::single).text = value;
  }
  void OnSequenceStart(
      const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
      YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(mark, add(mark, anchor, yaml_kind::list));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(
      const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
      YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(mark, add(mark, anchor, yaml_kind::map));
  }
  void OnMapEnd() override {
    check_keys(*open_.back());
    open_.pop_back();
  }

 private:
  [[noreturn]] void refuse(const YAML::Mark& mark, bilingual message) {
    tree_.found->add(tree_.name, tree_.place_of(tree_.offset_of(mark.line, mark.column)), std::move(message));
    throw refused{};
  }
  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) {
    refuse(
        mark, {"以 '&' 或 '*' 开头的值要放进引号（YAML 的锚点和引用在这里不能用）",
               "anchors and aliases ('&name', '*name') are not read here: write the value out"});
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    // "?" and "!" are how yaml-cpp says plain and quoted.
    if (!tag.empty() && tag != "?" && tag != "!")
      refuse(
          mark, {"以 '!' 开头的值要整句放进单引号，如 when: '!low'",
                 "a value that begins with '!' stands in quotes, as in when: '!low'"});
  }

  yaml_value& add(const YAML::Mark& mark, YAML::anchor_t anchor, yaml_kind kind) {
    if (anchor != 0) refuse_anchor(mark);
    if (++nodes_ > yaml_nodes_max)
      refuse(mark, tell("一个文件里超过了 {} 个值", "more than {} values in one file", yaml_nodes_max));
    yaml_value* target = &tree_.root;
    if (!open_.empty()) {
      yaml_value& parent = *open_.back();
      target = &parent.members.emplace_back();
      const bool is_key = parent.kind == yaml_kind::map && parent.members.size() % 2 == 1;
      if (is_key && kind != yaml_kind::single) refuse_key(mark);
    }
    target->kind = kind;
    target->offset = tree_.offset_of(mark.line, mark.column);
    // An empty value has no place of its own; its key's is where the writer looks.
    if (kind == yaml_kind::empty && !open_.empty() && open_.back()->kind == yaml_kind::map) {
      target->offset = open_.back()->members[open_.back()->members.size() - 2].offset;
    }
    return *target;
  }

  // Only the innermost open value grows, so the addresses on this stack hold.
  void open(const YAML::Mark& mark, yaml_value& value) {
    if (open_.size() == yaml_depth_max)
      refuse(mark, tell("嵌套超过 {} 层", "nested deeper than {} levels", yaml_depth_max));
    open_.push_back(&value);
  }

  void check_keys(const yaml_value& map) {
    std::vector<const yaml_value*> keys;
    for (std::size_t i = 0; i < map.members.size(); i += 2) keys.push_back(&map.members[i]);
    std::stable_sort(
        keys.begin(), keys.end(), [](const auto* a, const auto* b) { return a->text < b->text; });
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i - 1]->text != keys[i]->text) continue;
      const place first = tree_.place_of(keys[i - 1]->offset);
      tree_.found->add(
          tree_.name, tree_.place_of(keys[i]->offset),
          tell(
              "'{}' 写了两次，第一次在第 {} 行", "'{}' stands here twice, first in line {}", keys[i]->text,
              first.line));
    }
    for (std::size_t i = 0; i + 1 < map.members.size(); i += 2)
      check_colon(map.members[i], map.members[i + 1]);
  }

  [[noreturn]] void refuse_key(const YAML::Mark& mark) {
    if (auto slip = find_slip(tree_, static_cast<std::size_t>(std::max(mark.line, 0)))) {
      tree_.found->add(tree_.name, slip->at, std::move(slip->message));
      throw refused{};
    }
    refuse(mark, {"冒号前面必须是一个词", "a key must be one word"});
  }

  // {audience:minors} is a key of that name to YAML, and a slip to people.
  void check_colon(const yaml_value& key, const yaml_value& value) {
    if (value.kind != yaml_kind::empty) return;
    constexpr std::string_view wide = "：";
    const std::size_t narrow_at = key.text.find(':'), wide_at = key.text.find(wide);
    if (narrow_at == std::string::npos && wide_at == std::string::npos) return;
    const std::size_t at = std::min(narrow_at, wide_at);
    std::string_view behind = std::string_view(key.text).substr(at + (narrow_at < wide_at ? 1 : wide.size()));
    while (behind.starts_with(' ')) behind.remove_prefix(1);
    tree_.found->add(
        tree_.name, tree_.place_of(key.offset),
        tell(
            "冒号要用半角的，后面空一格：请写成 '{0}: {1}'",
            "a half-width colon and a space separate a name and its value: write '{0}: {1}'",
            key.text.substr(0, at), behind));
    throw refused{};
  }

  yaml_tree& tree_;
  std::vector<yaml_value*> open_;
  std::size_t nodes_ = 0;
  std::size_t documents_ = 0;
};

bool valid_utf8(const yaml_tree& tree) {
  std::size_t first = 0, count = 0;
  for (std::size_t i = 0; i < tree.lines.size(); ++i) {
    const std::size_t begin = tree.lines[i];
    const std::size_t end = i + 1 < tree.lines.size() ? tree.lines[i + 1] : tree.source.size();
    if (simdjson::validate_utf8(tree.source.data() + begin, end - begin)) continue;
    if (count++ == 0) first = i + 1;
  }
  if (count == 0) return true;
  tree.found->add(
      tree.name, {static_cast<std::uint32_t>(first), 1},
      count == 1 ? bilingual{"这一行不是 UTF-8 编码：请把文件另存为 UTF-8", "this line is not UTF-8: save the file as UTF-8"}
                 : tell(
                       "这一行和另外 {} 行不是 UTF-8 编码：请把文件另存为 UTF-8",
                       "this line and {} others are not UTF-8: save the file as UTF-8", count - 1));
  return false;
}

}  // namespace

std::optional<yaml_document> yaml_document::parse(
    std::string text, std::string_view name, diagnostics& found) {
  auto tree = std::make_shared<yaml_tree>();
  tree->name = name;
  tree->found = &found;
  if (text.size() > yaml_bytes_max) {
    found.add(name, {}, tell("文件超过 {} 字节", "larger than {} bytes", yaml_bytes_max));
    return std::nullopt;
  }
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  tree->source = std::move(text);
  tree->lines.push_back(0);
  for (std::size_t i = 0; i < tree->source.size(); ++i) {
    if (tree->source[i] == '\n') tree->lines.push_back(i + 1);
  }
  if (!valid_utf8(*tree)) return std::nullopt;

  const std::size_t before = found.size();
  builder events(*tree);
  try {
    std::istringstream in(tree->source);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const refused&) {
    return std::nullopt;
  } catch (const YAML::ParserException& e) {
    add_syntax_error(*tree, e.mark.line, e.mark.column, e.msg);
    return std::nullopt;
  }
  if (!events.documents_seen()) {
    if (found.size() == before) found.add(name, {}, {"文件是空的", "the file is empty"});
    return std::nullopt;
  }
  return yaml_document(std::move(tree));
}

std::optional<yaml_document> yaml_document::read(
    const std::filesystem::path& path, std::string_view name, diagnostics& found) {
  auto text = read_file(path, yaml_bytes_max);
  if (!text) {
    found.add(name, {}, text.error().both());
    return std::nullopt;
  }
  return parse(std::move(*text), name, found);
}

yaml_node yaml_document::root() const {
  return {*tree_, tree_->root, {}};
}

result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return fail(
        errc::not_found, bilingual{"文件打不开：没有这个文件，或没有权限", "the file cannot be opened"});
  std::string text;
  char buffer[64 * 1024];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > bytes_max)
      return fail(errc::too_large, tell("文件超过 {} 字节", "larger than {} bytes", bytes_max));
  }
  if (in.bad()) return fail(errc::io, bilingual{"文件读不出来", "the file cannot be read"});
  return text;
}

}  // namespace zhili::policy
