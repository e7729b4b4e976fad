// SPDX-License-Identifier: Apache-2.0
// Lets another pack come into force on a running node: takes its files, keeps the record, tells every partition at the time
// that was named, and watches how many verdicts change.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>

#include "actors/shell/shell.hpp"
#include "node/release_book.hpp"
#include "scenarios/trace/data_folder.hpp"

namespace zhili::node {

/// What the node demands of those who release.
struct release_rules {
  /// Somebody other than the author must approve.
  bool approval = false;
  /// Names of the CURVE keys that may release and approve. Empty: whoever may submit, where the doors have no keys.
  std::vector<std::string> keys;

  bool operator==(const release_rules&) const = default;
};

class releases {
 public:
  struct surroundings {
    release_rules rules;
    scenarios::data_folder* folder = nullptr;
    scenarios::shelf* shelves = nullptr;
    shell::shell* partitions = nullptr;
    const shell::node_clock* clock = nullptr;
    /// A line for the operator.
    std::function<void(std::string)> tell;
  };

  /// Reads the record. The first `tick` tells partitions what a kill kept from them.
  static result<std::unique_ptr<releases>> open(const surroundings& around);

  /// Body and reply of request_verb::release: docs/wire.md. `key`: name of the client's CURVE key. An error's text is in the
  /// language that the question names.
  result<std::string> answer(std::string_view body, const std::string& key);

  /// What is due takes effect, and the guard looks. Once a second.
  void tick();

 private:
  explicit releases(const surroundings& around) : around_(around) {}
  /// REQUIRES: `question` is a map.
  result<std::string> carry_out(const nlohmann::ordered_json& question, const std::string& key);
  result<std::string> take_piece(const std::string& digest, const std::string& name, std::size_t offset, std::string_view bytes);
  result<std::shared_ptr<const policy::pack>> find_or_load(const std::string& digest);
  result<std::uint32_t> enter(release_book& book, release_entry e, const std::string& key);
  /// On disk first, and only then what this node goes by.
  status keep(release_book&& changed);
  status let_due_take_effect();
  void give(const release_entry& e);
  void guard();
  std::string status_json() const;

  surroundings around_;
  mutable std::mutex mutex_;
  release_book book_;
};

}  // namespace zhili::node
