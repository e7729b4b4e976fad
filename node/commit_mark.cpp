// SPDX-License-Identifier: Apache-2.0
#include "node/commit_mark.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace zhili::node {

result<std::unique_ptr<commit_mark>> commit_mark::map(const std::filesystem::path& file, int flags) {
  const int fd = ::open(file.c_str(), flags | O_RDWR | O_CLOEXEC, 0644);
  if (fd < 0)
    return fail(
        errno == ENOENT ? errc::not_found : errc::io,
        fmt::format("{}: {}", file.string(), std::strerror(errno)));
  // A file of no bytes would kill whoever looks into its page.
  void* page = ::ftruncate(fd, sizeof(word)) == 0
                   ? ::mmap(nullptr, sizeof(word), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                   : MAP_FAILED;
  const int why = errno;
  ::close(fd);
  if (page == MAP_FAILED) return fail(errc::io, fmt::format("{}: {}", file.string(), std::strerror(why)));
  return std::unique_ptr<commit_mark>(new commit_mark(static_cast<word*>(page)));
}

result<std::unique_ptr<commit_mark>> commit_mark::make(const std::filesystem::path& file) {
  auto made = map(file, O_CREAT);
  if (made) (*made)->reached(stage::idle);
  return made;
}

result<std::unique_ptr<commit_mark>> commit_mark::look(const std::filesystem::path& file) {
  return map(file, 0);
}

commit_mark::~commit_mark() {
  ::munmap(at_, sizeof(word));
}

}  // namespace zhili::node
