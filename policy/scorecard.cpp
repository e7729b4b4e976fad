// SPDX-License-Identifier: Apache-2.0
#include "policy/scorecard.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "policy/text/utf8.hpp"
#include "protocols/types/hash.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr unsigned character_bits = 21;

/// Up to three characters in one number; none is 0.
std::uint64_t packed(std::span<const std::uint32_t> characters) {
  std::uint64_t out = 0;
  for (const std::uint32_t c : characters) out = out << character_bits | c;
  return out;
}

std::uint64_t hash_of(std::uint64_t term) { return term * 0x9e3779b97f4a7c15 >> 32; }

/// Of a span at most 3 terms a character are counted.
constexpr std::size_t counted_places = 512;
static_assert(counted_places > 2 * scored_span_max * scored_characters_max);
constexpr std::uint32_t nothing = 0xffffffff;

bool ends_sentence(std::uint32_t c) {
  return std::u32string_view(U"。！!？?；;\n").find(static_cast<char32_t>(c)) != std::u32string_view::npos;
}

std::optional<std::int32_t> weight_of(std::string_view text) {
  std::int32_t out = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out < -score_weight_max || out > score_weight_max ? std::nullopt : std::optional(out);
}

/// Nothing where it is not UTF-8.
std::optional<std::vector<std::uint32_t>> decoded(std::string_view text) {
  std::vector<std::uint32_t> out;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    const utf8::decoded one = bytes[at] < 0x80 ? utf8::decoded{bytes[at], 1} : utf8::decode(bytes + at, text.size() - at);
    if (one.length == 0) return std::nullopt;
    out.push_back(one.code_point);
    at += one.length;
  }
  return out;
}

/// Of a file, with the number of the line at hand.
class lines {
 public:
  explicit lines(std::string_view text) : rest_(text) {}
  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  std::uint32_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::uint32_t number_ = 0;
};

bool is_name(std::string_view s) {
  return !s.empty() && s.size() <= 64 &&
         std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

std::size_t scorecard::place(std::uint64_t term, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  while (slots_[at].term != 0 && slots_[at].term != term) at = (at + 1) & mask;
  return at;
}

void scorecard::put(std::uint64_t term, std::int32_t weight) {
  if (slots_.size() < 2 * (count_ + 1)) {
    const std::vector<slot> before = std::move(slots_);
    slots_.assign(std::max<std::size_t>(16, before.size() * 2), {});
    for (const slot& s : before) {
      if (s.term != 0) slots_[place(s.term, hash_of(s.term))] = s;
    }
  }
  const std::uint64_t hash = hash_of(term);
  filter_.resize(filter_words);
  filter_[hash % (64 * filter_words) / 64] |= std::uint64_t{1} << (hash % 64);
  slot& s = slots_[place(term, hash)];
  count_ += s.term == 0 ? 1U : 0U;
  s = {term, weight};
}

std::optional<scorecard> scorecard::read(std::string_view text, std::string_view file, diagnostics& found) {
  scorecard out;
  out.fingerprint_ = xxh3_64(as_bytes_view(text));
  lines all(text);
  while (const auto line = all.next()) {
    if (line->empty()) break;
    if (line->starts_with('#')) continue;
    const std::size_t colon = line->find(": ");
    const std::string_view key = line->substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? std::string_view{} : line->substr(colon + 2);
    if (key == "name" && is_name(value)) {
      out.name_ = value;
    } else if (key == "zh" && !value.empty()) {
      out.title_.zh = value;
    } else if (key == "en" && !value.empty()) {
      out.title_.en = value;
    } else if (const auto bias = weight_of(value); key == "bias" && bias) {
      out.bias_ = *bias;
    } else {
      found.add(file, {all.number(), 1},
                tell("评分卡的开头要写 'name:'（小写字母和 _）、'zh:'、'en:' 和 'bias:'（整数），然后空一行",
                     "a scorecard begins with 'name:' (lower-case letters and _), 'zh:', 'en:' and 'bias:' (a whole number), "
                     "then an empty line"));
      return std::nullopt;
    }
  }
  if (out.name_.empty() || out.title_.zh.empty() || out.title_.en.empty()) {
    found.add(file, {1, 1}, tell("评分卡的开头少了 'name:'、'zh:' 或 'en:'", "the scorecard's head lacks 'name:', 'zh:' or 'en:'"));
    return std::nullopt;
  }
  while (const auto line = all.next()) {
    if (line->empty() || line->starts_with('#')) continue;
    const std::size_t tab = line->find('\t');
    const auto weight = tab == std::string_view::npos ? std::nullopt : weight_of(line->substr(tab + 1));
    const auto term = decoded(line->substr(0, std::min(tab, line->size())));
    if (!weight || !term || term->empty() || term->size() > scored_characters_max) {
      found.add(file, {all.number(), 1},
                tell("每行要写一个词（1 到 {} 个字）、一个制表符和它的分（-{} 到 {} 的整数）",
                     "each line is a term of 1 to {} characters, a tab and its weight, a whole number from -{} to {}",
                     scored_characters_max, score_weight_max, score_weight_max));
    } else if (out.count_ == scorecard_terms_max) {
      found.add(file, {all.number(), 1}, tell("一张评分卡超过 {} 个词", "more than {} terms in one scorecard", scorecard_terms_max));
      break;
    } else {
      out.put(packed(*term), *weight);
    }
  }
  return out;
}

template <class Take>
void scorecard::cut(std::span<const std::uint32_t> characters, Take take) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < characters.size(); ++at) {
    const std::size_t length = at + 1 - begin;
    if (!(ends_sentence(characters[at]) && length >= scored_span_min) && length != scored_span_max) continue;
    take(begin, length);
    begin = at + 1;
  }
  if (begin < characters.size() || begin == 0) take(begin, characters.size() - begin);
}

template <class Take>
void scorecard::count(std::span<const std::uint32_t> characters, std::vector<std::uint32_t>& room, Take take) const {
  if (slots_.empty()) return;
  // The places that were counted, as a set of its own: less than half full.
  room.assign(counted_places, nothing);
  const auto is_new = [&](std::uint32_t found) {
    std::size_t at = found % counted_places;
    while (room[at] != nothing && room[at] != found) at = (at + 1) % counted_places;
    return std::exchange(room[at], found) == nothing;
  };
  for (std::size_t at = 0; at < characters.size(); ++at) {
    std::uint64_t term = 0;
    const std::size_t end = std::min(at + scored_characters_max, characters.size());
    for (std::size_t next = at; next < end; ++next) {
      term = term << character_bits | characters[next];
      const std::uint64_t hash = hash_of(term);
      if (!may_hold(hash)) continue;
      const std::size_t found = place(term, hash);
      if (slots_[found].term != 0 && is_new(static_cast<std::uint32_t>(found)))
        take(at, next + 1 - at, slots_[found].weight);
    }
  }
}

std::int64_t scorecard::score_span(std::span<const std::uint32_t> characters, std::vector<std::uint32_t>& room) const {
  std::int64_t sum = bias_;
  count(characters, room, [&](std::size_t, std::size_t, std::int32_t weight) { sum += weight; });
  return sum;
}

std::int64_t scorecard::score(std::span<const std::uint32_t> characters, std::vector<std::uint32_t>& room) const {
  std::optional<std::int64_t> highest;
  cut(characters, [&](std::size_t first, std::size_t length) {
    const std::int64_t score = score_span(characters.subspan(first, length), room);
    highest = highest ? std::max(*highest, score) : score;
  });
  return *highest;
}

scorecard::reason scorecard::why(std::span<const std::uint32_t> characters) const {
  std::vector<std::uint32_t> room;
  std::optional<reason> best;
  cut(characters, [&](std::size_t first, std::size_t length) {
    const std::int64_t score = score_span(characters.subspan(first, length), room);
    if (!best || score > best->score) best = reason{score, first, length, {}};
  });
  count(characters.subspan(best->first, best->length), room, [&](std::size_t at, std::size_t length, std::int32_t weight) {
    best->terms.push_back({best->first + at, length, weight});
  });
  return std::move(*best);
}

std::vector<std::pair<std::string, std::int32_t>> scorecard::terms_with(std::string_view part) const {
  constexpr std::uint64_t mask = (std::uint64_t{1} << character_bits) - 1;
  std::vector<std::pair<std::string, std::int32_t>> out;
  for (const slot& s : slots_) {
    std::string written;
    for (std::size_t place = scored_characters_max; place-- > 0;) {
      const auto character = static_cast<std::uint32_t>(s.term >> place * character_bits & mask);
      char one[4];
      if (character != 0) written.append(one, utf8::encode(character, one));
    }
    if (!written.empty() && written.find(part) != std::string::npos) out.emplace_back(std::move(written), s.weight);
  }
  std::sort(out.begin(), out.end());
  return out;
}

void add_scorecard(std::string_view text, std::string_view file, std::vector<scorecard>& to, diagnostics& found) {
  auto card = scorecard::read(text, file, found);
  if (!card) return;
  const auto same = [&](const scorecard& other) { return other.name() == card->name(); };
  if (std::any_of(to.begin(), to.end(), same))
    found.add(file, {1, 1}, tell("已经有一张评分卡叫 '{}'", "another scorecard is called '{}' already", card->name()));
  to.push_back(std::move(*card));
}

void scored_characters(const std::vector<std::uint32_t>& readable, std::vector<std::uint32_t>& out) {
  out.clear();
  for (const std::uint32_t c : readable) {
    const bool is_digit = c >= '0' && c <= '9';
    if (is_digit && !out.empty() && out.back() == '0') continue;
    out.push_back(is_digit ? std::uint32_t{'0'} : c);
  }
}

void score_sheet::begin(std::span<const scorecard> cards, text_reading& text) {
  cards_ = cards;
  text_ = &text;
  is_read_ = false;
  known_.assign(cards.size(), std::nullopt);
}

std::int64_t score_sheet::score(std::size_t card) {
  if (known_[card]) return *known_[card];
  if (!is_read_) scored_characters(text_->characters(), characters_);
  is_read_ = true;
  known_[card] = cards_[card].score(characters_, room_);
  return *known_[card];
}

}  // namespace zhili::policy
