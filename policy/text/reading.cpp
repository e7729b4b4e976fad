// SPDX-License-Identifier: Apache-2.0
#include "policy/text/reading.hpp"

namespace zhili::policy {

void text_reading::begin(const normaliser& by, std::string_view text) {
  const bool again = by_ != nullptr && techniques_ == by.on().bits() && copy_ == text;
  by_ = &by;
  text_ = text;
  if (again) return;
  techniques_ = by.on().bits();
  copy_ = text;
  known_ = stage::given;
}

const normalised_text& text_reading::normalised() {
  if (known_ < stage::normalised) {
    by_->normalise(copy_, normalised_);
    known_ = stage::normalised;
  }
  return normalised_;
}

const std::vector<std::uint32_t>& text_reading::characters() {
  if (known_ < stage::readable) {
    readable(normalised(), characters_);
    known_ = stage::readable;
  }
  return characters_;
}

std::string_view text_reading::printed() {
  if (known_ < stage::printed) {
    in_utf8(characters(), printed_);
    known_ = stage::printed;
  }
  return printed_;
}

}  // namespace zhili::policy
