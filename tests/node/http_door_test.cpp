// SPDX-License-Identifier: Apache-2.0
#include "node/http/http_door.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

namespace zhili::node {
namespace {

node_config config(const std::string& http, bool insecure = false) {
  node_config c;
  c.name = "node-1";
  c.http = http;
  c.insecure = insecure;
  return c;
}

/// What the door says to these bytes, until it closes.
std::string said(std::uint16_t port, const std::string& request) {
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string out;
  if (connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 && send(s, request.data(), request.size(), 0) > 0) {
    char piece[4096];
    for (ssize_t n = 0; (n = recv(s, piece, sizeof piece, 0)) > 0;) out.append(piece, static_cast<std::size_t>(n));
  }
  close(s);
  return out;
}

std::string get(std::uint16_t port, const std::string& path, const std::string& method = "GET") {
  return said(port, method + ' ' + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

}  // namespace

TEST_SUITE("node/http") {
  TEST_CASE("an address beyond loopback is refused with words unless the file says insecure") {
    CHECK(check_http(config("")));
    CHECK(check_http(config("127.0.0.1:7680")));
    CHECK(check_http(config("localhost:7680")));
    CHECK(check_http(config("[::1]:7680")));
    CHECK(check_http(config("0.0.0.0:7680", true)));
    for (const char* open : {"0.0.0.0:7680", "10.0.0.1:7680", "[::]:7680"}) {
      const status refused = check_http(config(open));
      REQUIRE(!refused);
      CHECK(refused.error().detail.find("insecure: true") != std::string::npos);
    }
    for (const char* bad : {"7680", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:7680", "example:7680", "127.0.0.1:80x"}) {
      const status refused = check_http(config(bad));
      REQUIRE(!refused);
      CHECK(refused.error().code == errc::malformed);
    }
  }

  TEST_CASE("a node that rebuilds is healthy, not ready, and says why") {
    const auto door = http_door::open(config("127.0.0.1:0"));
    REQUIRE(door);
    const std::uint16_t port = (*door)->port();
    REQUIRE(port != 0);
    CHECK(get(port, "/healthz").starts_with("HTTP/1.1 200"));
    const std::string ready = get(port, "/readyz");
    CHECK(ready.starts_with("HTTP/1.1 503"));
    CHECK(ready.find("rebuilt") != std::string::npos);
    CHECK(get(port, "/metrics").find("\nzhili_ready 0\n") != std::string::npos);
    (*door)->draining();
    CHECK(get(port, "/readyz").find("draining") != std::string::npos);
  }

  TEST_CASE("other pages, methods and nonsense are refused, and the door goes on") {
    const auto door = http_door::open(config("127.0.0.1:0"));
    REQUIRE(door);
    const std::uint16_t port = (*door)->port();
    CHECK(get(port, "/etc/passwd").starts_with("HTTP/1.1 404"));
    CHECK(get(port, "/healthz", "DELETE").starts_with("HTTP/1.1 405"));
    CHECK(get(port, '/' + std::string(5000, 'a')).find("200 OK") == std::string::npos);
    CHECK(said(port, "\x01\x02\x03 nonsense\r\n\r\n").find("200 OK") == std::string::npos);
    CHECK(get(port, "/healthz?x=1").starts_with("HTTP/1.1 200"));
  }

  TEST_CASE("a port that is taken is named, and a closed door is closed") {
    const auto first = http_door::open(config("127.0.0.1:0"));
    REQUIRE(first);
    const std::uint16_t port = (*first)->port();
    const auto second = http_door::open(config("127.0.0.1:" + std::to_string(port)));
    REQUIRE(!second);
    CHECK(second.error().detail.find("cannot serve") != std::string::npos);
    (*first)->close();
    CHECK(get(port, "/healthz").empty());
  }
}

}  // namespace zhili::node
