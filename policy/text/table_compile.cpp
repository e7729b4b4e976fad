// SPDX-License-Identifier: Apache-2.0
// Build tool: turns the files of policy/data into the source of the tables that text_table.hpp declares.
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "table_compile: {}\n", why);
  std::exit(1);
}

std::uint32_t code_point(const std::string& hex) {
  char* end = nullptr;
  const auto value = std::strtoul(hex.c_str(), &end, 16);
  if (end == hex.c_str() || *end != '\0' || value > 0x10FFFF) stop(fmt::format("\"{}\" is no code point", hex));
  return static_cast<std::uint32_t>(value);
}

std::vector<std::uint32_t> characters(std::string_view utf8) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t c = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(utf8.at(i + k)) & 0x3FU);
    out.push_back(c);
    i += length;
  }
  return out;
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', begin)) {
    out.push_back(line.substr(begin, tab - begin));
    begin = tab + 1;
  }
  out.push_back(line.substr(begin));
  return out;
}

class compiler {
 public:
  explicit compiler(std::string folder) : folder_(std::move(folder)) {}

  std::string run() {
    read("fold.tsv", 3, [&](const auto& c) { fold_line(c); });
    read("signs.tsv", 3, [&](const auto& c) { sign_line(c); });
    read("variants.tsv", 3, [&](const auto& c) { sign_line(c); });
    read("alike.tsv", 3, [&](const auto& c) { alike_line(c); });
    read("kinds.tsv", 3, [&](const auto& c) {
      kinds_ += fmt::format("{{0x{:X},0x{:X},'{}'}},", code_point(c[0]), code_point(c[1]), c[2]);
    });
    read("splits.tsv", 2, [&](const auto& c) { split_line(c); });
    read("parts.tsv", 2, [&](const auto& c) {
      const auto parts = characters(c[1]);
      parts_.emplace_back(characters(c[0])[0], targets_.size(), parts.size());
      targets_.insert(targets_.end(), parts.begin(), parts.end());
    });
    read("words.tsv", 2, [&](const auto& c) {
      for (const auto second : characters(c[1])) words_.push_back(bmp(characters(c[0])[0]) << 16 | bmp(second));
    });
    read("readings.tsv", 2, [&](const auto& c) { reading_line(c); });
    return source();
  }

 private:
  template <class Line>
  void read(const std::string& name, std::size_t columns, Line&& line) {
    std::ifstream in(folder_ + "/" + name, std::ios::binary);
    if (!in) stop("cannot read " + folder_ + "/" + name);
    for (std::string text; std::getline(in, text);) {
      if (text.starts_with("# ")) continue;
      all_ += text + '\n';
      const auto found = cells(text);
      if (found.size() != columns) stop(fmt::format("{}: \"{}\" has not {} columns", name, text, columns));
      line(found);
    }
  }

  static std::uint32_t bmp(std::uint32_t c) {
    if (c > 0xFFFF) stop(fmt::format("U+{:X} lies beyond the tables", c));
    return c;
  }

  void add_step(char what, std::uint32_t from, const std::vector<std::uint32_t>& to) {
    steps_.emplace_back(from, what, targets_.size(), to.size());
    targets_.insert(targets_.end(), to.begin(), to.end());
  }

  void fold_line(const std::vector<std::string>& c) {
    std::vector<std::uint32_t> to;
    for (std::size_t at = 0; at < c[2].size();) {
      const auto end = std::min(c[2].find(' ', at), c[2].size());
      to.push_back(code_point(c[2].substr(at, end - at)));
      at = end + 1;
    }
    add_step(c[0].at(0), code_point(c[1]), to);
  }

  void sign_line(const std::vector<std::string>& c) {
    for (const auto from : characters(c[1])) add_step(c[0].at(0), from, characters(c[2]));
  }

  void alike_line(const std::vector<std::string>& c) {
    if (c[0] == "v") return sign_line(c);
    const auto to = characters(c[2])[0];
    for (const auto from : characters(c[1])) {
      if (c[0] == "?") {
        similars_.emplace_back(from, 0, to);
      } else {
        for (const auto beside : characters(c[0])) similars_.emplace_back(from, beside, to);
      }
    }
  }

  void split_line(const std::vector<std::string>& c) {
    const bool sure = !c[0].starts_with('?');
    const auto halves = characters(sure ? c[0] : c[0].substr(1));
    if (halves.size() != 2) stop(fmt::format("\"{}\" is not two halves", c[0]));
    splits_.emplace_back(halves[0], halves[1], characters(c[1])[0], sure);
  }

  void reading_line(const std::vector<std::string>& c) {
    const bool second = c[0].starts_with('+');
    const auto syllable = second ? c[0].substr(1) : c[0];
    if (syllable.size() > 6) stop(fmt::format("\"{}\" is no syllable", syllable));
    const auto number = syllables_.try_emplace(syllable, syllables_.size() + 1).first->second;
    for (const auto character : characters(c[1])) {
      if (character < 0x4E00 || character > 0x9FFF) continue;
      if (second) {
        others_.emplace_back(character, number);
      } else {
        readings_[character - 0x4E00] = number;
      }
    }
  }

  std::string source() {
    std::sort(steps_.begin(), steps_.end());
    std::sort(splits_.begin(), splits_.end());
    std::sort(words_.begin(), words_.end());
    std::sort(others_.begin(), others_.end());
    std::sort(similars_.begin(), similars_.end());
    std::sort(parts_.begin(), parts_.end());
    std::string steps, splits, others, similars, parts;
    for (const auto& [whole, begin, count] : parts_) parts += fmt::format("{{0x{:X},{},{}}},", whole, begin, count);
    for (const auto& [from, beside, to] : similars_) similars += fmt::format("{{0x{:X},0x{:X},0x{:X}}},", from, to, beside);
    for (const auto& [from, what, begin, count] : steps_)
      steps += fmt::format("{{0x{:X},{},{},'{}'}},", from, begin, count, what);
    for (const auto& [a, b, whole, sure] : splits_) splits += fmt::format("{{0x{:X},0x{:X},0x{:X},{}}},", a, b, whole, sure);
    for (const auto& [character, number] : others_) others += fmt::format("{{0x{:X},{}}},", character, number);
    std::vector<std::string> names(syllables_.size() + 1, "{}");
    for (const auto& [name, number] : syllables_) {
      auto padded = name;
      padded.resize(7);
      names[number] = fmt::format("{{{},{}}}", fmt::join(std::vector<int>(padded.begin(), padded.end()), ","), name.size());
    }
    return fmt::format(
        "#include \"policy/text/text_table.hpp\"\n"
        "namespace zhili::policy::table {{\n"
        "const std::uint64_t digest = 0x{:016x}U;\n"
        "static const step steps_[] = {{{}}};\nconst std::span<const step> steps = steps_;\n"
        "const std::uint32_t targets[] = {{{}}};\n"
        "static const kind_range kinds_[] = {{{}}};\nconst std::span<const kind_range> kinds = kinds_;\n"
        "static const split splits_[] = {{{}}};\nconst std::span<const split> splits = splits_;\n"
        "static const spelled_out parts_[] = {{{}}};\nconst std::span<const spelled_out> parts = parts_;\n"
        "static const similar similars_[] = {{{}}};\nconst std::span<const similar> similars = similars_;\n"
        "static const std::uint32_t words_[] = {{{}}};\nconst std::span<const std::uint32_t> word_pairs = words_;\n"
        "const std::uint16_t readings[han_last - han_first + 1] = {{{}}};\n"
        "static const other_reading others_[] = {{{}}};\nconst std::span<const other_reading> other_readings = others_;\n"
        "const char syllables[][8] = {{{}}};\nconst std::uint16_t syllable_count = {};\n"
        "}}  // namespace zhili::policy::table\n",
        XXH3_64bits(all_.data(), all_.size()), steps, fmt::join(targets_, ","), kinds_, splits, parts, similars, fmt::join(words_, ","),
        fmt::join(readings_, ","), others, fmt::join(names, ","), names.size());
  }

  std::string folder_;
  std::string all_;
  std::vector<std::tuple<std::uint32_t, char, std::size_t, std::size_t>> steps_;
  std::vector<std::uint32_t> targets_;
  std::string kinds_;
  std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, bool>> splits_;
  std::vector<std::uint32_t> words_;
  std::vector<std::tuple<std::uint32_t, std::size_t, std::size_t>> parts_;
  std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> similars_;
  std::map<std::string, std::size_t> syllables_;
  std::vector<std::size_t> readings_ = std::vector<std::size_t>(0x9FFF - 0x4E00 + 1);
  std::vector<std::pair<std::uint32_t, std::size_t>> others_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) stop("usage: table_compile DATA_FOLDER OUT.cpp");
  std::ofstream out(argv[2], std::ios::binary);
  out << compiler(argv[1]).run();
  return out.flush() ? 0 : 1;
}
