// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/spool.hpp"

#include <cerrno>
#include <cstring>

namespace zhili::scenarios {

status text_spool::put(const digest256& hash, std::string_view text) {
  const auto failed = [] { return fail(errc::io, std::string("a temporary file for texts: ") + std::strerror(errno)); };
  const auto [entry, fresh] = places_.try_emplace(hash.word[0], place{end_, static_cast<std::uint32_t>(text.size())});
  if (fresh) {
    if (!file_) file_.reset(std::tmpfile());
    if (!file_) return failed();
    if (read_last_ && std::fseek(file_.get(), 0, SEEK_END) != 0) return failed();
    read_last_ = false;
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) return failed();
    end_ += text.size();
  }
  return kept_ == nullptr ? status{} : kept_->put(hash, text);
}

result<bool> text_spool::get(text_name name, std::uint64_t, std::string& out) {
  out.clear();
  const auto found = places_.find(name.word[0]);
  if (found == places_.end()) return false;
  out.resize(found->second.bytes);
  read_last_ = true;
  const bool read = std::fseek(file_.get(), static_cast<long>(found->second.at), SEEK_SET) == 0 &&
                    std::fread(out.data(), 1, out.size(), file_.get()) == out.size();
  if (read && name_of(blake2b_256(as_bytes_view(out))) == name) return true;
  out.clear();
  return fail(errc::io, "a temporary file for texts gives another text back");
}

}  // namespace zhili::scenarios
