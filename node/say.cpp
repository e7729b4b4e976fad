// SPDX-License-Identifier: Apache-2.0
#include "node/say.hpp"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace zhili::node {

void say(const char* level, const std::string& node, const std::string& what) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const nlohmann::ordered_json line{{"at", std::chrono::duration_cast<std::chrono::milliseconds>(now).count()},
                                    {"level", level},
                                    {"node", node},
                                    {"says", what}};
  const std::string text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  std::fputs(text.c_str(), stderr);
}

}  // namespace zhili::node
