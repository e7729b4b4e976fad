// SPDX-License-Identifier: Apache-2.0
#include "node/files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {

namespace fs = std::filesystem;

namespace {

/// Roots that may hold `scenarios/data` and `packs`.
std::vector<fs::path> roots() {
  std::error_code ec;
  std::vector<fs::path> out{fs::current_path(ec)};
  const fs::path self = fs::read_symlink("/proc/self/exe", ec);
  if (!ec) {
    out.push_back(self.parent_path().parent_path());
    out.push_back(self.parent_path().parent_path() / "share" / "zhili");
  }
  return out;
}

result<fs::path> find(
    const std::string& name, const fs::path& folder, std::string_view ending, const bilingual_view& what) {
  std::error_code ec;
  if (name.find('/') != std::string::npos || fs::exists(name, ec)) {
    if (fs::exists(name, ec)) return fs::path{name};
    return fail(
        errc::not_found, tell("{1} 不是{0}：没有这个文件夹或文件", "there is no {0} at {1}", what, name));
  }
  std::vector<std::string> known;
  for (const fs::path& root : roots()) {
    const fs::path at = root / folder / (name + std::string(ending));
    if (fs::exists(at, ec)) return at;
    for (const auto& entry : fs::directory_iterator(root / folder, ec)) {
      if (entry.path().extension() == ending) known.push_back(entry.path().stem());
    }
  }
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const std::vector<std::string_view> views(known.begin(), known.end());
  return fail(
      errc::not_found, tell(
                           "没有叫 '{1}' 的{0}{2}", "there is no {0} named '{1}'{2}", what, name,
                           policy::suggestion(name, views)));
}

}  // namespace

result<fs::path> find_scenario(const std::string& name) {
  return find(name, fs::path("scenarios") / "data", ".yaml", {"场景", "scenario"});
}
result<fs::path> find_pack(const std::string& name) {
  return find(name, "packs", "", {"规则包", "pack"});
}

result<std::shared_ptr<const policy::pack>> load_pack(const std::string& name) {
  const auto folder = find_pack(name);
  if (!folder) return tl::unexpected(folder.error());
  return policy::pack::load(*folder);
}

}  // namespace zhili::node
