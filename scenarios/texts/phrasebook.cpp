// SPDX-License-Identifier: Apache-2.0
#include "scenarios/texts/phrasebook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "protocols/types/limits.hpp"

namespace zhili::scenarios {
namespace {

/// Uses of one purpose for one text: the text around the phrase, the phrase, its spelling, a near miss.
enum class use : std::uint32_t { around, phrase, spelling, near_miss, count };

dice dice_for(const text_request& request, use what) {
  const bool shared = request.shared_text != 0;
  // Subjects of two kinds may have one number: their texts are to have nothing in common.
  const auto occasion = static_cast<std::uint32_t>(request.kind) * static_cast<std::uint32_t>(use::count);
  return {
      request.seed, shared ? request.shared_text : request.subject,
      shared ? purpose::shared_text : purpose::text, occasion + static_cast<std::uint32_t>(what)};
}

/// How often texts are about surgery, injections, skin.
constexpr std::array<std::uint32_t, topic_count> topic_weights{30, 30, 40};

result<text_source> find(std::span<const text_source> sources, std::string_view file) {
  for (const auto& each : sources) {
    if (each.file == file) return each;
  }
  return fail(errc::not_found, fmt::format("no source of texts is called {}", file));
}

}  // namespace

/// One composition: what it draws from and where it writes.
struct phrasebook::writer {
  const phrasebook& book;
  const text_request& request;
  std::string& out;
  dice draw;
  dice phrase_draw;
  dice spelling_draw;
  std::size_t about;
  std::string_view phrase{};
  std::array<std::string_view, word_lists_max> fixed{};

  writer(const phrasebook& from, const text_request& r, std::string& to)
      : book(from),
        request(r),
        out(to),
        draw(dice_for(r, use::around)),
        phrase_draw(dice_for(r, use::phrase)),
        spelling_draw(dice_for(r, use::spelling)),
        about(draw.pick(topic_weights)) {
    for (std::size_t i = 0; i < book.words_.size(); ++i) {
      if (book.words_[i].once) fixed[i] = word(book.words_[i], draw);
    }
  }

  [[nodiscard]] std::string_view word(const word_list& list, dice& d) const {
    const auto& fitting = list.words.fitting[about];
    return list.words.lines[fitting[d.below(fitting.size())]];
  }

  void put(std::string_view text) {
    const bool whole = request.violation == violation::none;
    book.respeller_.append(text, whole ? request.evasion : evasion::none, spelling_draw, out);
  }

  void put_figure(const piece& part, dice& d) {
    std::array<char, 12> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), d.between(part.lowest, part.highest)).ptr;
    put({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  void put_sentence(const sentence& line, dice& d) {
    for (const auto& part : line) {
      switch (part.what) {
        case piece::type::literal: put(part.text); break;
        case piece::type::figure: put_figure(part, d); break;
        case piece::type::phrase: book.respeller_.append(phrase, request.evasion, spelling_draw, out); break;
        case piece::type::word:
          put(fixed[part.list].empty() ? word(book.words_[part.list], d) : fixed[part.list]);
          break;
      }
    }
  }

  /// Different sentences: one that stands already gives way to the next.
  void put_stage(const stage& from) {
    const auto& fitting = from.sentences.fitting[about];
    std::uint64_t taken = 0;
    for (auto count = draw.between(from.least, from.most); count > 0; --count) {
      auto at = draw.below(fitting.size());
      while ((taken >> at & 1U) != 0) at = (at + 1) % fitting.size();
      taken |= std::uint64_t{1} << at;
      put_sentence(from.sentences.lines[fitting[at]], draw);
    }
  }

  void put_insertions(const text_shape& shape) {
    if (request.near_miss) {
      put(book.harmless_[dice_for(request, use::near_miss).below(book.harmless_.size())]);
      put("。");
    }
    if (phrase.empty()) return;
    const auto& fitting = shape.carriers.fitting[about];
    put_sentence(shape.carriers.lines[fitting[phrase_draw.below(fitting.size())]], phrase_draw);
  }
};

result<phrasebook> phrasebook::parse(std::span<const text_source> sources) {
  phrasebook book;
  const auto words = find(sources, "words").and_then([](const text_source& s) { return read_words(s); });
  if (!words) return tl::unexpected(words.error());
  book.words_ = *words;
  constexpr std::array<std::string_view, shape_count> shapes{"listing", "diary", "post", "ad", "review"};
  for (std::size_t i = 0; i < shape_count; ++i) {
    auto shape =
        find(sources, shapes[i]).and_then([&](const text_source& s) { return read_shape(s, book.words_); });
    if (!shape) return tl::unexpected(shape.error());
    book.shapes_[i] = std::move(*shape);
  }
  auto spelling =
      find(sources, "evasions").and_then([](const text_source& s) { return respeller::parse(s); });
  if (!spelling) return tl::unexpected(spelling.error());
  book.respeller_ = std::move(*spelling);
  const auto rest = find(sources, "illegal")
                        .and_then([&](const text_source& s) { return book.read_illegal(s); })
                        .and_then([&] { return find(sources, "harmless"); })
                        .and_then([&](const text_source& s) { return book.read_harmless(s); });
  if (!rest) return tl::unexpected(rest.error());
  return book;
}

const phrasebook& phrasebook::embedded() {
  static const phrasebook book = [] {
    auto parsed = parse(embedded_sources());
    ZHILI_ASSERT(parsed, parsed.error().detail);
    return std::move(*parsed);
  }();
  return book;
}

status phrasebook::read_illegal(const text_source& source) {
  const auto sections = read_sections(source);
  if (!sections) return tl::unexpected(sections.error());
  for (const auto& each : *sections) {
    const auto v = violation_named(each.name);
    if (!v || *v == violation::none)
      return fail_at(source, each.number, fmt::format("no violation is called {}", each.name));
    unsigned all = 0;
    for (const auto& line : each.lines) {
      unsigned bits = 0;
      for (unsigned e = 1; e < evasion_count; ++e) {
        bits |= can_respell(line.text, static_cast<evasion>(e)) ? 1U << e : 0U;
      }
      all |= bits;
      phrases_[static_cast<std::size_t>(*v)].push_back(line.text);
      respellable_[static_cast<std::size_t>(*v)].push_back(static_cast<std::uint8_t>(bits));
    }
    for (unsigned e = 1; e < evasion_count; ++e) {
      if ((all >> e & 1U) != 0) continue;
      return fail_at(
          source, each.number,
          fmt::format("{} can respell no phrase of {}", name(static_cast<evasion>(e)), each.name));
    }
  }
  for (std::size_t v = 1; v < violation_count; ++v) {
    if (!phrases_[v].empty()) continue;
    return fail_at(source, 1, fmt::format("there is no section [{}]", name(static_cast<violation>(v))));
  }
  return {};
}

status phrasebook::read_harmless(const text_source& source) {
  const auto sections = read_sections(source);
  if (!sections) return tl::unexpected(sections.error());
  for (const auto& each : *sections) {
    if (!violation_named(each.name)) {
      return fail_at(source, each.number, fmt::format("no violation is called {}", each.name));
    }
    for (const auto& line : each.lines) harmless_.push_back(line.text);
  }
  if (harmless_.empty()) return fail_at(source, 1, "there is no sentence");
  return {};
}

std::size_t phrasebook::choose_phrase(const text_request& request, dice& draw) const {
  const auto& bits = respellable_[static_cast<std::size_t>(request.violation)];
  auto at = draw.below(bits.size());
  // The phrase stays the same under another spelling wherever that spelling can say it.
  const auto wanted = static_cast<unsigned>(request.evasion);
  while (wanted != 0 && (unsigned{bits[at]} >> wanted & 1U) == 0) at = (at + 1) % bits.size();
  return at;
}

std::string_view phrasebook::compose(const text_request& request, std::string& out) const {
  out.clear();
  writer to(*this, request, out);
  if (request.violation != violation::none) {
    to.phrase = phrases_[static_cast<std::size_t>(request.violation)][choose_phrase(request, to.phrase_draw)];
  }
  const auto& shape = shapes_[shape_of(request.kind)];
  const auto insert_behind = to.draw.below(shape.stages.size());
  for (std::size_t i = 0; i < shape.stages.size(); ++i) {
    to.put_stage(shape.stages[i]);
    if (i == insert_behind) to.put_insertions(shape);
  }
  ZHILI_ASSERT(out.size() <= limits::text_bytes_max, "a composed text is longer than a text may be");
  return to.phrase;
}

std::span<const std::string_view> phrasebook::phrases(violation v) const {
  return phrases_[static_cast<std::size_t>(v)];
}

bool phrasebook::has_text(subject_kind kind) {
  return kind == subject_kind::product || kind == subject_kind::diary || kind == subject_kind::post ||
         kind == subject_kind::ad || kind == subject_kind::review;
}

phrasebook::shape_no phrasebook::shape_of(subject_kind kind) {
  switch (kind) {
    case subject_kind::product: return listing;
    case subject_kind::diary: return diary;
    case subject_kind::post: return post;
    case subject_kind::ad: return ad;
    case subject_kind::review: return review;
    default: break;
  }
  ZHILI_ASSERT(false, "this kind of subject has no text");
}

}  // namespace zhili::scenarios
