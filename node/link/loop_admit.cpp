// SPDX-License-Identifier: Apache-2.0
#include "node/link/loop.hpp"

#include <array>

namespace zhili::node {

// ZAP, RFC 27: whether a connection may be, asked by ZeroMQ before anything is read from it.
void loop::admit() {
  for (;;) {
    std::vector<zmq::message_t> request(1);
    if (!receive(*zap_, request[0])) return;
    while (request.back().more()) {
      request.emplace_back();
      if (!receive(*zap_, request.back())) break;
    }
    std::string user;
    const std::string code = request.size() < 6 ? "500" : judge(request, user);
    const std::string id = request.size() < 2 ? std::string{} : request[1].to_string();
    const std::array<std::string, 6> reply{"1.0", id, code, code == "200" ? "" : "not admitted", user, ""};
    for (std::size_t i = 0; i < reply.size(); ++i) {
      zmq::message_t part(reply[i].data(), reply[i].size());
      send(*zap_, part, i + 1 < reply.size() ? ZMQ_SNDMORE : 0);
    }
  }
}

// The status code; `user` becomes the name that the key belongs to.
std::string loop::judge(const std::vector<zmq::message_t>& request, std::string& user) {
  const std::string domain = request[2].to_string();
  const std::string address = request[3].to_string();
  const std::string mechanism = request[5].to_string();
  if (mechanism == "NULL") {
    if (o_.insecure || address.empty() || address == "::1" || is_local("tcp://" + address + ":1")) return "200";
    // An IPv4 address on a socket for both.
    if (address.starts_with("::ffff:") && is_local("tcp://" + address.substr(7) + ":1")) return "200";
    count(link_count::not_loopback);
    return "400";
  }
  if (mechanism == "CURVE" && request.size() == 7 && request[6].size() == 32) {
    std::array<char, 41> key{};
    zmq_z85_encode(key.data(), static_cast<const std::uint8_t*>(request[6].data()), 32);
    const auto& list = domain == "peers" ? shared_.keys.peer_of : shared_.keys.client_of;
    if (const auto found = list.find(key.data()); found != list.end()) {
      user = found->second;
      return "200";
    }
  }
  count(link_count::unknown_key);
  return "400";
}

}  // namespace zhili::node
