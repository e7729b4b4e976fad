// SPDX-License-Identifier: Apache-2.0
// What a text costs: its hash, normalising, the scan, and the whole judgement.
#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/diaries.hpp"
#include "bench/measure.hpp"
#include "bench/text_path.hpp"
#include "policy/fields/content.hpp"
#include "policy/pack_compiled.hpp"
#include "scenarios/texts/phrasebook.hpp"

namespace zhili::bench {
namespace {

namespace slot = fields::content::slot;

/// Diaries as agents write them: of a hundred, two with a listed kind of phrase.
std::vector<std::string> composed(std::uint32_t count) {
  std::vector<std::string> texts(count);
  scenarios::text_request request;
  request.kind = subject_kind::diary;
  request.seed = 2;
  for (std::string& text : texts) {
    ++request.subject;
    request.violation = request.subject % 50 == 0 ? scenarios::violation::absolutes : scenarios::violation::none;
    scenarios::phrasebook::embedded().compose(request, text);
  }
  return texts;
}

struct pass {
  std::vector<std::string> texts;
  const policy::pack& pack;
  std::vector<policy::normalised_text> normalised;

  std::vector<double> copy() {
    std::string into;
    return timed(texts.size(), [&] {
      for (const std::string& t : texts) {
        into.assign(t);
        keep(into);
      }
    });
  }
  std::vector<double> hash() {
    return timed(texts.size(), [&] {
      for (const std::string& t : texts) keep(blake2b_256(as_bytes_view(t)));
    });
  }
  std::vector<double> normalise() {
    policy::normalised_text out;
    return timed(texts.size(), [&] {
      for (const std::string& t : texts) {
        pack.normalise(t, out);
        keep(out);
      }
    });
  }
  std::vector<double> scan() {
    policy::matcher::scratch memory;
    std::vector<policy::hit> hits;
    return timed(texts.size(), [&] {
      for (const policy::normalised_text& t : normalised) {
        pack.internals().plan(fields::content::stage::diary)->terms->scan(t, memory, hits);
        keep(hits);
      }
    });
  }
  /// `with_text` false: the rules alone.
  std::vector<double> judge(bool with_text) {
    policy::slots slots;
    slots.set_int(slot::author_band, 0);
    slots.set_bool(slot::institution_named, true);
    policy::scratch memory;
    policy::judgement out;
    return timed(texts.size(), [&] {
      for (const std::string& t : texts) {
        pack.judge(fields::content::stage::diary, slots, with_text ? std::string_view{t} : std::string_view{},
                   instant{1'626'537'600'000}, 0, memory, out);
        keep(out);
      }
    });
  }
};

}  // namespace

result<std::vector<table>> run_text(const settings& s) {
  const auto pack = policy::pack::load(s.root / "packs/baseline-2021");
  if (!pack) return tl::unexpected(pack.error());
  pass p{composed(s.of(65'536u, 256u)), **pack, {}};
  double bytes = 0;
  p.normalised.resize(p.texts.size());
  for (std::size_t n = 0; n < p.texts.size(); ++n) {
    (*pack)->normalise(p.texts[n], p.normalised[n]);
    bytes += static_cast<double>(p.texts[n].size());
  }
  const double mean = bytes / static_cast<double>(p.texts.size());
  std::size_t terms = 0;
  for (const auto& category : (*pack)->categories()) terms += category.terms.size();

  table t;
  t.name = "text";
  t.title = "a text on its way through the pack baseline-2021";
  t.says = fmt::format(
      "{} composed diaries, {:.0f} bytes each on the mean, one thread; {} listed terms in {} categories, {} rules in all. "
      "The pack sees through full width, case and script alone. Scanning starts from texts that are normalised already; judging normalises, scans and runs the rules.",
      p.texts.size(), mean, terms, (*pack)->categories().size(), (*pack)->rule_count());
  t.metrics = item_metrics("text");
  const status ran = interleave(s.rounds,
                                {{"copy (floor)", [&] { return p.copy(); }},
                                 {"BLAKE2b-256, its name in the store", [&] { return p.hash(); }},
                                 {"normalise", [&] { return p.normalise(); }},
                                 {"scan", [&] { return p.scan(); }},
                                 {"rules without a text", [&] { return p.judge(false); }},
                                 {"judge", [&] { return p.judge(true); }}},
                                t);
  if (!ran) return tl::unexpected(ran.error());
  const double parts = t.median("normalise") + t.median("scan") + t.median("rules without a text");
  t.goals = {{"normalise, scan and rules chained, of judging's time", parts / t.median("judge") * 100, 70, true, 0, " %"}};
  auto path = text_path(s);
  if (!path) return tl::unexpected(path.error());
  return std::vector<table>{std::move(t), std::move(*path)};
}

}  // namespace zhili::bench
