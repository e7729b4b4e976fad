// SPDX-License-Identifier: Apache-2.0
// One text as a judgement reads it: normalised once, and put into people's words once, when somebody first asks; also where the
// same text is begun twice in a row. Used again for text after text: it allocates nothing once it has grown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/text/normaliser.hpp"
#include "policy/text/readable.hpp"

namespace zhili::policy {

class text_reading {
 public:
  /// `by` must live until the last question about this text, and the text until the last is_of().
  void begin(const normaliser& by, std::string_view text);
  /// Is it the text that lies there?
  bool is_of(std::string_view text) const { return text.data() == text_.data() && text.size() == text_.size(); }

  const normalised_text& normalised();
  /// As of readable().
  const std::vector<std::uint32_t>& characters();
  /// The same in UTF-8.
  std::string_view printed();

 private:
  enum class stage : std::uint8_t { given, normalised, readable, printed };

  const normaliser* by_ = nullptr;
  std::string_view text_;
  std::string copy_;
  std::uint32_t techniques_ = 0;
  stage known_ = stage::given;
  normalised_text normalised_;
  std::vector<std::uint32_t> characters_;
  std::string printed_;
};

}  // namespace zhili::policy
