// SPDX-License-Identifier: Apache-2.0
#include "tests/structure/rules.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>

namespace zhili::structure {
namespace {

/// Words with one blank between them.
using words = std::string_view;

/// A folder of the house, and the folders and headers outside it that its files may include.
struct room {
  std::string_view folder;
  words needs;
};

constexpr room rooms[] = {
    {"protocols", ""},
    {"policy", "protocols"},
    {"storage", "protocols"},
    {"actors", "protocols policy storage/partition_log.hpp storage/content_store.hpp"},
    {"scenarios", "protocols policy storage actors"},
    {"node", "protocols policy storage actors scenarios"},
    {"bench", "protocols policy storage actors scenarios node"},
    {"tests", "protocols policy storage actors scenarios node bench"},
};

/// Headers, by how their names begin, that only files whose paths begin in one of `homes` may include.
struct reserved {
  std::string_view header;
  words homes;
  std::string_view rule;
};

constexpr reserved reserves[] = {
    {"caf/", "actors/shell/ node/ bench/ tests/", "CAF is known by actors/shell and node alone"},
    {"zmq", "node/link/ bench/ tests/", "ZeroMQ is known by node/link alone"},
    {"restinio/", "node/http/", "RESTinio is known by node/http alone"},
    {"leveldb/", "storage/leveldb_store. bench/ tests/", "LevelDB is known by storage/leveldb_store.* alone"},
    // A trace's bodies go to JSON and back through the schemas' own reflection: a codec of all workflows at once.
    {"flatbuffers/", "protocols/ actors/ scenarios/trace/body_codec. scenarios/trace/named_codec. bench/ tests/",
     "FlatBuffers is known by protocols and the codecs alone"},
    {"scenarios/world/truth.hpp", "scenarios/ tests/", "ground truth is for scenarios and tests alone"},
};

// policy and the workflows decide: the same everywhere and at every time, so these are out of their reach.
constexpr words deciding = "policy/ actors/";
// Build tools decide nothing, and the shell is CAF's side of an actor.
constexpr words not_deciding = "policy/tools/ policy/text/table_compile.cpp actors/shell/";
constexpr words clock_names =
    "system_clock steady_clock high_resolution_clock utc_clock random_device mt19937 mt19937_64 "
    "default_random_engine rand srand getenv";
constexpr words clock_headers =
    "thread mutex shared_mutex condition_variable future semaphore latch barrier random ctime time.h "
    "pthread.h";
constexpr words file_headers = "fstream iostream filesystem cstdio stdio.h unistd.h fcntl.h";
// The loader of packs: policy's one way to the disk.
constexpr words file_homes = "policy/pack.hpp policy/pack_files. policy/yaml";

constexpr words counted_extensions = ".cpp .hpp .h .fbs .cmake .sh";
constexpr std::size_t lines_max = 500;

/// The first of `list` that `holds` is true of; empty if none.
template <class Predicate>
std::string_view first_of(words list, Predicate holds) {
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    if (holds(list.substr(0, end))) return list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return {};
}

bool contains(words list, std::string_view word) {
  return !first_of(list, [&](std::string_view one) { return one == word; }).empty();
}

bool begins_with_any(std::string_view text, words beginnings) {
  return !first_of(beginnings, [&](std::string_view one) { return text.starts_with(one); }).empty();
}

std::string_view first_part(std::string_view path) {
  return path.substr(0, path.find('/'));
}

/// The room that a path lies in; null for a path outside the house.
const room* room_of(std::string_view path) {
  const auto* found = std::find_if(
      std::begin(rooms), std::end(rooms), [&](const room& one) { return one.folder == first_part(path); });
  return found == std::end(rooms) ? nullptr : found;
}

bool decides(std::string_view path) {
  return begins_with_any(path, deciding) && !begins_with_any(path, not_deciding);
}

struct include {
  std::string_view header;
  bool quoted = false;
};

std::string_view skip_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

std::optional<include> read_include(std::string_view line) {
  line = skip_blanks(line);
  if (!line.starts_with('#')) return std::nullopt;
  line = skip_blanks(line.substr(1));
  if (!line.starts_with("include")) return std::nullopt;
  line = skip_blanks(line.substr(7));
  if (line.empty() || (line[0] != '"' && line[0] != '<')) return std::nullopt;
  const bool quoted = line[0] == '"';
  line.remove_prefix(1);
  const auto end = line.find(quoted ? '"' : '>');
  if (end == line.npos) return std::nullopt;
  return include{line.substr(0, end), quoted};
}

/// The rule that `path` breaks by including `one`; empty if none.
std::string broken_by(std::string_view path, include one) {
  const auto header = one.header;
  for (const auto& kept : reserves)
    if (header.starts_with(kept.header) && !begins_with_any(path, kept.homes)) return std::string(kept.rule);

  const auto* own = room_of(path);
  if (const auto* target = room_of(header)) {
    if (own && own != target && !contains(own->needs, header) && !contains(own->needs, target->folder))
      return std::string(own->folder) + " must not include " + std::string(header);
  } else if (one.quoted) {
    return "a quoted include is a path from the root, and " + std::string(header) + " is none";
  }

  if (decides(path)) {
    if (contains(clock_headers, header)) return "what decides knows no clock, chance or thread";
    if (contains(file_headers, header) && !begins_with_any(path, file_homes))
      return "what decides does no input or output";
  }
  return {};
}

/// `line` without comments; `inside` says whether a block comment is open before and after it.
std::string without_comments(std::string_view line, bool& inside) {
  std::string code;
  bool in_string = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto pair = line.substr(at, 2);
    if (inside) {
      if (pair == "*/") inside = false, ++at;
    } else if (in_string && line[at] == '\\') {
      code += line[at++];
    } else if (!in_string && pair == "//") {
      break;
    } else if (!in_string && pair == "/*") {
      inside = true, ++at;
    } else {
      in_string ^= line[at] == '"';
      code += line[at];
    }
  }
  return code;
}

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// The first of `clock_names` that stands in `code` as a whole name; empty if none.
std::string_view clock_name_in(std::string_view code) {
  return first_of(clock_names, [&](std::string_view name) {
    for (auto at = code.find(name); at != code.npos; at = code.find(name, at + 1)) {
      const auto end = at + name.size();
      if ((at == 0 || !is_name_char(code[at - 1])) && (end == code.size() || !is_name_char(code[end])))
        return true;
    }
    return false;
  });
}

std::string read_all(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::vector<violation> check_file(std::string_view path, std::string_view text) {
  std::vector<violation> found;
  std::size_t number = 0;
  bool in_comment = false;
  while (!text.empty()) {
    ++number;
    const auto end = std::min(text.find('\n'), text.size());
    const auto code = without_comments(text.substr(0, end), in_comment);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (const auto one = read_include(code)) {
      if (auto rule = broken_by(path, *one); !rule.empty())
        found.push_back({std::string(path), number, rule});
    } else if (decides(path)) {
      if (const auto name = clock_name_in(code); !name.empty())
        found.push_back({std::string(path), number, "what decides knows no " + std::string(name)});
    }
  }
  if (number > lines_max)
    found.push_back(
        {std::string(path), 0,
         std::to_string(number) + " lines, and " + std::to_string(lines_max) + " are the most"});
  return found;
}

inspection check_tree(const std::filesystem::path& root) {
  std::vector<std::string> paths;
  for (const auto& one : rooms) {
    const auto folder = root / one.folder;
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && contains(counted_extensions, entry.path().extension().string()))
        paths.push_back(std::filesystem::relative(entry.path(), root).generic_string());
  }
  std::sort(paths.begin(), paths.end());

  inspection result;
  for (const auto& path : paths) {
    ++result.files;
    auto found = check_file(path, read_all(root / path));
    std::move(found.begin(), found.end(), std::back_inserter(result.violations));
  }
  return result;
}

}  // namespace zhili::structure
