// SPDX-License-Identifier: Apache-2.0
#include "scenarios/texts/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace zhili::scenarios {
namespace {

constexpr std::string_view topic_letters = "sil";

struct range {
  std::uint32_t lowest = 0;
  std::uint32_t highest = 0;
};

/// Reads 3 or 3-30.
std::optional<range> read_range(std::string_view text) {
  range read;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, read.lowest);
  if (first.ec != std::errc{}) return std::nullopt;
  read.highest = read.lowest;
  if (first.ptr == end) return read;
  if (*first.ptr != '-') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, read.highest);
  if (second.ec != std::errc{} || second.ptr != end || read.highest < read.lowest) return std::nullopt;
  return read;
}

/// Takes the topic letters off a line: a bit each, all three where the line names none.
unsigned take_topics(std::string_view& line) {
  constexpr unsigned all = (1U << topic_count) - 1;
  const auto bar = line.find('|');
  if (bar == std::string_view::npos || bar == 0 || line.find_first_not_of(topic_letters) != bar) return all;
  unsigned topics = 0;
  for (const char letter : line.substr(0, bar)) topics |= 1U << topic_letters.find(letter);
  line.remove_prefix(bar + 1);
  return topics;
}

template <class Line>
void add(by_topic<Line>& list, unsigned topics, Line line) {
  for (std::size_t t = 0; t < topic_count; ++t) {
    if ((topics >> t & 1U) != 0) list.fitting[t].push_back(static_cast<std::uint16_t>(list.lines.size()));
  }
  list.lines.push_back(std::move(line));
}

template <class Line>
status check_topics(
    const text_source& source, const section& from, const by_topic<Line>& list, std::size_t least) {
  for (std::size_t t = 0; t < topic_count; ++t) {
    if (list.fitting[t].size() >= std::max<std::size_t>(least, 1)) continue;
    return fail_at(
        source, from.number,
        fmt::format("section {} has too few lines for topic {}", from.name, topic_letters.substr(t, 1)));
  }
  return {};
}

result<piece> read_slot(
    const text_source& source, source_line line, std::string_view slot, const std::vector<word_list>& words) {
  if (slot == "phrase") return piece{piece::type::phrase, 0, {}, 0, 0};
  if (const auto figure = read_range(slot))
    return piece{piece::type::figure, 0, {}, figure->lowest, figure->highest};
  std::string known = "phrase, a-b";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].name == slot) return piece{piece::type::word, static_cast<std::uint16_t>(i), {}, 0, 0};
    known.append(", ").append(words[i].name);
  }
  return fail_at(source, line.number, fmt::format("no slot {{{}}}; there are {}", slot, known));
}

result<sentence> read_sentence(
    const text_source& source, source_line line, const std::vector<word_list>& words) {
  sentence made;
  for (std::string_view rest = line.text; !rest.empty();) {
    const auto open = std::min(rest.find('{'), rest.size());
    if (open != 0) made.push_back({piece::type::literal, 0, rest.substr(0, open), 0, 0});
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const auto close = rest.find('}');
    if (close == std::string_view::npos) return fail_at(source, line.number, "a { without its }");
    auto slot = read_slot(source, line, rest.substr(1, close - 1), words);
    if (!slot) return tl::unexpected(slot.error());
    made.push_back(*slot);
    rest.remove_prefix(close + 1);
  }
  return made;
}

result<by_topic<sentence>> read_sentences(
    const text_source& source, const section& from, std::size_t phrases,
    const std::vector<word_list>& words) {
  by_topic<sentence> made;
  for (auto line : from.lines) {
    const unsigned topics = take_topics(line.text);
    auto read = read_sentence(source, line, words);
    if (!read) return tl::unexpected(read.error());
    const auto found = std::count_if(
        read->begin(), read->end(), [](const piece& p) { return p.what == piece::type::phrase; });
    if (static_cast<std::size_t>(found) != phrases) {
      return fail_at(source, line.number, "{phrase} stands once in each [carrier] sentence and nowhere else");
    }
    add(made, topics, std::move(*read));
  }
  if (made.lines.size() > stage_sentences_max) {
    return fail_at(
        source, from.number,
        fmt::format("section {} has more than {} lines", from.name, stage_sentences_max));
  }
  return made;
}

}  // namespace

result<std::vector<word_list>> read_words(const text_source& source) {
  const auto sections = read_sections(source);
  if (!sections) return tl::unexpected(sections.error());
  if (sections->size() > word_lists_max) {
    return fail_at(source, 1, fmt::format("more than {} word lists", word_lists_max));
  }
  std::vector<word_list> lists;
  for (const auto& each : *sections) {
    if (!each.note.empty() && each.note != "once") {
      return fail_at(
          source, each.number,
          fmt::format("behind the slot's name only `once` may stand, not {}", each.note));
    }
    word_list list{each.name, each.note == "once", {}};
    for (auto line : each.lines) {
      const unsigned topics = take_topics(line.text);
      add(list.words, topics, line.text);
    }
    if (auto checked = check_topics(source, each, list.words, 1); !checked)
      return tl::unexpected(checked.error());
    lists.push_back(std::move(list));
  }
  return lists;
}

result<text_shape> read_shape(const text_source& source, const std::vector<word_list>& words) {
  const auto sections = read_sections(source);
  if (!sections) return tl::unexpected(sections.error());
  text_shape shape;
  for (const auto& each : *sections) {
    const bool carrier = each.name == "carrier";
    auto sentences = read_sentences(source, each, carrier ? 1 : 0, words);
    if (!sentences) return tl::unexpected(sentences.error());
    const auto count = carrier ? range{1, 1} : read_range(each.note);
    if (!count)
      return fail_at(source, each.number, "a stage says how many sentences: [name 1] or [name 0-2]");
    if (auto checked = check_topics(source, each, *sentences, count->highest); !checked) {
      return tl::unexpected(checked.error());
    }
    if (carrier) {
      shape.carriers = std::move(*sentences);
    } else {
      shape.stages.push_back({count->lowest, count->highest, std::move(*sentences)});
    }
  }
  if (shape.stages.empty() || shape.carriers.lines.empty()) {
    return fail_at(source, 1, "a text needs a stage and a [carrier]");
  }
  return shape;
}

}  // namespace zhili::scenarios
