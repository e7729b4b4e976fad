// SPDX-License-Identifier: Apache-2.0
// zhili-test-hostile ENDPOINT WAY SECONDS: harms a gateway as well as it can, for tests/node/bad_input.sh. It says in one line
// how much of it went out. The endpoint is tcp://127.0.0.1:PORT.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "node/diaries.hpp"
#include "protocols/frame.hpp"

namespace zhili::node {
namespace {

using bytes = std::vector<std::byte>;
using steady = std::chrono::steady_clock;

/// In every step a frame: of the way `name`, the nth.
bytes hostile_frame(const std::string& name, std::uint64_t n, diaries& source) {
  static std::mt19937_64 chance(7);
  if (name == "random") {
    bytes out(1 + chance() % 4096);
    for (std::byte& b : out) b = static_cast<std::byte>(chance());
    return out;
  }
  if (name == "oversized") return bytes(2 * 1024 * 1024, std::byte{7});
  diaries::one d = source.next();
  if (name == "sums") d.envelope[40 + n % 100] ^= std::byte{1};
  frame_writer frame;
  if (!frame.add(submission_entry{d.envelope}).value_or(false)) return {};
  if (name == "flood") {
    for (int i = 0; i < 63; ++i) {
      const diaries::one more = source.next();
      if (!frame.add(submission_entry{more.envelope}).value_or(false)) break;
    }
  }
  bytes out = frame.take();
  if (name == "counts") {
    const std::uint32_t many = 0xffffffff, none = 0;
    std::memcpy(&out[8], &many, 4);
    std::memcpy(&out[20], &none, 4);
    const std::uint32_t crc = crc32c(out);
    std::memcpy(&out[20], &crc, 4);
  }
  return out;
}

/// As fast as the node takes it, on one connection; answers are read where they come.
std::uint64_t send_all(const std::string& endpoint, const std::string& way, steady::time_point until) {
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, 64);
  socket.set(zmq::sockopt::sndtimeo, 100);
  socket.connect(endpoint);
  diaries source(diaries::run_of_now() ^ 0x5555);
  std::uint64_t sent = 0;
  while (steady::now() < until) {
    const bytes frame = hostile_frame(way, sent, source);
    if (socket.send(zmq::buffer(frame.data(), frame.size()), zmq::send_flags::none)) ++sent;
    zmq::message_t answer;
    while (socket.recv(answer, zmq::recv_flags::dontwait)) {
    }
  }
  return sent;
}

/// Connects and says nothing, as often as descriptors allow; every other one says the first byte of a greeting.
std::uint64_t stay_silent(const std::string& endpoint, steady::time_point until) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  constexpr std::size_t most = 500;
  std::vector<int> open;
  while (open.size() < most) {
    const int s = ::socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || ::connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) break;
    const char first = '\xff';
    if (open.size() % 2 == 0 && ::send(s, &first, 1, MSG_NOSIGNAL) != 1) break;
    open.push_back(s);
  }
  std::this_thread::sleep_until(until);
  for (const int s : open) ::close(s);
  return open.size();
}

}  // namespace
}  // namespace zhili::node

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string endpoint = argv[1], way = argv[2];
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{std::stoi(argv[3])};
  const auto n = way == "silent" ? zhili::node::stay_silent(endpoint, until) : zhili::node::send_all(endpoint, way, until);
  std::printf("%s %llu\n", way.c_str(), static_cast<unsigned long long>(n));
  return 0;
}
