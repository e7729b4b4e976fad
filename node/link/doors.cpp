// SPDX-License-Identifier: Apache-2.0
#include "node/link/doors.hpp"

#include <set>
#include <string_view>

#include <fmt/format.h>

#include "node/link/keys.hpp"

namespace zhili::node {
namespace {

constexpr std::string_view tcp = "tcp://";

tl::unexpected<error> wrong(std::string detail) { return fail(errc::bad_argument, std::move(detail)); }

status check_endpoint(std::string_view option, const std::string& endpoint) {
  const bool is_tcp = endpoint.starts_with(tcp) && endpoint.rfind(':') > tcp.size() && !endpoint.ends_with(':');
  if (is_tcp || (endpoint.starts_with("ipc://") && endpoint.size() > 6)) return {};
  return wrong(fmt::format("{}: '{}' is not tcp://address:port", option, endpoint));
}

status check_name(std::string_view option, std::string_view name) {
  if (status s = check_entry(hello_entry{.node = name, .pack = {}}); !s) {
    return wrong(fmt::format("{} '{}': {}", option, name, s.error().detail));
  }
  return {};
}

// A door that other machines reach has keys and a list of who may come in.
status check_open(std::string_view option, const std::string& endpoint, const link_options& o, bool has_list) {
  if (o.insecure || is_local(endpoint) || (!o.secret_key.empty() && has_list)) return {};
  const std::string_view list = option == "listen_clients" ? "client_keys_dir: DIR/clients          # a NAME.public for each"
                                                           : "peers: {NAME: {endpoint: ..., public_key_file: DIR/NAME.public}}";
  return wrong(fmt::format(
      "{}: other machines reach {}, so it needs keys and a list of who may come in. Make keys with\n"
      "  zhili keygen --out DIR --name {}\n"
      "and write into the config\n"
      "  secret_key_file: DIR/{}.secret\n  {}\n"
      "or, where nobody else can reach it, `insecure: true`",
      option == "listen_clients" ? "gateway" : "listen", endpoint, o.name, o.name, list));
}

status check_peer(const link_peer& p, const link_options& o) {
  if (p.endpoint.empty()) return {};
  const std::string option = fmt::format("peers.{}.endpoint", p.name);
  if (status s = check_endpoint(option, p.endpoint); !s) return s;
  if (o.insecure || is_local(p.endpoint) || !p.public_key.empty()) return {};
  return wrong(fmt::format("{}: {} lies on another machine; write its public_key_file beside it, and our own "
                           "secret_key_file above (zhili keygen makes them), or `insecure: true`",
                           option, p.endpoint));
}

status check_peers(const link_options& o) {
  std::set<std::string_view> seen;
  for (const link_peer& p : o.peers) {
    if (status s = check_name("peers.name", p.name); !s) return s;
    if (!seen.insert(p.name).second || p.name == o.name) return wrong(fmt::format("peers: '{}' stands there twice", p.name));
    if (status s = check_peer(p, o); !s) return s;
  }
  return {};
}

status take_key(std::map<std::string, std::string>& owner_of, const std::string& key, const std::string& owner) {
  const auto [found, is_new] = owner_of.emplace(key, owner);
  if (is_new) return {};
  return wrong(fmt::format("'{}' and '{}' have the same key", found->second, owner));
}

status read_own(const link_options& o, link_keys& keys) {
  if (o.public_key.empty() != o.secret_key.empty()) return wrong("public_key and secret_key: both or none");
  if (o.public_key.empty()) return {};
  const auto shared = read_curve_key(o.public_key, key_file::shared);
  if (!shared) return tl::unexpected(shared.error());
  const auto secret = read_curve_key(o.secret_key, key_file::secret);
  if (!secret) return tl::unexpected(secret.error());
  if (public_key_of(*secret) != *shared) {
    return wrong(fmt::format("public_key {} does not belong to secret_key {}", o.public_key.string(), o.secret_key.string()));
  }
  keys.public_key = *shared;
  keys.secret_key = *secret;
  return {};
}

status read_listed(const link_options& o, link_keys& keys) {
  for (const link_peer& p : o.peers) {
    if (p.public_key.empty()) continue;
    if (keys.secret_key.empty()) return wrong(fmt::format("peers.{}: has a key, so we need public_key and secret_key too", p.name));
    const auto key = read_curve_key(p.public_key, key_file::shared);
    if (!key) return tl::unexpected(key.error());
    keys.server_key[p.name] = *key;
    if (status s = take_key(keys.peer_of, *key, p.name); !s) return s;
  }
  for (const link_client& c : o.clients) {
    if (status s = check_name("clients.name", c.name); !s) return s;
    const auto key = read_curve_key(c.public_key, key_file::shared);
    if (!key) return tl::unexpected(key.error());
    if (status s = take_key(keys.client_of, *key, c.name); !s) return s;
  }
  return {};
}

}  // namespace

bool is_local(const std::string& endpoint) {
  if (endpoint.starts_with("ipc://")) return true;
  if (!endpoint.starts_with(tcp)) return false;
  const std::string host = endpoint.substr(tcp.size(), endpoint.rfind(':') - tcp.size());
  if (host == "localhost" || host == "[::1]" || host == "::1") return true;
  // A name may begin with 127. as well.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

result<link_keys> check_doors(const link_options& o) {
  if (status s = check_name("name", o.name); !s) return tl::unexpected(s.error());
  bool peers_have_keys = !o.peers.empty();
  for (const link_peer& p : o.peers) peers_have_keys = peers_have_keys && !p.public_key.empty();
  const struct {
    std::string_view option;
    const std::string& endpoint;
    bool has_list;
  } doors[] = {{"listen_peers", o.listen_peers, peers_have_keys}, {"listen_clients", o.listen_clients, !o.clients.empty()}};
  for (const auto& door : doors) {
    if (door.endpoint.empty()) continue;
    if (status s = check_endpoint(door.option, door.endpoint); !s) return tl::unexpected(s.error());
    if (status s = check_open(door.option, door.endpoint, o, door.has_list); !s) return tl::unexpected(s.error());
  }
  if (status s = check_peers(o); !s) return tl::unexpected(s.error());
  link_keys keys;
  if (status s = read_own(o, keys); !s) return tl::unexpected(s.error());
  if (status s = read_listed(o, keys); !s) return tl::unexpected(s.error());
  return keys;
}

}  // namespace zhili::node
