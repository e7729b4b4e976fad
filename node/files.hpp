// SPDX-License-Identifier: Apache-2.0
// Finds scenarios and packs by name: beside the working directory, beside the program, or where a package puts them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "policy/pack.hpp"
#include "protocols/types/result.hpp"

namespace zhili::node {

/// A scenario by name (`smoke`) or file. not_found names what there is.
result<std::filesystem::path> find_scenario(const std::string& name);
/// A pack by name (`baseline-2021`) or folder.
result<std::filesystem::path> find_pack(const std::string& name);

/// The same, read.
result<std::shared_ptr<const policy::pack>> load_pack(const std::string& name);

}  // namespace zhili::node
