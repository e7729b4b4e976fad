// SPDX-License-Identifier: Apache-2.0
// Writes policy/data/fold.tsv to standard output from ICU's data: run by hand when ICU's data or the recipe
// changes, never by the build (docs/adr/0002-folding-tables.md).
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uversion.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

void require(UErrorCode status, const char* what) {
  if (U_SUCCESS(status)) return;
  std::fprintf(stderr, "foldgen: %s: %s\n", what, u_errorName(status));
  std::exit(1);
}

class recipe {
 public:
  recipe() {
    auto status = U_ZERO_ERROR;
    nfkc_ = icu::Normalizer2::getNFKCInstance(status);
    require(status, "NFKC");
    to_simplified_.reset(
        icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    require(status, "Traditional-Simplified");
  }

  /// One step may open the way for another (a compatibility ideograph becomes a traditional one), so until it
  /// rests. Where ICU goes round in a circle (U+82CE and U+82E7, each said to be the other's simplified
  /// form), the least of the circle stands for all.
  icu::UnicodeString fold(UChar32 code_point) const {
    icu::UnicodeString text(code_point);
    for (int round = 0; round < 8; ++round) {
      const auto next = step(text);
      if (next == text) return text;
      if (step(next) == text) return std::min(text, next);
      text = next;
    }
    std::fprintf(stderr, "foldgen: U+%04X does not come to rest\n", static_cast<unsigned>(code_point));
    std::exit(1);
  }

 private:
  icu::UnicodeString step(const icu::UnicodeString& text) const {
    auto status = U_ZERO_ERROR;
    auto folded = nfkc_->normalize(text, status);
    folded.foldCase();
    folded = nfkc_->normalize(folded, status);
    require(status, "normalize");
    // Code point by code point, as fold() will do it: the transliterator's rules for phrases must not come
    // in.
    icu::UnicodeString simplified;
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
      icu::UnicodeString one(folded.char32At(i));
      to_simplified_->transliterate(one);
      simplified += one;
    }
    return simplified;
  }

  const icu::Normalizer2* nfkc_ = nullptr;
  std::unique_ptr<icu::Transliterator> to_simplified_;
};

void append_hex(std::string& out, UChar32 code_point) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%04X", static_cast<unsigned>(code_point));
  out += digits;
}

}  // namespace

int main() {
  const recipe folding;
  std::string body;
  for (UChar32 code_point = 0; code_point <= UCHAR_MAX_VALUE; ++code_point) {
    if (U_IS_SURROGATE(static_cast<unsigned>(code_point))) continue;
    const auto folded = folding.fold(code_point);
    if (folded == icu::UnicodeString(code_point)) continue;
    append_hex(body, code_point);
    char before = '\t';
    for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
      body += before;
      append_hex(body, folded.char32At(i));
      before = ' ';
    }
    body += '\n';
  }
  std::printf(
      "# Folding table: code point, tab, what it folds to; a code point that is not listed folds to itself.\n"
      "# Each code point by itself, until it rests: NFKC, full case folding, NFKC, Traditional-Simplified.\n"
      "# ICU %s, Unicode %s; made by policy/tools/foldgen.cpp, not to be edited by hand.\n"
      "# xxh3-64 of the lines below: %016llx\n",
      U_ICU_VERSION, U_UNICODE_VERSION,
      static_cast<unsigned long long>(XXH3_64bits(body.data(), body.size())));
  std::fwrite(body.data(), 1, body.size(), stdout);
  return 0;
}
