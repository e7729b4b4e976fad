// SPDX-License-Identifier: Apache-2.0
// LevelDB's way to the files, which can fail at a given call and knows what a power cut would leave.
#pragma once

#include <leveldb/env.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace zhili::storage {

enum class fault : std::uint8_t {
  /// Every call from the chosen one on finds no room; what was to be written is there in part.
  disk_full,
  /// Every call from the chosen one on fails.
  disk_dead,
  /// The chosen call fails and none after it: a store that went on would leave a hole.
  one_error,
};

class faulty_files final : public leveldb::EnvWrapper {
 public:
  faulty_files() : EnvWrapper(leveldb::Env::Default()) {}

  /// Fails at the call that comes after `calls` others.
  void fail_after(std::uint64_t calls, fault how) {
    std::lock_guard lock(mutex_);
    left_ = calls;
    armed_ = true;
    how_ = how;
  }
  void heal() {
    std::lock_guard lock(mutex_);
    armed_ = false;
  }
  std::uint64_t calls() const { return calls_; }
  bool failed() const { return failed_; }

  /// Cuts every file to what was synced of it. REQUIRES: no store is open.
  void lose_power() {
    for (const auto& [name, bytes] : synced_) {
      if (std::filesystem::exists(name)) std::filesystem::resize_file(name, bytes);
    }
  }

  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** out) override {
    if (fails()) return broken(name);
    leveldb::WritableFile* base = nullptr;
    const leveldb::Status s = target()->NewWritableFile(name, &base);
    if (!s.ok()) return s;
    {
      std::lock_guard lock(mutex_);
      synced_[name] = 0;
    }
    *out = new file(*this, name, std::unique_ptr<leveldb::WritableFile>(base));
    return s;
  }
  leveldb::Status RenameFile(const std::string& from, const std::string& to) override {
    if (fails()) return broken(from);
    std::lock_guard lock(mutex_);
    if (const auto moved = synced_.extract(from)) synced_[to] = moved.mapped();
    return target()->RenameFile(from, to);
  }
  leveldb::Status RemoveFile(const std::string& name) override {
    std::lock_guard lock(mutex_);
    synced_.erase(name);
    return target()->RemoveFile(name);
  }

 private:
  class file final : public leveldb::WritableFile {
   public:
    file(faulty_files& of, std::string name, std::unique_ptr<leveldb::WritableFile> base)
        : of_(of), name_(std::move(name)), base_(std::move(base)) {}
    leveldb::Status Append(const leveldb::Slice& data) override {
      const bool fails = of_.fails();
      const leveldb::Slice part(data.data(), fails ? data.size() / 2 : data.size());
      const leveldb::Status s = base_->Append(part);
      written_ += part.size();
      return fails ? of_.broken(name_) : s;
    }
    leveldb::Status Close() override { return base_->Close(); }
    leveldb::Status Flush() override { return of_.fails() ? of_.broken(name_) : base_->Flush(); }
    // The tests cut power by `lose_power` alone, so nothing waits for a real disk.
    leveldb::Status Sync() override {
      if (of_.fails()) return of_.broken(name_);
      const leveldb::Status s = base_->Flush();
      std::lock_guard lock(of_.mutex_);
      const auto here = of_.synced_.find(name_);
      if (here != of_.synced_.end()) here->second = written_;
      return s;
    }

   private:
    faulty_files& of_;
    const std::string name_;
    std::unique_ptr<leveldb::WritableFile> base_;
    std::uint64_t written_ = 0;
  };

  bool fails() {
    std::lock_guard lock(mutex_);
    ++calls_;
    if (!armed_) return false;
    if (left_ > 0) {
      --left_;
      return false;
    }
    failed_ = true;
    if (how_ == fault::one_error) armed_ = false;
    return true;
  }
  leveldb::Status broken(const std::string& name) const {
    return leveldb::Status::IOError(name, std::strerror(how_ == fault::disk_full ? ENOSPC : EIO));
  }

  std::mutex mutex_;
  std::map<std::string, std::uint64_t> synced_;
  std::uint64_t left_ = 0;
  bool armed_ = false;
  fault how_ = fault::disk_dead;
  std::atomic<std::uint64_t> calls_ = 0;
  std::atomic<bool> failed_ = false;
};

}  // namespace zhili::storage
