// SPDX-License-Identifier: Apache-2.0
#include "bench/raw_pipe.hpp"

#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "node/link/keys.hpp"

namespace zhili::bench {
namespace {

void receive_all(zmq::socket_t& door, std::uint64_t messages) {
  zmq::message_t id, part;
  for (std::uint64_t n = 0; n < messages; ++n) {
    ZHILI_ASSERT(door.recv(id) && door.recv(part), "a message comes or the socket fails");
    keep(part);
  }
}

void send_all(zmq::socket_t& line, const pipe_plan& plan, std::uint64_t messages) {
  const std::vector<char> payload(plan.payload_bytes, 'x');
  for (std::uint64_t n = 0; n < messages; ++n) {
    zmq::message_t m(plan.payload_bytes * plan.payloads_a_message);
    for (std::size_t p = 0; p < plan.payloads_a_message; ++p) {
      std::memcpy(m.data<char>() + p * plan.payload_bytes, payload.data(), payload.size());
    }
    line.send(m, zmq::send_flags::none);
  }
}

}  // namespace

result<elapsed> drive_raw_pipe(const pipe_plan& plan) {
  try {
    zmq::context_t near{1};
    zmq::context_t far{1};
    zmq::socket_t door(far, zmq::socket_type::router);
    zmq::socket_t line(near, zmq::socket_type::dealer);
    if (plan.curve) {
      const node::curve_pair server = node::make_curve_pair();
      const node::curve_pair client = node::make_curve_pair();
      door.set(zmq::sockopt::curve_server, true);
      door.set(zmq::sockopt::curve_secretkey, server.secret_key);
      line.set(zmq::sockopt::curve_serverkey, server.public_key);
      line.set(zmq::sockopt::curve_publickey, client.public_key);
      line.set(zmq::sockopt::curve_secretkey, client.secret_key);
    }
    door.bind("tcp://127.0.0.1:*");
    line.connect(door.get(zmq::sockopt::last_endpoint));
    // The handshake is over when the first has come.
    line.send(zmq::str_buffer("hello"), zmq::send_flags::none);
    receive_all(door, 1);
    const std::uint64_t messages = plan.payloads / plan.payloads_a_message;
    const stopwatch clock;
    std::thread taker([&] { receive_all(door, messages); });
    send_all(line, plan, messages);
    taker.join();
    return clock.since();
  } catch (const zmq::error_t& e) {
    return fail(errc::io, e.what());
  }
}

}  // namespace zhili::bench
