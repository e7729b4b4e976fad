// SPDX-License-Identifier: Apache-2.0
#include "policy/pack_files.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "policy/lexicon.hpp"
#include "policy/scorecard.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t files_max = 1'000;

}  // namespace

std::string source_file::stem() const { return std::filesystem::path(path).stem().string(); }

std::string pack_files::shown(std::string_view path) const { return (std::filesystem::path(dir_) / path).string(); }

pack_files::pack_files(std::string dir, diagnostics& found) : dir_(std::move(dir)), found_(found) {
  take("pack.yaml", yaml_bytes_max);
  take_folder("counters", {".yaml"}, yaml_bytes_max);
  take_folder("lexicons", {".csv", ".txt"}, lexicon_bytes_max);
  take_folder("rules", {".yaml"}, yaml_bytes_max);
  take_folder("scorecards", {".txt"}, scorecard_bytes_max);
  take_folder("tables", {".csv", ".yaml"}, yaml_bytes_max);
  std::sort(files_.begin(), files_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

void pack_files::take(std::string path, std::size_t bytes_max) {
  if (files_.size() == files_max)
    return found_.add(
        shown(path), {}, tell("一个规则包里超过 {} 个文件", "more than {} files in one pack", files_max));
  auto text = read_file(shown(path), bytes_max);
  if (!text) return found_.add(shown(path), {}, text.error().both());
  files_.push_back({std::move(path), std::move(*text)});
}

void pack_files::take_folder(
    std::string_view folder, std::vector<std::string_view> extensions, std::size_t bytes_max) {
  std::error_code ec;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(shown(folder), ec))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    const std::string name = path.filename().string();
    if (name.starts_with('.') || name.ends_with('~')) continue;
    if (std::find(extensions.begin(), extensions.end(), path.extension().string()) != extensions.end()) {
      take(fmt::format("{}/{}", folder, name), bytes_max);
    } else {
      found_.add(
          path.string(), {},
          tell(
              "这个文件夹里只放 '{}' 文件：请改名或移走", "files here end in '{}': rename it or move it away",
              bilingual{
                  fmt::format("{}", fmt::join(extensions, "' 或 '")),
                  fmt::format("{}", fmt::join(extensions, "' or '"))}));
    }
  }
}

digest256 pack_files::digest() const {
  std::string all;
  const auto put = [&](std::string_view part) {
    for (int byte = 0; byte < 8; ++byte) all += static_cast<char>(part.size() >> (8 * byte) & 0xff);
    all += part;
  };
  for (const source_file& f : files_) {
    put(f.path);
    put(f.text);
  }
  return blake2b_256(as_bytes_view(all));
}

}  // namespace zhili::policy
