// SPDX-License-Identifier: Apache-2.0
#include "node/client_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr bilingual_view to_missing{
    "没有写 --to：入口在哪里，如 tcp://127.0.0.1:7600", "--to is missing: where is the gateway, as tcp://127.0.0.1:7600"};
constexpr bilingual_view keys_together{"--key 和 --server-key 要一起写", "--key and --server-key go together"};

void add_key(po::options_description& options, const words& say = {}) {
  options.add_options()(
      "key", po::value<std::string>(),
      say("这个客户端的私钥文件（`zhili keygen`），入口要求时才用", "secret key file of this client (`zhili keygen`), where the gateway asks for one"));
}

void use_keys(client_options& c, const std::string& secret, const std::string& server) {
  c.secret_key = secret;
  c.public_key = std::filesystem::path(secret).replace_extension(".public");
  c.server_key = server;
}

}  // namespace

void add_client(po::options_description& options) {
  options.add_options()("to", po::value<std::string>(), "the gateway, as tcp://127.0.0.1:7600");
  add_key(options);
  options.add_options()("server-key", po::value<std::string>(), "public key file of the gateway");
}

result<client_options> client_options_of(const po::variables_map& values) {
  client_options c;
  if (!values.count("to")) return fail(errc::bad_argument, to_missing);
  c.endpoint = values["to"].as<std::string>();
  if (values.count("key") != values.count("server-key")) {
    return fail(errc::bad_argument, keys_together);
  }
  if (values.count("key")) use_keys(c, values["key"].as<std::string>(), values["server-key"].as<std::string>());
  return c;
}

void add_clients(po::options_description& options, const words& say) {
  using many = std::vector<std::string>;
  options.add_options()(
      "to", po::value<many>()->composing(),
      say("节点的入口，如 tcp://127.0.0.1:7600；有几个节点就写几次", "a node's gateway, as tcp://127.0.0.1:7600; again for each node that hosts a part"));
  add_key(options, say);
  options.add_options()(
      "server-key", po::value<many>()->composing(), say("入口的公钥文件；有几个 --to 就按顺序写几个", "public key file of the gateway; with several --to one for each, in their order"));
}

result<std::vector<client_options>> clients_options_of(const po::variables_map& values) {
  using many = std::vector<std::string>;
  if (!values.count("to")) return fail(errc::bad_argument, to_missing);
  const many& to = values["to"].as<many>();
  const many keys = values.count("server-key") ? values["server-key"].as<many>() : many{};
  if (values.count("key") != (keys.empty() ? 0u : 1u)) return fail(errc::bad_argument, keys_together);
  if (!keys.empty() && keys.size() != to.size()) {
    return fail(
        errc::bad_argument,
        tell(
            "--server-key：{} 个对 {} 个 --to；每个 --to 按顺序写一个", "--server-key: {} are given for {} --to; give one for each, in their order",
            keys.size(), to.size()));
  }
  std::vector<client_options> out;
  for (std::size_t n = 0; n < to.size(); ++n) {
    if (std::find(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(n), to[n]) != to.begin() + static_cast<std::ptrdiff_t>(n)) {
      return fail(errc::bad_argument, tell("--to {} 写了两次", "--to {} is given twice", to[n]));
    }
    client_options& c = out.emplace_back();
    c.endpoint = to[n];
    if (!keys.empty()) use_keys(c, values["key"].as<std::string>(), keys[n]);
  }
  return out;
}

result<std::vector<std::unique_ptr<client>>> connect_all(const std::vector<client_options>& to) {
  std::vector<std::unique_ptr<client>> out;
  for (const client_options& o : to) {
    auto c = client::connect(o);
    if (!c) return tl::unexpected(c.error());
    out.push_back(std::move(*c));
  }
  return out;
}

}  // namespace zhili::node
