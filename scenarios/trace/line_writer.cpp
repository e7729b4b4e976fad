// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <zstd.h>

#include "scenarios/trace/lines.hpp"

namespace zhili::scenarios {

struct line_writer::parts {
  std::filesystem::path path;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{nullptr, std::fclose};
  /// nullptr: plain.
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> zstd{nullptr, ZSTD_freeCCtx};
  std::vector<char> out = std::vector<char>(ZSTD_CStreamOutSize());

  tl::unexpected<error> failed() const {
    return fail(errc::io, fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
  }
  status put(const char* data, std::size_t size) {
    if (std::fwrite(data, 1, size, file.get()) != size) return failed();
    return {};
  }
  status compress(std::string_view lines, ZSTD_EndDirective how) {
    ZSTD_inBuffer from{lines.data(), lines.size(), 0};
    for (;;) {
      ZSTD_outBuffer to{out.data(), out.size(), 0};
      const std::size_t left = ZSTD_compressStream2(zstd.get(), &to, &from, how);
      ZHILI_ASSERT(ZSTD_isError(left) == 0, "a stream in memory can be compressed");
      if (status done = put(out.data(), to.pos); !done) return done;
      if (from.pos == from.size && (how == ZSTD_e_continue || left == 0)) return {};
    }
  }
};

line_writer::line_writer(std::unique_ptr<parts> p) : parts_(std::move(p)) {}
line_writer::line_writer(line_writer&&) noexcept = default;
line_writer& line_writer::operator=(line_writer&&) noexcept = default;
line_writer::~line_writer() = default;

result<line_writer> line_writer::create(const std::filesystem::path& file) {
  auto p = std::make_unique<parts>();
  p->path = file;
  p->file.reset(std::fopen(file.c_str(), "wb"));
  if (!p->file) return p->failed();
  if (file.extension() == ".zst") {
    p->zstd.reset(ZSTD_createCCtx());
    ZSTD_CCtx_setParameter(p->zstd.get(), ZSTD_c_compressionLevel, 3);
    ZSTD_CCtx_setParameter(p->zstd.get(), ZSTD_c_checksumFlag, 1);
  }
  return line_writer(std::move(p));
}

status line_writer::write(std::string_view lines) {
  return parts_->zstd ? parts_->compress(lines, ZSTD_e_continue) : parts_->put(lines.data(), lines.size());
}

status line_writer::finish() {
  if (parts_->zstd) {
    if (status done = parts_->compress({}, ZSTD_e_end); !done) return done;
  }
  if (std::fclose(parts_->file.release()) != 0) return parts_->failed();
  return {};
}

}  // namespace zhili::scenarios
