// SPDX-License-Identifier: Apache-2.0
// Writes policy/data/fold.tsv (default) or policy/data/kinds.tsv (with the argument `kinds`) to standard output from
// ICU's data: run by hand when ICU's data or the recipe changes, never by the build (docs/adr/0009).
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

namespace {

void require(UErrorCode status, const char* what) {
  if (U_SUCCESS(status)) return;
  std::fprintf(stderr, "foldgen: %s: %s\n", what, u_errorName(status));
  std::exit(1);
}

void append_hex(std::string& out, UChar32 code_point) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%04X", static_cast<unsigned>(code_point));
  out += digits;
}

void line(char step, UChar32 from, const icu::UnicodeString& to) {
  std::string out{step, '\t'};
  append_hex(out, from);
  char before = '\t';
  for (std::int32_t i = 0; i < to.length(); i = to.moveIndex32(i, 1)) {
    out += before;
    append_hex(out, to.char32At(i));
    before = ' ';
  }
  std::puts(out.c_str());
}

bool is_latin(UChar32 c) {
  auto status = U_ZERO_ERROR;
  return uscript_getScript(c, &status) == USCRIPT_LATIN;
}

/// Each step by itself, code point by code point: zhili puts them together, without those that a pack switches off.
class steps {
 public:
  steps() {
    auto status = U_ZERO_ERROR;
    nfkc_ = icu::Normalizer2::getNFKCInstance(status);
    require(status, "NFKC");
    nfd_ = icu::Normalizer2::getNFDInstance(status);
    require(status, "NFD");
    to_simplified_.reset(icu::Transliterator::createInstance("Traditional-Simplified", UTRANS_FORWARD, status));
    require(status, "Traditional-Simplified");
  }

  icu::UnicodeString compatible(UChar32 c) const {
    auto status = U_ZERO_ERROR;
    const auto out = nfkc_->normalize(icu::UnicodeString(c), status);
    require(status, "normalize");
    return out;
  }

  icu::UnicodeString small(UChar32 c) const {
    icu::UnicodeString out(c);
    return out.foldCase();
  }

  /// Where ICU goes round in a circle (U+82CE and U+82E7, each said to be the other's simplified form), the least of
  /// the circle stands for all.
  icu::UnicodeString simplified(UChar32 c) const {
    icu::UnicodeString text(c);
    for (int round = 0; round < 8; ++round) {
      const auto next = simplified_once(text);
      if (next == text) return text;
      if (simplified_once(next) == text) return std::min(text, next);
      text = next;
    }
    std::fprintf(stderr, "foldgen: U+%04X does not come to rest\n", static_cast<unsigned>(c));
    std::exit(1);
  }

  /// é to e, ǚ to v: a letter of the Latin script without its marks.
  icu::UnicodeString without_marks(UChar32 c) const {
    if (!is_latin(c)) return c;
    auto status = U_ZERO_ERROR;
    const auto apart = nfd_->normalize(icu::UnicodeString(c), status);
    require(status, "normalize");
    if (apart.char32At(0) == 'u' && apart.indexOf(UChar32{0x308}) > 0) return UChar32{'v'};
    icu::UnicodeString out;
    for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
      if (u_charType(apart.char32At(i)) != U_NON_SPACING_MARK) out += apart.char32At(i);
    }
    return out;
  }

 private:
  icu::UnicodeString simplified_once(const icu::UnicodeString& text) const {
    auto out = text;
    to_simplified_->transliterate(out);
    return out;
  }

  const icu::Normalizer2* nfkc_ = nullptr;
  const icu::Normalizer2* nfd_ = nullptr;
  std::unique_ptr<icu::Transliterator> to_simplified_;
};

int write_fold() {
  std::printf(
      "# What single code points become, each step by itself: step, tab, code point, tab, what it becomes.\n"
      "# n NFKC, c full case folding, s Traditional-Simplified, m without the marks of Latin letters.\n"
      "# ICU %s, Unicode %s; made by policy/tools/foldgen.cpp, not to be edited by hand.\n",
      U_ICU_VERSION, U_UNICODE_VERSION);
  const steps of;
  for (UChar32 c = 0; c <= UCHAR_MAX_VALUE; ++c) {
    if (U_IS_SURROGATE(static_cast<unsigned>(c))) continue;
    const icu::UnicodeString same(c);
    if (const auto to = of.compatible(c); to != same) line('n', c, to);
    if (const auto to = of.small(c); to != same) line('c', c, to);
    if (const auto to = of.simplified(c); to != same) line('s', c, to);
    if (const auto to = of.without_marks(c); to != same) line('m', c, to);
  }
  return 0;
}

/// i not seen, b bidi control, w weak separator, p punctuation that ends a clause, h Chinese character, l letter a-z,
/// d digit 0-9, o anything else that is a sign of its own: letters of other scripts, %, currency.
char kind_of(UChar32 c) {
  if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) return 'b';
  if (c == '\n') return 'p';
  if (c == '\t') return 'w';
  const auto type = u_charType(c);
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || type == U_CONTROL_CHAR || type == U_FORMAT_CHAR) return 'i';
  if ((type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) && (c < 0x370 || (c >= 0x1AB0 && c < 0x1B00) ||
      (c >= 0x1DC0 && c < 0x1E00) || (c >= 0x20D0 && c < 0x2100) || (c >= 0xFE20 && c < 0xFE30)))
    return 'i';
  if (c >= 'a' && c <= 'z') return 'l';
  if (c >= '0' && c <= '9') return 'd';
  auto status = U_ZERO_ERROR;
  if (uscript_getScript(c, &status) == USCRIPT_HAN && (u_isalpha(c) || type == U_OTHER_SYMBOL)) return 'h';
  // Strokes and radicals stand for characters where one is taken apart.
  if (c >= 0x2E80 && c <= 0x2FDF) return 'h';
  if (std::strchr(",!?;:", static_cast<int>(c < 0x80 ? c : 0)) != nullptr && c != 0 && c < 0x80) return 'p';
  if (c == 0x3002 || c == 0x3001 || c == 0x2014 || c == 0xFF61 || c == 0x2028 || c == 0x2029 || c == 0x2026) return 'p';
  if (c == '%' || c == 0x2030 || u_charType(c) == U_CURRENCY_SYMBOL || c == 0xFFFD) return 'o';
  switch (type) {
    case U_SPACE_SEPARATOR: case U_LINE_SEPARATOR: case U_PARAGRAPH_SEPARATOR: case U_DASH_PUNCTUATION:
    case U_START_PUNCTUATION: case U_END_PUNCTUATION: case U_CONNECTOR_PUNCTUATION: case U_OTHER_PUNCTUATION:
    case U_INITIAL_PUNCTUATION: case U_FINAL_PUNCTUATION: case U_MATH_SYMBOL: case U_MODIFIER_SYMBOL:
    case U_OTHER_SYMBOL: return 'w';
    // Not assigned as of this Unicode, in the planes where later ones put their emoji.
    case U_UNASSIGNED: return c >= 0x1F000 && c < 0x20000 ? 'w' : 'o';
    default: return 'o';
  }
}

int write_kinds() {
  std::printf(
      "# What code points are to the normaliser: first, tab, last, tab, kind; what is not listed is o.\n"
      "# i not seen, b bidi control, w weak separator, p ends a clause, h Chinese, l letter a-z, d digit 0-9, o other.\n"
      "# ICU %s, Unicode %s; made by policy/tools/foldgen.cpp, not to be edited by hand.\n",
      U_ICU_VERSION, U_UNICODE_VERSION);
  UChar32 first = 0;
  char kind = kind_of(0);
  for (UChar32 c = 1; c <= UCHAR_MAX_VALUE + 1; ++c) {
    const char next = c > UCHAR_MAX_VALUE ? '\0' : kind_of(c);
    if (next == kind) continue;
    if (kind != 'o') std::printf("%04X\t%04X\t%c\n", static_cast<unsigned>(first), static_cast<unsigned>(c - 1), kind);
    first = c;
    kind = next;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return argc == 2 && std::strcmp(argv[1], "kinds") == 0 ? write_kinds() : write_fold();
}
