// SPDX-License-Identifier: Apache-2.0
// Errors that expressions end in, for readers of Chinese. Inside they are CEL's English words, which its
// public test cases look at and which cost nothing to carry.
#pragma once

#include <string_view>

#include "protocols/types/bilingual.hpp"

namespace zhili::policy {

/// The error of a fact that was not given.
inline constexpr std::string_view missing_fact = "no such fact: it is not known here";

/// An error value's text in both languages; one that is not known stays English in both.
bilingual error_words(std::string_view english);

}  // namespace zhili::policy
