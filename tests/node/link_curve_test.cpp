// SPDX-License-Identifier: Apache-2.0
// Keys: who comes in with which, what a door without them may be, and the files they lie in.
#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <zmq.hpp>

#include "node/link/keys.hpp"
#include "tests/node/link_support.hpp"

namespace zhili::node {
namespace {

link_options with_keys(key_folder& keys, const std::string& name) {
  link_options o = named(name);
  o.public_key = keys.shared(name);
  o.secret_key = keys.secret(name);
  return o;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(const std::filesystem::path& file) {
  struct stat s {};
  REQUIRE(::stat(file.c_str(), &s) == 0);
  return s.st_mode & 0777;
}

void check_refused(const link_options& o, errc code, std::string_view names) {
  const auto started = zmq_link::start(o, {});
  REQUIRE_FALSE(started.has_value());
  CHECK(name(started.error().code) == name(code));
  CHECK_MESSAGE(started.error().detail.find(names) != std::string::npos, started.error().detail);
}

}  // namespace

TEST_SUITE("node/link_curve") {
  TEST_CASE("peers and clients with the right keys come in under the names of their keys") {
    key_folder keys;
    station b;
    link_options o = with_keys(keys, "b");
    o.listen_peers = "tcp://127.0.0.1:*";
    o.listen_clients = "tcp://127.0.0.1:*";
    o.peers = {{.name = "a", .public_key = keys.shared("a")}};
    o.clients = {{"platform", keys.shared("platform")}};
    b.start(o);

    station a;
    link_options mine = with_keys(keys, "a");
    mine.peers = {{.name = "b", .endpoint = b.link->peers_endpoint(), .public_key = keys.shared("b")}};
    a.start(mine);
    CHECK(a.link->post("b", message_no(1)) == posted::yes);
    CHECK(soon([&] { return b.heard_count("a") == 1; }));

    station client;
    link_options theirs = with_keys(keys, "platform");
    theirs.peers = {{.name = "gateway", .endpoint = b.link->clients_endpoint(), .public_key = keys.shared("b"), .as_client = true}};
    client.start(theirs);
    const std::vector<std::byte> envelope(64);
    CHECK(client.link->post("gateway", submission_entry{envelope}) == posted::yes);
    CHECK(soon([&] { return b.now(&station::submissions) == 1; }));
    CHECK(b.now(&station::clients).front().name == "platform");
    CHECK(b.count(link_count::unknown_key) == 0);
  }

  TEST_CASE("keys that stand in no list, a key of the other list, and another's name are refused and counted") {
    key_folder keys;
    station b;
    link_options o = with_keys(keys, "b");
    o.listen_peers = "tcp://127.0.0.1:*";
    o.listen_clients = "tcp://127.0.0.1:*";
    o.peers = {{.name = "a", .public_key = keys.shared("a")},
               {.name = "c", .public_key = keys.shared("c")}};
    o.clients = {{"platform", keys.shared("platform")}};
    b.start(o);
    const auto call = [&](station& s, const std::string& key, const std::string& called, const std::string& endpoint) {
      link_options mine = with_keys(keys, key);
      mine.name = called;
      mine.peers = {{.name = "b", .endpoint = endpoint, .public_key = keys.shared("b")}};
      s.start(mine);
      CHECK(s.link->post("b", message_no(1)) == posted::yes);
    };
    station mallory, client, c_as_a;
    call(mallory, "mallory", "a", b.link->peers_endpoint());
    CHECK(soon([&] { return b.count(link_count::unknown_key) >= 1; }));
    CHECK(soon([&] { return mallory.count(link_count::refused_by_peer) >= 1; }));
    mallory.link->stop();
    const auto before = b.count(link_count::unknown_key);
    call(client, "platform", "a", b.link->peers_endpoint());
    CHECK(soon([&] { return b.count(link_count::unknown_key) > before; }));
    call(c_as_a, "c", "a", b.link->peers_endpoint());
    CHECK(soon([&] { return b.count(link_count::wrong_key_for_name) >= 1; }));
    CHECK(b.heard_count("a") == 0);
    CHECK(mallory.up_count() + client.up_count() + c_as_a.up_count() == 0);
  }

  TEST_CASE("who takes another for b, or comes without CURVE, is refused and counted") {
    key_folder keys;
    station b;
    link_options o = with_keys(keys, "b");
    o.listen_peers = "tcp://127.0.0.1:*";
    o.peers = {{.name = "a", .public_key = keys.shared("a")}};
    b.start(o);
    station a;
    link_options mine = with_keys(keys, "a");
    mine.peers = {{.name = "b", .endpoint = b.link->peers_endpoint(), .public_key = keys.shared("not-b")}};
    a.start(mine);
    CHECK(soon([&] { return b.count(link_count::handshake_failed) >= 1; }));
    a.link->stop();
    const auto before = b.count(link_count::handshake_failed);
    station plain;
    link_options without = named("a");
    without.peers = {{.name = "b", .endpoint = b.link->peers_endpoint()}};
    plain.start(without);
    CHECK(soon([&] { return b.count(link_count::handshake_failed) > before; }));
    CHECK(a.up_count() + plain.up_count() == 0);
  }

  TEST_CASE("a door that other machines reach needs keys and a list, or says that it is insecure") {
    key_folder keys;
    for (const char* endpoint : {"tcp://0.0.0.0:*", "tcp://*:*", "tcp://10.1.2.3:7001", "tcp://127.example.org:7001"}) {
      CAPTURE(endpoint);
      link_options o = named("b");
      o.listen_clients = endpoint;
      check_refused(o, errc::bad_argument, "gateway: other machines");
      check_refused(o, errc::bad_argument, "zhili keygen --out DIR --name b");
      check_refused(o, errc::bad_argument, "insecure: true");
      o.public_key = keys.shared("b");
      o.secret_key = keys.secret("b");
      check_refused(o, errc::bad_argument, "client_keys_dir");
      o = named("b");
      o.listen_peers = endpoint;
      check_refused(o, errc::bad_argument, "listen: other machines");
      // A peer without a key is no list.
      o.public_key = keys.shared("b");
      o.secret_key = keys.secret("b");
      o.peers = {{.name = "a", .public_key = keys.shared("a")}, {.name = "c"}};
      check_refused(o, errc::bad_argument, "peers: {");
    }
    link_options o = named("b");
    o.listen_clients = "tcp://0.0.0.0:*";
    o.insecure = true;
    CHECK(zmq_link::start(o, {}).has_value());
    o = with_keys(keys, "b");
    o.listen_clients = "tcp://0.0.0.0:*";
    o.clients = {{"platform", keys.shared("platform")}};
    CHECK(zmq_link::start(o, {}).has_value());
    o = named("b");
    o.peers = {{.name = "far", .endpoint = "tcp://10.1.2.3:7001"}};
    check_refused(o, errc::bad_argument, "peers.far.endpoint");
  }

  TEST_CASE("what a config may get wrong is named") {
    key_folder keys;
    link_options o = named("b");
    o.listen_clients = "127.0.0.1:7001";
    check_refused(o, errc::bad_argument, "tcp://address:port");
    o = named("no spaces");
    check_refused(o, errc::bad_argument, "name");
    o = named("b");
    o.peers = {{.name = "a"}, {.name = "a"}};
    check_refused(o, errc::bad_argument, "twice");
    o = named("b");
    o.secret_key = keys.secret("b");
    check_refused(o, errc::bad_argument, "both or none");
    o.public_key = keys.shared("a");
    check_refused(o, errc::bad_argument, "does not belong");
    o.public_key = keys.path() / "nobody.public";
    check_refused(o, errc::io, "nobody.public");
    o = with_keys(keys, "b");
    o.clients = {{"one", keys.shared("one")}, {"two", keys.shared("one")}};
    check_refused(o, errc::bad_argument, "same key");
    station taken;
    o = named("b");
    o.listen_clients = "tcp://127.0.0.1:*";
    taken.start(o);
    o.listen_clients = taken.link->clients_endpoint();
    check_refused(o, errc::io, o.listen_clients);
  }

  TEST_CASE("key files: the secret is its owner's alone, nothing is overwritten, nothing half-made stays") {
    key_folder keys;
    const auto files = write_key_files(keys.path(), "node-1");
    REQUIRE(files.has_value());
    CHECK(mode_of(files->public_file) == 0644);
    CHECK(mode_of(files->secret_file) == 0600);
    const auto shared = read_curve_key(files->public_file, key_file::shared);
    const auto secret = read_curve_key(files->secret_file, key_file::secret);
    REQUIRE(shared.has_value());
    REQUIRE(secret.has_value());
    CHECK(*shared == files->public_key);
    CHECK(public_key_of(*secret) == *shared);
    CHECK(content(files->public_file).find(*secret) == std::string::npos);
    CHECK(std::ranges::count(content(files->secret_file), '\n') == 2);

    const std::string kept = content(files->secret_file);
    CHECK(write_key_files(keys.path(), "node-1").error().code == errc::bad_argument);
    CHECK(content(files->secret_file) == kept);
    std::filesystem::rename(files->secret_file, keys.path() / "moved");
    CHECK(write_key_files(keys.path(), "node-1").error().code == errc::bad_argument);
    CHECK_FALSE(std::filesystem::exists(files->secret_file));
    for (const char* name : {"", "../x", ".hidden", "a/b", "空"}) {
      CHECK(write_key_files(keys.path(), name).error().code == errc::bad_argument);
    }
    CHECK(write_key_files(keys.path() / "none", "x").error().detail.find("no such folder") != std::string::npos);
  }

  TEST_CASE("a key file that is none is named, and what stands in it is not") {
    key_folder keys;
    const auto file = keys.path() / "k";
    const auto write = [&](const std::string& text) { std::ofstream(file) << text; };
    write("# only a comment\n");
    CHECK(read_curve_key(file, key_file::shared).error().detail.find("no key") != std::string::npos);
    write("hunter2\n");
    const error e = read_curve_key(file, key_file::shared).error();
    CHECK(e.code == errc::malformed);
    CHECK(e.detail.find("hunter2") == std::string::npos);
    CHECK(e.detail.find(file.string()) == 0);
    const curve_pair pair = make_curve_pair();
    write("# one\n\n" + pair.public_key + "\r\n");
    CHECK(read_curve_key(file, key_file::shared).value() == pair.public_key);
    write(pair.public_key + "\n" + pair.secret_key + "\n");
    CHECK(read_curve_key(file, key_file::shared).error().detail.find("more than one") != std::string::npos);
    write(pair.secret_key + "\n");
    ::chmod(file.c_str(), 0644);
    CHECK(read_curve_key(file, key_file::secret).error().code == errc::bad_argument);
    ::chmod(file.c_str(), 0600);
    CHECK(read_curve_key(file, key_file::secret).value() == pair.secret_key);
  }
}

}  // namespace zhili::node
