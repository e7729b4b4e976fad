// SPDX-License-Identifier: Apache-2.0
// A pack in a folder of its own that goes when the test ends, begun with the least that loads.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "policy/pack.hpp"

namespace zhili::policy {

inline constexpr std::string_view least_head = "name: trial\nversion: 3\ntitle: {zh: 试, en: trial}\n";

/// A rule with everything that is required; `body` adds `match`, `when`, `then` and what else it likes.
inline std::string rule_text(std::string_view id, std::string_view body) {
  std::string out = "- id: " + std::string(id) +
                    "\n  title: {zh: 题, en: title}\n  level: medium\n  reason: {zh: 因, en: reason}\n";
  if (body.find("basis:") == std::string_view::npos) {
    out += "  basis: [{statute: 广告法, article: \"9\", valid_from: 2015-09-01}]\n";
  }
  return out + std::string(body);
}

class pack_on_disk {
 public:
  pack_on_disk() {
    static int count = 0;
    dir_ = std::filesystem::temp_directory_path() /
           ("zhili-pack-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::filesystem::remove_all(dir_);
    write("pack.yaml", least_head);
  }
  ~pack_on_disk() { std::filesystem::remove_all(dir_); }
  pack_on_disk(const pack_on_disk&) = delete;
  pack_on_disk& operator=(const pack_on_disk&) = delete;

  pack_on_disk& write(std::string_view name, std::string_view text) {
    std::filesystem::create_directories((dir_ / name).parent_path());
    std::ofstream(dir_ / name, std::ios::binary) << text;
    return *this;
  }

  const std::filesystem::path& dir() const { return dir_; }
  result<std::shared_ptr<const pack>> load() const { return pack::load(dir_); }

  /// The diagnostics without the folder, "" where the pack loads.
  std::string errors() const { return both().en; }
  std::string errors_zh() const { return both().zh; }

 private:
  bilingual both() const {
    const auto loaded = load();
    if (loaded) return {};
    const bilingual said = loaded.error().both();
    return {short_names(said.zh), short_names(said.en)};
  }

  std::string short_names(std::string text) const {
    const std::string prefix = dir_.string() + "/";
    for (std::size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

  std::filesystem::path dir_;
};

}  // namespace zhili::policy
