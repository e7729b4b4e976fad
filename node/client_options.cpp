// SPDX-License-Identifier: Apache-2.0
#include "node/client_options.hpp"

namespace zhili::node {

void add_client(po::options_description& options) {
  options.add_options()("to", po::value<std::string>(), "the gateway, as tcp://127.0.0.1:7600")(
      "key", po::value<std::string>(), "secret key file of this client (`zhili keygen`), where the gateway asks for one")(
      "server-key", po::value<std::string>(), "public key file of the gateway");
}

result<client_options> client_options_of(const po::variables_map& values) {
  client_options c;
  if (!values.count("to")) return fail(errc::bad_argument, "--to is missing: where is the gateway, as tcp://127.0.0.1:7600");
  c.endpoint = values["to"].as<std::string>();
  if (values.count("key") != values.count("server-key")) {
    return fail(errc::bad_argument, "--key and --server-key go together");
  }
  if (values.count("key")) {
    c.secret_key = values["key"].as<std::string>();
    c.public_key = std::filesystem::path(c.secret_key).replace_extension(".public");
    c.server_key = values["server-key"].as<std::string>();
  }
  return c;
}

}  // namespace zhili::node
