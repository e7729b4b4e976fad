// SPDX-License-Identifier: Apache-2.0
// A pack: the versioned folder of rules, lexicons and settings that a policy team writes, checked and
// compiled once and then read-only; any number of threads judge with it, each with its own scratch and
// judgement.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/counters.hpp"
#include "policy/scorecard.hpp"
#include "policy/expression/arena.hpp"
#include "policy/slots.hpp"
#include "policy/text/matcher.hpp"
#include "protocols/types/hash.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {

struct workflow_info;

/// How far a rule is released: off (not judged), shadow (recorded, without effect), canary (in force for a
/// share of the accounts, shadow for the others), enforce.
enum class mode : std::uint8_t { off = 0, shadow = 1, canary = 2, enforce = 3 };

/// Stands in `finding::field` where the rule names no field.
inline constexpr std::uint16_t no_field = 0xffff;

/// One rule that fired.
struct finding {
  std::uint16_t rule = 0;
  /// 1 informational, 2 low, 3 medium, 4 high, 5 critical.
  std::uint8_t severity = 0;
  /// Slot of the first field that the condition names.
  std::uint16_t field = no_field;
  /// Of the first places of the lexicons that the rule reads the longest, in bytes of the text as submitted; length 0:
  /// the rule looks at facts alone.
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  /// Without effect on verdict, points and queue.
  bool shadow = false;
};

/// What a pack says of one case. Reused across calls.
struct judgement {
  /// The weightiest of the enforced rules: suspend > reject > escalate > demote > label > approve.
  zhili::verdict verdict = zhili::verdict::approve;
  /// Sum over the enforced rules.
  std::int32_t points = 0;
  /// 0 none, 1 normal, 2 high, 3 urgent: the highest that an enforced rule asks for.
  std::uint8_t queue_priority = 0;
  /// In the order of the pack, at most limits::findings_max.
  std::vector<finding> findings;
  /// Rules that fired beyond that; verdict and points count them all the same.
  std::uint32_t findings_left_out = 0;
  /// Rules whose condition ended in an error, a missing fact: they did not fire.
  std::uint32_t errors = 0;
  /// What the case adds to the pack's counters, where it is judged for the first time.
  std::vector<tick> counted;

  bool has_finding_enforced() const {
    for (const finding& f : findings) {
      if (!f.shadow) return true;
    }
    return false;
  }
};

/// Working memory of `judge`, one a thread; serves any number of packs in turn.
class scratch {
 public:
  /// Of the last judgement, by a pack that counts: the facts with what its counters held.
  const slots& facts_with_counters() const { return facts_; }

 private:
  friend class pack;
  text_reading text_;
  matcher::scratch matcher_;
  std::vector<hit> hits_;
  /// What conditions make while they run, and what normalised() folds.
  arena made_{std::size_t{4} << 20};
  text_reading other_text_;
  slots facts_;
  score_sheet scores_;
};

using zhili::bilingual;

/// A provision that a rule rests on, with the days on which it is in force.
struct provision {
  std::string statute;
  std::string article;
  /// Days in China, both inclusive; INT32_MAX: still in force.
  std::int32_t valid_from = 0;
  std::int32_t valid_to = 0;

  bool in_force(std::int32_t china_day) const { return valid_from <= china_day && china_day <= valid_to; }
};

/// What stands in a rule's file beside its condition, for statements of reasons, reports and the console.
struct rule_info {
  std::string id;
  bilingual title;
  std::string description;
  bilingual reason;
  /// What is shown on a labelled item; empty: none.
  bilingual label;
  /// The kind of sanction that the rule asks of takedown (`measure:`); empty: what follows from the verdict.
  std::string measure;
  std::vector<std::string> tags;
  std::vector<provision> basis;
  std::string file;
  std::uint32_t line = 0;
  std::int32_t points = 0;
  zhili::verdict verdict = zhili::verdict::approve;
  std::uint8_t severity = 0;
  std::uint8_t queue_priority = 0;
  policy::mode mode = mode::off;
  /// Of a hundred accounts, those for which a canary rule is in force.
  std::uint8_t canary_percent = 0;

  /// The first provision in force on that day, null where none is.
  const provision* basis_on(std::int32_t china_day) const {
    for (const provision& b : basis) {
      if (b.in_force(china_day)) return &b;
    }
    return nullptr;
  }
};

/// A lexicon: the terms that `hits(name)` counts.
struct lexicon_category {
  std::string name;
  bilingual title;
  std::vector<std::string> terms;
  /// Of each term, in the same order: what must and must not stand near it, and a note.
  std::vector<term_conditions> conditions;
};

/// 0 to 99, by the hash of an account: a share of n per cent is the accounts below n, everywhere.
std::uint64_t canary_bucket(std::uint64_t account_hash);

class pack {
 public:
  /// Reads pack.yaml, rules/*.yaml and lexicons/*.txt below `dir`. On error `detail` holds every diagnostic
  /// of every file, one a line, as file:line:column: message. not_found: no such folder; malformed: anything
  /// else.
  static result<std::shared_ptr<const pack>> load(const std::filesystem::path& dir);

  ~pack();
  pack(const pack&) = delete;
  pack& operator=(const pack&) = delete;

  /// BLAKE2b-256 over path and content of every file of the pack, sorted by path.
  digest256 digest() const;
  const std::string& name() const;
  std::uint32_t version() const;

  /// Judges by the law in force at `event_time`. `stage` and the slots come from the generated headers; a
  /// stage for which the pack has no rule is approved. `account_hash` decides whether the account is in a
  /// canary's share. Counters hold what `before` knows, and the case itself where it is its first judgement; one that
  /// `facts` holds already stays as it is. Replaces `out`; allocates nothing once scratch and out have grown.
  void judge(
      std::uint16_t stage, const slots& facts, std::string_view text, instant event_time,
      std::uint64_t account_hash, scratch& memory, judgement& out, const history& before = {}) const;

  /// Which disguises of words this pack sees through.
  techniques sees_through() const;
  /// The text as this pack's terms meet it. Replaces `out`.
  void normalise(std::string_view text, normalised_text& out) const;
  /// The same; free where `memory` has just judged this text. Until the next judgement by it.
  const normalised_text& read(std::string_view text, scratch& memory) const;

  /// Value of a setting (money in fen, durations in ms, bool 0 or 1); the default where the pack names none.
  /// `index` comes from the generated headers.
  std::int64_t setting(std::uint16_t index) const;

  /// Does any rule match this stage? Without one every case is approved.
  bool judges(std::uint16_t stage) const;

  std::uint16_t rule_count() const;
  /// REQUIRES: number < rule_count(). Numbers follow the files by name and the rules' order in them.
  const rule_info& rule(std::uint16_t number) const;
  /// Null for an unknown id. For tests, reports and explanations, not for decisions.
  const rule_info* find_rule(std::string_view id) const;
  std::span<const lexicon_category> categories() const;
  /// What the pack's rules may name: the workflows' stages and facts, its counters among them.
  std::span<const workflow_info> workflows() const;

  /// For the runner of rule tests.
  struct compiled;
  const compiled& internals() const { return *compiled_; }
  explicit pack(std::unique_ptr<const compiled> parts);

 private:
  std::unique_ptr<const compiled> compiled_;
};

}  // namespace zhili::policy
