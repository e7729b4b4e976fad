// SPDX-License-Identifier: Apache-2.0
#include "node/log_tail.hpp"

#include <fmt/format.h>

#include <algorithm>
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

std::string to_json(const log_position& p) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, place] : p) {
    if (place.life == 1) {
      out[name] = place.batch;
    } else {
      out[name] = {{"batch", place.batch}, {"life", place.life}};
    }
  }
  return out.dump();
}

result<log_position> read_position(std::string_view json) {
  const auto j = ordered_json::parse(json, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, "a position is a JSON object such as {\"content/5\": 12}");
  log_position out;
  for (const auto& [name, place] : j.items()) {
    const auto number = [](const ordered_json& n, std::uint64_t most) {
      return n.is_number_unsigned() && n.get<std::uint64_t>() <= most;
    };
    if (number(place, ~std::uint64_t{0})) {
      out[name] = {place.get<std::uint64_t>(), 1};
    } else if (place.is_object() && place.contains("batch") && place.contains("life") &&
               number(place["batch"], ~std::uint64_t{0}) && number(place["life"], ~std::uint32_t{0})) {
      out[name] = {place["batch"].get<std::uint64_t>(), place["life"].get<std::uint32_t>()};
    } else {
      return fail(errc::malformed, fmt::format("position of `{}` is no number", name));
    }
  }
  return out;
}

/// The last batch up to the place that its life, or one before, wrote: lives follow each other in a log, and what a later
/// one wrote under the same number was not read.
result<std::uint64_t> log_tail::still_there(partition_id id, const log_place& place, std::uint64_t head) const {
  std::uint64_t known = 0;
  for (std::uint64_t beyond = std::min(place.batch, head) + 1, at = beyond - 1; at > known; at = known + (beyond - known) / 2) {
    std::uint32_t life = 0;
    const status read = log_.read(id, storage::seq{at}, [&](storage::seq, bytes_view bytes) {
      life = trusted_batch(bytes).head().incarnation();
      return false;
    });
    if (!read) return tl::unexpected(read.error());
    (life <= place.life ? known : beyond) = at;
  }
  return known;
}

result<tail_piece> log_tail::read(const log_position& from, std::size_t bytes_max) const {
  const auto partitions = log_.partitions();
  if (!partitions) return tl::unexpected(partitions.error());
  tail_piece piece;
  piece.position = from;
  for (const partition_id id : *partitions) {
    if (!hosted_(id)) continue;
    log_place& seen = piece.position[scenarios::partition_name(id)];
    const auto extent = log_.extent(id);
    if (!extent) return tl::unexpected(extent.error());
    if (extent->last.value == seen.batch && extent->incarnation.value == seen.life) continue;
    const auto there = still_there(id, seen, extent->last.value);
    if (!there) return tl::unexpected(there.error());
    seen.batch = *there;
    const status read = log_.read(id, storage::seq{seen.batch + 1}, [&](storage::seq at, bytes_view bytes) {
      line_writer lines{packs_, id, at.value, 0, piece.lines};
      const batch_reader batch = trusted_batch(bytes);
      for (const entry_view entry : batch) {
        if (entry.kind == entry_kind::command) lines.at = entry.header<wire::command_header>().at();
        if (entry.kind == entry_kind::event && entry.type == 1) lines.decision(view_body<wire::decided>(entry.content));
        if (entry.kind == entry_kind::effect) lines.effect(entry);
      }
      seen = {at.value, batch.head().incarnation()};
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
