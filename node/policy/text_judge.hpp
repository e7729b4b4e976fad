// SPDX-License-Identifier: Apache-2.0
// Judges texts with a pack outside a node: what `zhili policy judge` and `measure` share.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/fields.hpp"
#include "policy/pack.hpp"

namespace zhili::node {

/// What a text is judged as: a stage of some workflow. `content` alone is a text of which nothing is known but
/// its words (docs/judgement.md): judged as an ad without facts.
struct judged_kind {
  const policy::workflow_info* workflow = nullptr;
  const policy::stage_info* stage = nullptr;
};

/// Among what that pack may name: a stage by its name or its Chinese one, or workflow.stage, which a name that several
/// workflows share needs. bad_argument names the kinds that there are.
result<judged_kind> find_kind(std::string_view name, const policy::pack& pack);
/// As find_kind takes it: workflow.stage where several workflows share the stage's name.
std::string kind_name(const judged_kind& kind, const policy::pack& pack);

/// Facts from a JSON object, names and values as `zhili policy facts` lists them, into the slots of that kind's
/// stage. Texts are kept in `texts`, which must outlive the slots.
status read_facts(
    std::string_view json, std::string_view file, const judged_kind& kind, policy::slots& into,
    std::vector<std::unique_ptr<std::string>>& texts);

/// Bytes [begin, end) of the text as given.
using byte_span = std::pair<std::uint32_t, std::uint32_t>;

/// Reused across calls.
struct judged_text {
  zhili::verdict verdict = zhili::verdict::approve;
  /// Lexicons that the fired rules in force rest on, in the order of the pack. Views into the pack.
  std::vector<std::string_view> categories;
  /// Fired rules in force, by number.
  std::vector<std::uint16_t> rules;
  /// Places of these lexicons' terms, in order, overlapping ones joined.
  std::vector<byte_span> spans;
  std::string normalised;
  /// Longer than limits::text_bytes_max: not read; a node refuses it, so a person has to look.
  bool too_long = false;
};

/// One a thread.
class text_judge {
 public:
  text_judge(std::shared_ptr<const policy::pack> pack, judged_kind kind, policy::slots facts, instant at)
      : pack_(std::move(pack)), kind_(kind), facts_(facts), at_(at) {}

  const judged_text& judge(std::string_view text);
  const policy::pack& pack() const { return *pack_; }

 private:
  void collect(std::string_view text);

  std::shared_ptr<const policy::pack> pack_;
  judged_kind kind_;
  policy::slots facts_;
  instant at_;
  policy::scratch memory_;
  policy::judgement judgement_;
  policy::text_reading text_;
  policy::matcher::scratch matcher_;
  std::vector<policy::hit> hits_;
  judged_text out_;
};

/// Lower-case name of a verdict of a text: approve, label, demote, reject, escalate.
std::string_view verdict_word(verdict v);

/// `\n`, `\t`, `\\` and `\uXXXX` (two of them for a character beyond U+FFFF) become what they stand for; any other
/// backslash stays one, half a pair becomes U+FFFD. Replaces `out`.
void unescape_line(std::string_view line, std::string& out);
/// The way back, so that a text fits into a column: control characters become escapes, a backslash two.
void append_escaped(std::string_view text, std::string& out);

}  // namespace zhili::node
