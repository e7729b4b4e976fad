// SPDX-License-Identifier: Apache-2.0
// Names that rules may lean on though the file that should give them could not be read. Its slip is reported where it
// stands; what leans on it shall not be.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "policy/yaml.hpp"

namespace zhili::policy {

class lost_names {
 public:
  /// Every word of a file of which nothing more is known, Chinese ones too: a name stands between signs or blanks.
  void add_text(std::string_view text);
  /// Every key below the node, however deep: what stands there may stand at the wrong place.
  void add_keys(const yaml_node& node);
  void add(std::string_view name) { names_.emplace(name); }
  /// The file is not there: any name may be one of it.
  void add_all() { all_ = true; }

  bool hold(std::string_view name) const {
    return all_ || names_.find(name) != names_.end();
  }

 private:
  bool all_ = false;
  std::set<std::string, std::less<>> names_;
};

}  // namespace zhili::policy
