// SPDX-License-Identifier: Apache-2.0
#include "bench/text_path.hpp"

#include <fmt/format.h>
#include <hs.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "bench/measure.hpp"
#include "bench/process.hpp"
#include "bench/scratch.hpp"
#include "policy/pack.hpp"
#include "policy/text/matcher.hpp"
#include "protocols/types/hash.hpp"
#include "scenarios/texts/phrasebook.hpp"

namespace zhili::bench {
namespace {

using policy::techniques;
using policy::technique;

constexpr std::uint32_t characters_min = 60;
constexpr std::uint32_t characters_max = 200;
constexpr techniques plain =
    techniques::none().with(technique::compatibility).with(technique::letter_case).with(technique::traditional);

std::uint64_t drawn(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t key[2] = {a, b};
  return xxh3_64(std::as_bytes(std::span{key}));
}

/// Characters of a text, each as its bytes.
std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

/// Diaries one behind the other, cut to 60 to 200 characters; one in fifty with a phrase that may not be used.
std::vector<std::string> texts_of(std::uint32_t count) {
  std::vector<std::string> out(count);
  scenarios::text_request request;
  request.kind = subject_kind::diary;
  request.seed = 4;
  std::string diary;
  for (std::uint32_t n = 0; n < count; ++n) {
    const auto wanted = characters_min + drawn(n, 1) % (characters_max - characters_min + 1);
    while (characters_of(out[n]).size() < wanted) {
      ++request.subject;
      request.violation = request.subject % 50 == 0 ? scenarios::violation::absolutes : scenarios::violation::none;
      scenarios::phrasebook::embedded().compose(request, diary);
      out[n] += diary;
    }
    const auto characters = characters_of(out[n]);
    out[n].resize(static_cast<std::size_t>(characters[wanted - 1].data() + characters[wanted - 1].size() - out[n].data()));
  }
  return out;
}

/// The terms of the pack, and up to `count` made of the beginnings of two of them.
std::vector<policy::term> terms_of(const policy::pack& pack, std::uint32_t count) {
  std::vector<std::string> listed;
  for (const auto& category : pack.categories()) listed.insert(listed.end(), category.terms.begin(), category.terms.end());
  std::vector<policy::term> out;
  for (const std::string& text : listed) out.push_back({text, 1, static_cast<std::uint32_t>(out.size())});
  for (std::uint64_t n = 0; out.size() < count; ++n) {
    std::string made;
    for (const std::uint64_t half : {0U, 1U}) {
      const auto characters = characters_of(listed[drawn(n, half) % listed.size()]);
      const auto length = std::min<std::size_t>(1 + drawn(n, 2 + half) % 3, characters.size());
      for (std::size_t i = 0; i < length; ++i) made += characters[i];
    }
    out.push_back({made, 1, static_cast<std::uint32_t>(out.size())});
  }
  return out;
}

/// vectorscan with nothing around it.
class raw_scan {
 public:
  raw_scan(const std::vector<policy::term>& terms) {
    std::vector<std::string> expressions;
    policy::normalised_text text;
    for (const auto& term : terms) {
      policy::normaliser::with(plain)->normalise(term.text, text);
      expressions.push_back(text.utf8());
    }
    std::vector<const char*> begins;
    std::vector<std::size_t> lengths;
    std::vector<unsigned> numbers;
    for (const std::string& e : expressions) {
      numbers.push_back(static_cast<unsigned>(begins.size()));
      begins.push_back(e.data());
      lengths.push_back(e.size());
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* why = nullptr;
    ZHILI_ASSERT(hs_compile_lit_multi(begins.data(), nullptr, numbers.data(), lengths.data(), static_cast<unsigned>(begins.size()),
                                      HS_MODE_BLOCK, nullptr, &database, &why) == HS_SUCCESS, "the terms compile");
    database_.reset(database);
    hs_scratch_t* memory = nullptr;
    ZHILI_ASSERT(hs_alloc_scratch(database, &memory) == HS_SUCCESS, "memory for a scan");
    memory_.reset(memory);
  }

  std::size_t operator()(std::string_view bytes) const {
    std::size_t count = 0;
    const auto counts = [](unsigned, unsigned long long, unsigned long long, unsigned, void* to) {
      ++*static_cast<std::size_t*>(to);
      return 0;
    };
    hs_scan(database_.get(), bytes.data(), static_cast<unsigned>(bytes.size()), 0, memory_.get(), counts, &count);
    return count;
  }

 private:
  struct freed {
    void operator()(hs_database_t* d) const { hs_free_database(d); }
    void operator()(hs_scratch_t* s) const { hs_free_scratch(s); }
  };
  std::unique_ptr<hs_database_t, freed> database_;
  std::unique_ptr<hs_scratch_t, freed> memory_;
};

/// So many texts lie in the cache together.
constexpr std::size_t warm_texts = 128;

std::uint64_t touched(const std::string& bytes) {
  std::uint64_t read = 0;
  for (const char c : bytes) read += static_cast<unsigned char>(c);
  return read;
}
std::uint64_t touched(const policy::normalised_text& text) {
  std::uint64_t read = touched(text.codes);
  for (const policy::text_unit& u : text.units) read += u.end;
  return read;
}

/// A scan comes right behind the normaliser, which has just written what it reads: each text is brought into the cache before
/// the clock starts.
template <class Text, class Work>
std::vector<double> timed_warm(const std::vector<Text>& texts, Work&& work) {
  elapsed all;
  for (std::size_t first = 0; first < texts.size(); first += warm_texts) {
    const std::size_t end = std::min(first + warm_texts, texts.size());
    std::uint64_t read = 0;
    for (std::size_t n = first; n < end; ++n) read += touched(texts[n]);
    keep(read);
    const stopwatch clock;
    for (std::size_t n = first; n < end; ++n) work(texts[n]);
    const elapsed block = clock.since();
    all.cpu_s += block.cpu_s;
    all.wall_s += block.wall_s;
  }
  return per_item(texts.size(), all);
}

struct path {
  std::vector<policy::term> terms;
  std::vector<std::string> texts;
  policy::matcher all;
  policy::matcher simple;
  raw_scan raw;
  std::vector<policy::normalised_text> simple_texts{};
  /// The same in UTF-8, as whoever calls vectorscan by themselves gives them to it.
  std::vector<std::string> raw_texts{};
  std::vector<policy::normalised_text> all_texts{};
  policy::matcher::scratch memory{};
  std::vector<policy::hit> hits{};

  std::vector<double> normalise() {
    policy::normalised_text out;
    return timed(texts.size(), [&] {
      for (const std::string& t : texts) {
        all.words().normalise(t, out);
        keep(out);
      }
    });
  }
  std::vector<double> whole() {
    policy::normalised_text out;
    return timed(texts.size(), [&] {
      for (const std::string& t : texts) {
        all.words().normalise(t, out);
        all.scan(out, memory, hits);
        keep(hits);
      }
    });
  }
  std::vector<double> scan(const policy::matcher& by, const std::vector<policy::normalised_text>& in) {
    return timed_warm(in, [&](const policy::normalised_text& t) {
      by.scan(t, memory, hits);
      keep(hits);
    });
  }
  std::vector<double> raw_only() {
    return timed_warm(raw_texts, [&](const std::string& t) { keep(raw(t)); });
  }
};

/// The terms as they are matched, each once: what both scanners are given.
std::vector<policy::term> distinct(const std::vector<policy::term>& terms) {
  std::vector<policy::term> out;
  std::set<std::string> seen;
  policy::normalised_text text;
  for (const auto& term : terms) {
    policy::normaliser::with(plain)->normalise(term.text, text);
    if (seen.insert(text.utf8()).second) out.push_back({text.utf8(), 1, static_cast<std::uint32_t>(out.size())});
  }
  return out;
}

/// Ten thousand terms and the texts, normalised both ways. `each_once`: as a peer needs them.
result<path> make_path(const settings& s, bool each_once) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  auto terms = terms_of(**pack, s.of(10'000u, 1'000u));
  if (each_once) terms = distinct(terms);
  auto all = policy::matcher::compile(terms);
  if (!all) return tl::unexpected(all.error());
  auto simple = policy::matcher::compile(terms, plain);
  if (!simple) return tl::unexpected(simple.error());
  raw_scan raw{terms};
  path p{std::move(terms), texts_of(s.of(32'768u, 256u)), std::move(*all), std::move(*simple), std::move(raw)};
  p.simple_texts.resize(p.texts.size());
  p.all_texts.resize(p.texts.size());
  for (std::size_t n = 0; n < p.texts.size(); ++n) {
    p.simple.words().normalise(p.texts[n], p.simple_texts[n]);
    p.raw_texts.push_back(p.simple_texts[n].utf8());
    p.all.words().normalise(p.texts[n], p.all_texts[n]);
  }
  return p;
}

/// Of each text its terms, one for every place where it was found.
using found_terms = std::vector<std::vector<std::uint32_t>>;
found_terms found_in(path& p, const policy::matcher& by, const std::vector<policy::normalised_text>& in) {
  found_terms out;
  for (const auto& t : in) {
    by.scan(t, p.memory, p.hits);
    auto& terms = out.emplace_back();
    for (const policy::hit& h : p.hits) terms.push_back(h.term);
    std::sort(terms.begin(), terms.end());
  }
  return out;
}

std::size_t count_of(const found_terms& found) {
  std::size_t count = 0;
  for (const auto& terms : found) count += terms.size();
  return count;
}

status write_for_peer(const std::filesystem::path& file, const std::vector<policy::term>& terms,
                      const std::vector<policy::normalised_text>& texts, const found_terms& found) {
  nlohmann::json j;
  for (const auto& term : terms) j["terms"].push_back(term.text);
  for (const auto& text : texts) j["texts"].push_back(text.utf8());
  j["found"] = found;
  std::ofstream out(file);
  out << j;
  return out.flush() ? status{} : fail(errc::io, "the texts for the peer cannot be written");
}

/// Fails where the peer finds other terms in any text.
result<std::vector<double>> through_fastscan(const std::string& script, const std::string& file) {
  const auto ran = run_child({"/usr/bin/env", "node", script, file});
  if (!ran) return tl::unexpected(ran.error());
  const auto j = nlohmann::json::parse(ran->out, nullptr, false);
  if (!j.is_object() || j.value("texts", std::size_t{0}) == 0 || j["agreed"] != j["texts"])
    return fail(errc::diverged, fmt::format("fastscan says otherwise: {}", ran->out));
  const double texts = j["texts"];
  const double cpu = j["cpu_s"], wall = j["wall_s"];
  return std::vector<double>{cpu / texts * 1e9, wall / texts * 1e9, texts / wall / 1e3};
}

}  // namespace

result<std::vector<table>> run_text_peers(const settings& s) {
  auto made = make_path(s, true);
  if (!made) return tl::unexpected(made.error());
  path& p = *made;
  const found_terms found = found_in(p, p.simple, p.simple_texts);
  const scratch_folder folder(s);
  const std::string file = (folder.path() / "texts.json").string();
  if (status written = write_for_peer(file, p.terms, p.simple_texts, found); !written) return tl::unexpected(written.error());
  const std::string script = (s.root / "bench/peers/fastscan.mjs").string();
  table t;
  t.name = "text-peers";
  t.title = "texts beside npm's fastscan";
  t.says = fmt::format(
      "{} texts of {} to {} characters and {} terms for both, one thread each; the scan alone and fastscan read texts that are "
      "normalised already and find the same terms in each text, {} in all. Ours places each in the original bytes; fastscan's search() gives word and "
      "place, run three times before the clock starts.",
      p.texts.size(), characters_min, characters_max, p.terms.size(), count_of(found));
  t.metrics = item_metrics("text");
  const status ran = interleave(s.rounds,
                                {{"text path, every disguise", [&] { return p.whole(); }},
                                 {"scan alone", [&] { return p.scan(p.simple, p.simple_texts); }},
                                 {"fastscan", [&] { return through_fastscan(script, file); }}},
                                t);
  if (!ran) return tl::unexpected(ran.error());
  const double peer = t.median("fastscan");
  t.goals = {{"fastscan's time by the text path's", peer / t.median("text path, every disguise"), 4, true, 1, " times"},
             {"fastscan's time by the scan's alone", peer / t.median("scan alone"), 15, true, 1, " times"}};
  return std::vector<table>{std::move(t)};
}

result<table> text_path(const settings& s) {
  auto made = make_path(s, false);
  if (!made) return tl::unexpected(made.error());
  path& p = *made;
  const std::size_t hits = count_of(found_in(p, p.all, p.all_texts));
  double bytes = 0;
  for (const std::string& text : p.texts) bytes += static_cast<double>(text.size());
  table t;
  t.name = "text";
  t.title = "the text path: every disguise, ten thousand terms";
  t.says = fmt::format(
      "{} texts of {} to {} characters, {:.0f} bytes on the mean, one thread; {} terms: those of baseline-2021 and others made of "
      "their halves; {:.2f} hits a text. Two streams: characters, and how they sound. The scan alone and raw vectorscan look "
      "for the same terms in the stream of characters, vectorscan in UTF-8 as whoever calls it gives it, the scan in codes of "
      "two bytes (ADR 15); both texts in the cache as behind the normaliser.",
      p.texts.size(), characters_min, characters_max, bytes / static_cast<double>(p.texts.size()), p.terms.size(),
      static_cast<double>(hits) / static_cast<double>(p.texts.size()));
  t.metrics = item_metrics("text");
  const status ran = interleave(s.rounds,
                                {{"normalise", [&] { return p.normalise(); }},
                                 {"both streams, spelled and scanned", [&] { return p.scan(p.all, p.all_texts); }},
                                 {"text path: both together", [&] { return p.whole(); }},
                                 {"scan alone", [&] { return p.scan(p.simple, p.simple_texts); }},
                                 {"raw vectorscan (floor)", [&] { return p.raw_only(); }}},
                                t);
  if (!ran) return tl::unexpected(ran.error());
  t.goals = {{"texts a second of CPU", 1e9 / t.median("text path: both together"), 250'000, true, 0, ""},
             {"scan alone, of raw vectorscan's speed", t.median("raw vectorscan (floor)") / t.median("scan alone") * 100, 90, true, 0, " %"}};
  return t;
}

}  // namespace zhili::bench
