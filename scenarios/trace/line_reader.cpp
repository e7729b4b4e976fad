// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <zstd.h>

#include "protocols/types/limits.hpp"
#include "scenarios/trace/lines.hpp"

namespace zhili::scenarios {
namespace {

/// Readable bytes behind every line, which parsers may look at.
constexpr std::size_t behind = 64;
/// A frame that asks for more memory than this was not made by this program.
constexpr int window_log_max = 27;

}  // namespace

struct line_reader::parts {
  std::filesystem::path path;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{nullptr, std::fclose};
  /// nullptr: plain.
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> zstd{nullptr, ZSTD_freeDCtx};
  std::vector<char> in = std::vector<char>(ZSTD_DStreamInSize());
  ZSTD_inBuffer waiting{in.data(), 0, 0};
  bool frame_open = false;
  bool at_end = false;
  /// Lines, from `begin` to `end`; there is always room for `behind` more bytes.
  std::vector<char> text = std::vector<char>(1 << 20);
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t line = 0;

  tl::unexpected<error> broken(errc code, std::string_view why) {
    at_end = true;
    begin = end;
    return fail(code, fmt::format("{}: behind line {}: {}", path.string(), line, why));
  }
  status read_bytes() {
    waiting = {in.data(), std::fread(in.data(), 1, in.size(), file.get()), 0};
    if (waiting.size == 0 && std::ferror(file.get()) != 0) return broken(errc::io, std::strerror(errno));
    return {};
  }
  status fill();
  std::size_t room() const { return text.size() - behind - end; }
};

/// More text behind `end`, or `at_end`.
status line_reader::parts::fill() {
  if (begin > 0) {
    std::memmove(text.data(), text.data() + begin, end - begin);
    end -= begin;
    begin = 0;
  }
  if (room() < in.size()) text.resize(text.size() * 2);
  if (waiting.pos == waiting.size) {
    if (status read = read_bytes(); !read) return read;
  }
  if (!zstd) {
    std::memcpy(text.data() + end, in.data(), waiting.size);
    end += waiting.size;
    waiting.pos = waiting.size;
    at_end = waiting.size == 0;
    return {};
  }
  // Also without more input: what did not fit last time still lies within the stream.
  ZSTD_outBuffer to{text.data() + end, room(), 0};
  if (waiting.size != 0 || frame_open) {
    const std::size_t left = ZSTD_decompressStream(zstd.get(), &to, &waiting);
    if (ZSTD_isError(left) != 0) {
      return broken(errc::checksum, fmt::format("the compressed file is damaged: {}", ZSTD_getErrorName(left)));
    }
    frame_open = left != 0;
    end += to.pos;
  }
  at_end = waiting.size == 0 && to.pos == 0;
  if (at_end && frame_open) return broken(errc::truncated, "the compressed file is cut off");
  return {};
}

line_reader::line_reader(std::unique_ptr<parts> p) : parts_(std::move(p)) {}
line_reader::line_reader(line_reader&&) noexcept = default;
line_reader& line_reader::operator=(line_reader&&) noexcept = default;
line_reader::~line_reader() = default;

result<line_reader> line_reader::open(const std::filesystem::path& file) {
  auto p = std::make_unique<parts>();
  p->path = file;
  p->file.reset(std::fopen(file.c_str(), "rb"));
  if (!p->file) return fail(errc::not_found, fmt::format("{}: {}", file.string(), std::strerror(errno)));
  if (status read = p->read_bytes(); !read) return tl::unexpected(read.error());
  constexpr unsigned char magic[] = {0x28, 0xb5, 0x2f, 0xfd};
  if (p->waiting.size >= sizeof magic && std::memcmp(p->in.data(), magic, sizeof magic) == 0) {
    p->zstd.reset(ZSTD_createDCtx());
    ZSTD_DCtx_setParameter(p->zstd.get(), ZSTD_d_windowLogMax, window_log_max);
  }
  return line_reader(std::move(p));
}

result<std::optional<std::string_view>> line_reader::next() {
  parts& p = *parts_;
  bool too_long = false;
  for (std::size_t searched = 0;;) {
    const char* from = p.text.data() + p.begin;
    const void* found = p.end - p.begin == searched ? nullptr : std::memchr(from + searched, '\n', p.end - p.begin - searched);
    const bool last = found == nullptr && p.at_end && p.end > p.begin;
    if (found != nullptr || last) {
      const auto length = last ? p.end - p.begin : static_cast<std::size_t>(static_cast<const char*>(found) - from);
      p.begin += length + (last ? 0 : 1);
      ++p.line;
      if (!too_long && length <= limits::trace_line_bytes_max) return std::string_view{from, length};
      return fail(errc::too_large, fmt::format("longer than {} bytes", limits::trace_line_bytes_max));
    }
    if (p.at_end && !too_long) return std::nullopt;
    if (p.at_end) {
      ++p.line;
      return fail(errc::too_large, fmt::format("longer than {} bytes", limits::trace_line_bytes_max));
    }
    searched = p.end - p.begin;
    // Nobody needs the beginning of a line that is too long.
    if (searched > limits::trace_line_bytes_max) {
      too_long = true;
      p.begin = p.end;
      searched = 0;
    }
    if (status more = p.fill(); !more) return tl::unexpected(more.error());
  }
}

std::uint64_t line_reader::number() const { return parts_->line; }

}  // namespace zhili::scenarios
