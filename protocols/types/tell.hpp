// SPDX-License-Identifier: Apache-2.0
// Messages in both languages from one place: tell("未知字段 '{}'", "unknown field '{}'", name).
#pragma once

#include <fmt/format.h>

#include <type_traits>
#include <utility>

#include "protocols/types/bilingual.hpp"

namespace zhili {
namespace said {

template <class T>
inline constexpr bool is_two = std::is_same_v<std::remove_cvref_t<T>, bilingual> ||
                               std::is_same_v<std::remove_cvref_t<T>, bilingual_view>;

/// What of an argument stands in one of the two sentences: all of it, or its words of that language.
template <class T>
using part = std::conditional_t<is_two<T>, std::string_view, const std::remove_reference_t<T>&>;

template <class T>
part<T> zh(const T& argument) {
  if constexpr (is_two<T>) {
    return argument.zh;
  } else {
    return argument;
  }
}
template <class T>
part<T> en(const T& argument) {
  if constexpr (is_two<T>) {
    return argument.en;
  } else {
    return argument;
  }
}

/// A sentence without a character beyond ASCII is no Chinese one: it does not compile.
template <class... Parts>
struct chinese {
  template <class Literal>
  consteval chinese(const Literal& literal) : format(literal) {
    bool found = false;
    for (const char c : std::string_view(literal)) found |= (static_cast<unsigned char>(c) & 0x80) != 0;
    if (!found) throw "the first sentence of tell() is the Chinese one";
  }
  fmt::format_string<Parts...> format;
};

}  // namespace said

/// Both sentences, checked against the arguments when this is compiled. An argument that is itself in both
/// languages gives each sentence its own words.
template <class... Args>
bilingual tell(
    std::type_identity_t<said::chinese<said::part<Args>...>> zh,
    std::type_identity_t<fmt::format_string<said::part<Args>...>> en, const Args&... args) {
  return {fmt::format(zh.format, said::zh(args)...), fmt::format(en, said::en(args)...)};
}

}  // namespace zhili
