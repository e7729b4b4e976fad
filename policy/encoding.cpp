// SPDX-License-Identifier: Apache-2.0
#include "policy/encoding.hpp"

#include <iconv.h>
#include <simdjson.h>

namespace zhili::policy {
namespace {

class converter {
 public:
  converter() : handle_(::iconv_open("UTF-8", "GB18030")) {}
  ~converter() {
    if (open()) ::iconv_close(handle_);
  }
  converter(const converter&) = delete;
  converter& operator=(const converter&) = delete;

  bool open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  /// False where the bytes are no GB18030.
  bool run(std::string_view bytes, std::string& out) {
    // Two bytes become three, one stays one, four become three or four.
    out.resize(bytes.size() * 2 + 16);
    char* from = const_cast<char*>(bytes.data());
    std::size_t left = bytes.size(), room = out.size();
    char* to = out.data();
    if (::iconv(handle_, &from, &left, &to, &room) == static_cast<std::size_t>(-1)) return false;
    out.resize(out.size() - room);
    return left == 0;
  }

 private:
  iconv_t handle_;
};

}  // namespace

result<std::string> as_utf8(std::string_view bytes) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (bytes.starts_with(mark)) bytes.remove_prefix(mark.size());
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) return std::string(bytes);
  converter c;
  std::string out;
  if (c.open() && c.run(bytes, out)) return out;
  return fail(errc::malformed, "neither UTF-8 nor GB18030: save it again as UTF-8");
}

}  // namespace zhili::policy
