// SPDX-License-Identifier: Apache-2.0
#include "node/log_tail.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "actors/workflow_numbers.hpp"
#include "protocols/message.hpp"
#include "protocols/schema/takedown_generated.h"
#include "scenarios/trace/data_folder.hpp"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;

const policy::pack* pack_of(const scenarios::shelf& shelf, std::uint64_t tag) {
  for (const auto& p : shelf.packs()) {
    if (partition::pack_tag(*p).hi == tag) return p.get();
  }
  return nullptr;
}

/// Why it was decided: rules by their id, with reason and basis as the sanctioned reads them.
template <class Findings>
ordered_json reasons_of(const Findings* findings, const policy::pack* pack) {
  ordered_json out = ordered_json::array();
  if (findings == nullptr) return out;
  for (const wire::finding* f : *findings) {
    ordered_json one;
    switch (f->source()) {
      case wire::finding_source::rule:
        if (pack != nullptr && f->code() < pack->rule_count()) {
          const policy::rule_info& rule = pack->rule(f->code());
          one["rule"] = rule.id;
          one["reason"] = {{"zh", rule.reason.zh}, {"en", rule.reason.en}};
        } else {
          one["rule"] = f->code();
        }
        if (f->length() != 0) one["span"] = {f->begin(), f->length()};
        break;
      case wire::finding_source::gate: one["gate"] = wire::EnumNamegate(static_cast<wire::gate>(f->code())); break;
      case wire::finding_source::person: one["person"] = f->code(); break;
      default: one["code"] = f->code();
    }
    one["severity"] = f->severity();
    out.push_back(std::move(one));
  }
  return out;
}

struct line_writer {
  const scenarios::shelf& packs;
  partition_id partition;
  std::uint64_t seq;
  std::int64_t at = 0;
  std::string& out;

  ordered_json begin(const char* kind) const {
    return {{"kind", kind}, {"at", at}, {"partition", scenarios::partition_name(partition)}, {"seq", seq}};
  }
  void put(const ordered_json& line) { out += line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n'; }

  void decision(const wire::decided& e) {
    const wire::decision_head& h = *e.head();
    ordered_json line = begin("decision");
    line["subject"] = to_string(from_wire(h.subject()));
    line["subject_kind"] = wire::EnumNamesubject_kind(h.kind());
    line["ref"] = h.ref();
    line["number"] = h.number();
    line["verdict"] = wire::EnumNameverdict(h.verdict());
    if (h.before() != verdict::none) line["before"] = wire::EnumNameverdict(h.before());
    line["cause"] = wire::EnumNamecause(h.cause());
    line["by"] = h.decided_by() == 0 ? "program" : "person";
    line["points"] = h.points();
    line["pack"] = fmt::format("{:016x}", h.pack());
    line["reasons"] = reasons_of(e.findings(), pack_of(packs, h.pack()));
    put(line);
  }

  void effect(const entry_view& entry) {
    const auto& head = entry.header<wire::effect_header>();
    const bytes_view body = entry.body<wire::effect_header>();
    const bool order = partition.workflow == workflow_numbers::takedown && entry.type < shared_type_base;
    ordered_json line = begin(order ? "measure" : "request");
    line["effect"] = to_string(from_wire(head.effect()));
    line["account"] = to_string(from_wire(head.account()));
    if (order) {
      const auto& o = view_body<wire::takedown::order_issued>(body);
      line["subject"] = to_string(from_wire(*o.subject()));
      line["subject_kind"] = wire::EnumNamesubject_kind(o.kind());
      line["ref"] = o.ref();
      line["serial"] = o.serial();
      line["do"] = o.imposed() ? "impose" : "lift";
      line["verdict"] = wire::EnumNameverdict(o.verdict());
      line["reasons"] = reasons_of(o.findings(), pack_of(packs, o.pack()));
    } else if (entry.type == shared_type<wire::page_requested>()) {
      const auto& p = view_body<wire::page_requested>(body);
      line["ask"] = "page";
      line["subject"] = to_string(from_wire(p.subject()));
      line["ref"] = p.ref();
      line["visit"] = p.visit();
    } else {
      line["ask"] = "licence";
    }
    put(line);
  }
};

}  // namespace

std::string to_json(const log_position& p) { return ordered_json(p).dump(); }

result<log_position> read_position(std::string_view json) {
  const auto j = ordered_json::parse(json, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, "a position is a JSON object such as {\"content/5\": 12}");
  log_position out;
  for (const auto& [name, seq] : j.items()) {
    if (!seq.is_number_unsigned()) return fail(errc::malformed, fmt::format("position of `{}` is no number", name));
    out[name] = seq.get<std::uint64_t>();
  }
  return out;
}

result<tail_piece> log_tail::read(const log_position& from, std::size_t bytes_max) const {
  const auto partitions = log_.partitions();
  if (!partitions) return tl::unexpected(partitions.error());
  tail_piece piece;
  piece.position = from;
  for (const partition_id id : *partitions) {
    std::uint64_t& seen = piece.position[scenarios::partition_name(id)];
    const auto head = log_.head(id);
    if (!head) return tl::unexpected(head.error());
    if (head->value <= seen) continue;
    const status read = log_.read(id, storage::seq{seen + 1}, [&](storage::seq at, bytes_view bytes) {
      line_writer lines{packs_, id, at.value, 0, piece.lines};
      for (const entry_view entry : trusted_batch(bytes)) {
        if (entry.kind == entry_kind::command) lines.at = entry.header<wire::command_header>().at();
        if (entry.kind == entry_kind::event && entry.type == 1) lines.decision(view_body<wire::decided>(entry.content));
        if (entry.kind == entry_kind::effect) lines.effect(entry);
      }
      seen = at.value;
      return piece.lines.size() < bytes_max;
    });
    if (!read) return tl::unexpected(read.error());
    if (piece.lines.size() >= bytes_max) {
      piece.at_end = false;
      break;
    }
  }
  return piece;
}

}  // namespace zhili::node
