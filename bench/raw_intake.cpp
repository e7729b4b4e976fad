// SPDX-License-Identifier: Apache-2.0
#include "bench/raw_intake.hpp"

#include <fcntl.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>
#include <unistd.h>

#include <bit>
#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <zmq.hpp>

#include "protocols/frame.hpp"
#include "scenarios/random.hpp"

namespace zhili::bench {
namespace {

/// As a node's store has it.
constexpr std::size_t write_buffer_bytes = 64 * 1024 * 1024;

/// What keeps a group.
class keeper {
 public:
  virtual ~keeper() = default;
  virtual void add(std::uint64_t number, bytes_view submission) = 0;
  /// True where the disk has everything.
  virtual bool sync() = 0;
};

class leveldb_keeper final : public keeper {
 public:
  leveldb_keeper(std::unique_ptr<leveldb::DB> db, bool ordered) : db_(std::move(db)), ordered_(ordered) {}
  void add(std::uint64_t number, bytes_view submission) override {
    const std::uint64_t key = __builtin_bswap64(ordered_ ? number : scenarios::mix(number));
    group_.Put({reinterpret_cast<const char*>(&key), sizeof key}, {reinterpret_cast<const char*>(submission.data()), submission.size()});
  }
  bool sync() override {
    leveldb::WriteOptions how;
    how.sync = true;
    const bool good = db_->Write(how, &group_).ok();
    group_.Clear();
    return good;
  }

 private:
  std::unique_ptr<leveldb::DB> db_;
  bool ordered_;
  leveldb::WriteBatch group_;
};

class file_keeper final : public keeper {
 public:
  explicit file_keeper(int file) : file_(file) {}
  ~file_keeper() override { close(file_); }
  void add(std::uint64_t, bytes_view submission) override {
    group_.insert(group_.end(), submission.begin(), submission.end());
  }
  bool sync() override {
    const bool good = write(file_, group_.data(), group_.size()) == static_cast<ssize_t>(group_.size()) && fdatasync(file_) == 0;
    group_.clear();
    return good;
  }

 private:
  int file_;
  std::vector<std::byte> group_;
};

result<std::unique_ptr<keeper>> open_keeper(raw_store how, const std::filesystem::path& folder) {
  const std::string path = (folder / "raw").string();
  if (how == raw_store::flat_file) {
    const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    if (file < 0) return fail(errc::io, fmt::format("{}: {}", path, std::strerror(errno)));
    return std::make_unique<file_keeper>(file);
  }
  leveldb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = write_buffer_bytes;
  leveldb::DB* db = nullptr;
  const auto opened = leveldb::DB::Open(options, path, &db);
  if (!opened.ok()) return fail(errc::io, opened.ToString());
  return std::make_unique<leveldb_keeper>(std::unique_ptr<leveldb::DB>(db), how == raw_store::leveldb);
}

}  // namespace

class raw_intake::door {
 public:
  door(std::unique_ptr<keeper> into, std::uint64_t all, std::uint64_t group)
      : into_(std::move(into)), all_(all), group_(group), socket_(context_, zmq::socket_type::router) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.bind("tcp://127.0.0.1:*");
    endpoint_ = socket_.get(zmq::sockopt::last_endpoint);
    thread_ = std::thread([this] { run(); });
  }
  ~door() {
    stopping_ = true;
    thread_.join();
  }
  const std::string& endpoint() const { return endpoint_; }
  raw_counts counts() const { return {taken_, syncs_, bytes_}; }

 private:
  void run() {
    socket_.set(zmq::sockopt::rcvtimeo, 100);
    while (!stopping_) {
      zmq::message_t id, frame;
      if (!socket_.recv(id) || !socket_.recv(frame)) continue;
      take(id, {static_cast<const std::byte*>(frame.data()), frame.size()});
    }
  }

  void take(zmq::message_t& id, bytes_view frame) {
    wire::frame_head head;
    std::memcpy(&head, frame.data(), sizeof head);
    if (head.kind() == frame_kind::hello) {
      hello_entry hello;
      hello.node = "floor";
      return say(id, hello);
    }
    std::size_t at = sizeof head;
    for (std::uint32_t n = 0; n < head.count(); ++n) {
      wire::frame_entry_head entry(0, 0);
      std::memcpy(&entry, frame.data() + at, sizeof entry);
      at += sizeof entry;
      into_->add(++taken_, frame.subspan(at, entry.length()));
      bytes_ += entry.length();
      at += (std::size_t{entry.length()} + 7) / 8 * 8;
      if (++open_ == group_ || taken_ == all_) keep(id);
    }
  }

  void keep(zmq::message_t& id) {
    ZHILI_ASSERT(into_->sync(), "the floor's disk takes what it is given");
    ++syncs_;
    open_ = 0;
    say(id, reply_entry{taken_, 1, errc::none, {}});
  }

  void say(zmq::message_t& id, const frame_entry& what) {
    const auto bytes = frame_of(what);
    socket_.send(zmq::buffer(id.data(), id.size()), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(bytes.data(), bytes.size()));
  }

  std::unique_ptr<keeper> into_;
  const std::uint64_t all_;
  const std::uint64_t group_;
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::uint64_t> syncs_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::uint64_t open_ = 0;
  zmq::context_t context_{1};
  zmq::socket_t socket_;
  std::string endpoint_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

raw_intake::raw_intake(std::unique_ptr<door> d) : door_(std::move(d)) {}
raw_intake::~raw_intake() = default;

result<std::unique_ptr<raw_intake>> raw_intake::start(
    raw_store how, const std::filesystem::path& folder, std::uint64_t all, std::uint64_t group) {
  auto into = open_keeper(how, folder);
  if (!into) return tl::unexpected(into.error());
  return std::unique_ptr<raw_intake>(new raw_intake(std::make_unique<door>(std::move(*into), all, group)));
}

const std::string& raw_intake::endpoint() const { return door_->endpoint(); }
raw_counts raw_intake::counts() const { return door_->counts(); }

}  // namespace zhili::bench
