// SPDX-License-Identifier: Apache-2.0
#include "policy/encoding.hpp"

#include <iconv.h>

#include <memory>

#include "policy/text/utf8.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

bool is_utf8(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  for (std::size_t i = 0; i < bytes.size();) {
    if (at[i] < 0x80) {
      ++i;
      continue;
    }
    const auto [code_point, length] = utf8::decode(at + i, bytes.size() - i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

}  // namespace

result<std::string> as_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
    return fail(
        errc::malformed, tell(
                             "这个文件是 UTF-16 编码：请另存为“CSV UTF-8”，或 UTF-8 的文本",
                             "this file is UTF-16: save it as 'CSV UTF-8' or as UTF-8 text"));
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (is_utf8(bytes)) return std::string(bytes);
  const auto close = [](void* converter) { iconv_close(converter); };
  const auto opened = iconv_open("UTF-8", "GB18030");
  if (opened == reinterpret_cast<iconv_t>(-1))
    return fail(
        errc::io,
        tell(
            "本机不能读 GB18030：请另存为 UTF-8", "this system cannot read GB18030: save the file as UTF-8"));
  const std::unique_ptr<void, decltype(close)> converter(opened, close);
  // At most three bytes for each: two of GB18030 become three, four become four.
  std::string out(bytes.size() * 3, '\0');
  std::string in(bytes);
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size(), room = out.size();
  if (iconv(opened, &from, &left, &to, &room) == static_cast<std::size_t>(-1) || left != 0)
    return fail(
        errc::malformed, tell(
                             "这个文件既不是 UTF-8 也不是 GB18030：请另存为 UTF-8",
                             "this file is neither UTF-8 nor GB18030: save it as UTF-8"));
  out.resize(out.size() - room);
  return out;
}

}  // namespace zhili::policy
