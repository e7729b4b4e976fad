// SPDX-License-Identifier: Apache-2.0
#include "node/copy_source.hpp"
#include "policy/yaml.hpp"

namespace zhili::node {
namespace {

/// More than any file of a pack, or a snapshot of the register, has.
constexpr std::size_t file_bytes_max = std::size_t{1} << 30;

class folder_source final : public copy_source {
 public:
  folder_source(std::unique_ptr<scenarios::data_folder> folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  bool stands_still() const override { return true; }
  storage::partition_source& partitions() override { return folder_->log(); }

  result<std::vector<partition_facts>> list() override {
    const auto ids = folder_->log().partitions();
    if (!ids) return tl::unexpected(ids.error());
    std::vector<partition_facts> out;
    for (const partition_id id : *ids) {
      const auto extent = folder_->log().extent(id);
      if (!extent) return tl::unexpected(extent.error());
      out.push_back({id, *extent});
    }
    return out;
  }

  status texts(std::span<const digest256> hashes, const std::function<status(std::string_view)>& take) override {
    std::string text;
    for (const digest256& hash : hashes) {
      const auto found = folder_->texts().get(name_of(hash), 0, text);
      if (!found) return tl::unexpected(found.error());
      if (!*found) continue;
      if (status done = take(text); !done) return done;
    }
    return {};
  }

  result<std::vector<std::string>> files() override { return folder_->kept_files(); }
  result<std::string> file(const std::string& name) override {
    return policy::read_file(folder_->dir() / name, file_bytes_max);
  }
  result<std::map<std::string, std::string>> records() override { return folder_->records(); }

 private:
  std::unique_ptr<scenarios::data_folder> folder_;
  std::string name_;
};

}  // namespace

result<std::unique_ptr<copy_source>> copy_from_folder(const std::filesystem::path& dir) {
  auto folder = scenarios::data_folder::open(dir);
  if (!folder) return tl::unexpected(folder.error());
  return std::make_unique<folder_source>(std::move(*folder), dir.string());
}

}  // namespace zhili::node
