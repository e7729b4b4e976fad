// SPDX-License-Identifier: Apache-2.0
#include "node/link/keys.hpp"

#include <array>
#include <fstream>

#include <fmt/format.h>
#include <zmq.hpp>

namespace zhili::node {
namespace {

constexpr std::size_t key_characters = 40;
constexpr std::size_t key_bytes = 32;

bool is_key(const std::string& text) {
  std::array<std::uint8_t, key_bytes> raw;
  return text.size() == key_characters && zmq_z85_decode(raw.data(), text.c_str()) != nullptr;
}

}  // namespace

curve_pair make_curve_pair() {
  std::array<char, key_characters + 1> shared{};
  std::array<char, key_characters + 1> secret{};
  ZHILI_ASSERT(zmq_curve_keypair(shared.data(), secret.data()) == 0, "libzmq was built without CURVE");
  return {shared.data(), secret.data()};
}

std::string public_key_of(const std::string& secret_key) {
  std::array<char, key_characters + 1> shared{};
  ZHILI_ASSERT(zmq_curve_public(shared.data(), secret_key.c_str()) == 0, "not a key");
  return shared.data();
}

result<std::string> read_curve_key(const std::filesystem::path& file, key_file what) {
  std::error_code ignored;
  const auto allowed = std::filesystem::status(file, ignored).permissions();
  std::ifstream in(file);
  if (!in) return fail(errc::io, fmt::format("{}: cannot be read", file.string()));
  using std::filesystem::perms;
  if (what == key_file::secret && (allowed & (perms::others_read | perms::others_write)) != perms::none) {
    return fail(errc::bad_argument,
                fmt::format("{}: everybody on this machine may read this secret; chmod 600 it, or better make a new one",
                            file.string()));
  }
  std::string key;
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    // No key begins so: five such characters are more than 32 bits.
    if (line.empty() || line.front() == '#') continue;
    if (!key.empty()) return fail(errc::malformed, fmt::format("{}: more than one key", file.string()));
    // What stands there is not repeated: it may be a secret.
    if (!is_key(line)) {
      return fail(errc::malformed, fmt::format("{}: a key is a line of {} characters of Z85", file.string(), key_characters));
    }
    key = line;
  }
  if (key.empty()) return fail(errc::malformed, fmt::format("{}: holds no key", file.string()));
  return key;
}

}  // namespace zhili::node
