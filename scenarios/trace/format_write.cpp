// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <fmt/format.h>

#include "scenarios/trace/body_codec.hpp"
#include "scenarios/trace/format.hpp"

namespace zhili::scenarios {
namespace {

/// So that a line stays far below limits::trace_line_bytes_max.
constexpr std::size_t licences_a_line = 10'000;
static_assert(licences_a_line * 20 < limits::trace_line_bytes_max);

void add_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

template <class... Args>
void add(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void add_licences(std::string& out, std::string_view name, std::span<const std::uint64_t> licences) {
  add(out, ",\"{}\":[", name);
  for (std::size_t n = 0; n < licences.size(); ++n) add(out, "{}\"{:016x}\"", n == 0 ? "" : ",", licences[n]);
  out += ']';
}

}  // namespace

std::map<std::string, std::uint32_t> behaviour_now() {
  std::map<std::string, std::uint32_t> out;
  for (const auto* w : partition::workflows()) out[std::string(w->name)] = w->behaviour;
  return out;
}

trace_head trace_head::of(const scenarios::scenario& s, std::string_view yaml, std::uint64_t seed, const policy::pack& pack) {
  return {s.name, hex(blake2b_256(as_bytes_view(yaml))), seed,        s.begin, s.end, s.opening, s.hop,
          pack.name(), hex(pack.digest()), behaviour_now()};
}

void write_line(const trace_head& h, std::string& out) {
  add(out, "{{\"trace\":{},\"scenario\":", trace_version);
  add_string(out, h.scenario);
  add(out, ",\"scenario_digest\":\"{}\",\"seed\":{},\"begin\":{},\"end\":{},\"opening_ms\":{},\"hop_ms\":{},\"pack\":",
      h.scenario_digest, h.seed, h.begin.ms, h.end.ms, h.opening.count(), h.hop.count());
  add_string(out, h.pack);
  add(out, ",\"pack_digest\":\"{}\",\"behaviour\":{{", h.pack_digest);
  std::string_view between;
  for (const auto& [workflow, version] : h.behaviour) {
    add(out, "{}\"{}\":{}", between, workflow, version);
    between = ",";
  }
  out += "}}\n";
}

void write_line(const trace_pack& p, std::string& out) {
  add(out, "{{\"control\":\"pack\",\"at\":{},\"name\":", p.at.ms);
  add_string(out, p.name);
  add(out, ",\"digest\":\"{}\"}}\n", p.digest);
}

void write_lines(instant at, const registry_snapshot& s, std::string& out) {
  std::span<const std::uint64_t> listed{s.listed()}, revoked{s.revoked()};
  do {
    const auto take = [](std::span<const std::uint64_t>& from, std::size_t n) {
      const auto part = from.first(std::min(n, from.size()));
      from = from.subspan(part.size());
      return part;
    };
    const auto now_listed = take(listed, licences_a_line);
    const auto now_revoked = take(revoked, licences_a_line - now_listed.size());
    add(out, "{{\"control\":\"registry\",\"at\":{},\"version\":{}", at.ms, s.version());
    add_licences(out, "listed", now_listed);
    add_licences(out, "revoked", now_revoked);
    out += "}\n";
  } while (!listed.empty() || !revoked.empty());
}

void write_line(const submission& s, std::string& out) {
  const auto* w = partition::find_workflow(s.workflow);
  add(out,
      "{{\"at\":{},\"workflow\":\"{}\",\"type\":\"{}\",\"account\":\"{:016x}{:016x}\",\"subject\":\"{:016x}{:016x}\","
      "\"key\":\"{:016x}{:016x}\",\"event_time\":{},\"body\":",
      s.at.ms, w->name, w->command_name(s.type), s.account.hi, s.account.lo, s.subject.hi, s.subject.lo,
      s.key.hi, s.key.lo, s.event_time.ms);
  body_codec::of_thread().to_json(s.workflow, s.type, s.body, out);
  if (!s.text.empty()) {
    out += ",\"text\":";
    add_string(out, s.text);
  }
  out += "}\n";
}

}  // namespace zhili::scenarios
