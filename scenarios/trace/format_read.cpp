// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <functional>

#include <fmt/format.h>
#include <simdjson.h>

#include "policy/suggest.hpp"
#include "scenarios/trace/body_codec.hpp"
#include "scenarios/trace/format.hpp"

namespace zhili::scenarios {
namespace {

namespace od = simdjson::ondemand;

// 1970 to 2199, as in an envelope.
constexpr std::int64_t time_ms_max = 7'258'118'400'000;

/// Every step of simdjson may end in an error: the first one ends the line.
tl::unexpected<error> broken(simdjson::error_code e) {
  return fail(errc::malformed, fmt::format("is no JSON object: {}", simdjson::error_message(e)));
}
tl::unexpected<error> at_field(std::string_view field, std::string_view what, errc code = errc::malformed) {
  return fail(code, fmt::format("field `{}`: {}", field, what));
}

/// One field of a line: what it is called and what takes its value, which says what would be right where it cannot.
struct field {
  std::string_view name;
  bool needed = true;
  std::function<std::string(od::value)> take;
};

using simdjson::SUCCESS;

template <class Number>
auto natural(Number& out) {
  return [&out](od::value v) -> std::string {
    std::uint64_t n = 0;
    if (v.get_uint64().get(n) != SUCCESS || n > std::numeric_limits<Number>::max()) return "not a natural number, or too large";
    out = static_cast<Number>(n);
    return {};
  };
}
auto time(instant& out) {
  return [&out](od::value v) { return v.get_int64().get(out.ms) == SUCCESS ? "" : "not a time in milliseconds since 1970"; };
}
auto span(duration& out) {
  return [&out](od::value v) {
    std::int64_t ms = 0;
    if (v.get_int64().get(ms) != SUCCESS || ms < 0) return "not a number of milliseconds";
    out = duration{ms};
    return "";
  };
}
auto string(std::string& out) {
  return [&out](od::value v) {
    std::string_view text;
    if (v.get_string().get(text) != SUCCESS) return "not a string";
    out = text;
    return "";
  };
}
bool read_hex(std::string_view text, std::uint64_t& out) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return text.size() == 16 && ec == std::errc{} && end == text.data() + text.size();
}
auto id(subject_id& out) {
  return [&out](od::value v) {
    std::string_view text;
    const bool good = v.get_string().get(text) == SUCCESS && text.size() == 32 && read_hex(text.substr(0, 16), out.hi) &&
                      read_hex(text.substr(16), out.lo);
    return good ? "" : "not an id of 32 hex digits";
  };
}
auto licences(std::vector<std::uint64_t>& out) {
  return [&out](od::value v) {
    constexpr auto no = "not a list of licences of 16 hex digits";
    od::array all;
    if (v.get_array().get(all) != SUCCESS) return no;
    for (auto one : all) {
      std::string_view text;
      if (one.get_string().get(text) != SUCCESS || !read_hex(text, out.emplace_back())) return no;
    }
    return "";
  };
}

/// Gives every field of the object to the one of its name. Unknown, doubled and missing fields are errors.
status read_fields(od::object object, std::span<const field> fields) {
  std::uint64_t seen = 0;
  for (auto item : object) {
    std::string_view name;
    if (const auto e = item.unescaped_key().get(name); e != SUCCESS) return broken(e);
    std::size_t n = 0;
    while (n < fields.size() && fields[n].name != name) ++n;
    if (n == fields.size()) {
      std::vector<std::string_view> names;
      for (const field& f : fields) names.push_back(f.name);
      return at_field(name, "unknown" + policy::suggestion(name, names).en);
    }
    if ((seen >> n & 1) != 0) return at_field(name, "stands twice");
    seen |= std::uint64_t{1} << n;
    od::value value;
    if (const auto e = item.value().get(value); e != SUCCESS) return broken(e);
    if (const std::string wrong = fields[n].take(value); !wrong.empty()) return at_field(name, wrong);
  }
  for (std::size_t n = 0; n < fields.size(); ++n) {
    if (fields[n].needed && (seen >> n & 1) == 0) return at_field(fields[n].name, "missing");
  }
  return {};
}

status read_submission(od::object object, trace_submission& out) {
  std::string workflow, type;
  const std::array fields{
      field{"at", true, time(out.at)},
      field{"workflow", true, string(workflow)},
      field{"type", true, string(type)},
      field{"account", true, id(out.account)},
      field{"subject", true, id(out.subject)},
      field{"key", true, id(out.key)},
      field{"event_time", true, time(out.event_time)},
      field{"body", true,
            [&](od::value v) {
              od::object body;
              std::string_view raw;
              if (v.get_object().get(body) != SUCCESS || body.raw_json().get(raw) != SUCCESS) return "not an object";
              out.body = raw;
              return "";
            }},
      field{"text", false, string(out.text)},
  };
  if (status read = read_fields(object, fields); !read) return read;
  out.workflow = body_codec::workflow(workflow);
  if (out.workflow == 0) return at_field("workflow", fmt::format("'{}' takes no submissions here", workflow), errc::unknown_type);
  out.type = body_codec::of_thread().type(out.workflow, type);
  if (out.type == 0) return at_field("type", fmt::format("{} has no submission '{}'", workflow, type), errc::unknown_type);
  const subject_kind kind = out.account.kind();
  if (kind == subject_kind::none || kind > subject_kind::MAX) return at_field("account", "its first two digits name no kind");
  if (out.text.size() > limits::text_bytes_max) {
    return at_field("text", fmt::format("{} bytes; at most {}", out.text.size(), limits::text_bytes_max), errc::too_large);
  }
  return {};
}

/// `rest`: the line behind `{"control":`.
result<trace_line> read_control(od::object object, std::string_view rest) {
  std::string control;
  if (rest.starts_with("\"pack\"")) {
    trace_pack p;
    const std::array fields{field{"control", true, string(control)}, field{"at", true, time(p.at)},
                            field{"name", true, string(p.name)}, field{"digest", true, string(p.digest)}};
    if (status read = read_fields(object, fields); !read) return tl::unexpected(read.error());
    return p;
  }
  if (rest.starts_with("\"registry\"")) {
    trace_registry r;
    const std::array fields{field{"control", true, string(control)}, field{"at", true, time(r.at)},
                            field{"version", true, natural(r.version)}, field{"listed", true, licences(r.listed)},
                            field{"revoked", true, licences(r.revoked)}};
    if (status read = read_fields(object, fields); !read) return tl::unexpected(read.error());
    return r;
  }
  return at_field("control", "neither \"pack\" nor \"registry\"", errc::unknown_type);
}

}  // namespace

const std::size_t line_parser::padding = simdjson::SIMDJSON_PADDING;

struct line_parser::parts {
  od::parser json;
  od::document document;

  /// The line as one object, at its first field.
  simdjson::error_code open(std::string_view line, od::object& out) {
    const simdjson::padded_string_view padded(line, line.size() + padding);
    if (const auto e = json.iterate(padded).get(document); e != SUCCESS) return e;
    return document.get_object().get(out);
  }
  status whole() {
    const char* at = nullptr;
    if (document.current_location().get(at) == simdjson::OUT_OF_BOUNDS) return {};
    return fail(errc::malformed, "goes on behind its object");
  }
};

line_parser::line_parser() : parts_(std::make_unique<parts>()) {}
line_parser::~line_parser() = default;

result<trace_head> line_parser::head(std::string_view line) {
  od::object object;
  if (const auto e = parts_->open(line, object); e != SUCCESS) return broken(e);
  std::uint64_t version = 0;
  if (object["trace"].get_uint64().get(version) != SUCCESS) {
    return at_field("trace", "the first line of a trace has its format's version here");
  }
  if (version != trace_version) {
    return at_field("trace", fmt::format("version {}; this program reads {}", version, trace_version),
                    errc::unsupported_version);
  }
  if (const auto e = parts_->open(line, object); e != SUCCESS) return broken(e);
  trace_head h;
  const std::array fields{
      field{"trace", true, natural(version)},
      field{"scenario", true, string(h.scenario)},
      field{"scenario_digest", true, string(h.scenario_digest)},
      field{"seed", true, natural(h.seed)},
      field{"begin", true, time(h.begin)},
      field{"end", true, time(h.end)},
      field{"opening_ms", true, span(h.opening)},
      field{"hop_ms", true, span(h.hop)},
      field{"pack", true, string(h.pack)},
      field{"pack_digest", true, string(h.pack_digest)},
      field{"behaviour", true,
            [&](od::value v) {
              od::object versions;
              if (v.get_object().get(versions) != SUCCESS) return "not an object";
              for (auto one : versions) {
                std::string_view name;
                std::uint64_t number = 0;
                if (one.unescaped_key().get(name) != SUCCESS || one.value().get_uint64().get(number) != SUCCESS) {
                  return "not a number for each workflow";
                }
                h.behaviour[std::string(name)] = static_cast<std::uint32_t>(number);
              }
              return "";
            }},
  };
  if (status read = read_fields(object, fields); !read) return tl::unexpected(read.error());
  if (status end = parts_->whole(); !end) return tl::unexpected(end.error());
  if (h.begin >= h.end) return at_field("end", "is not after `begin`", errc::out_of_range);
  if (h.first().ms < 0 || h.end.ms > time_ms_max) return at_field("begin", "outside of 1970 to 2199", errc::out_of_range);
  if (h.hop.count() == 0) return at_field("hop_ms", "messages between accounts take some time", errc::out_of_range);
  return h;
}

result<trace_line> line_parser::line(std::string_view line) {
  od::object object;
  if (const auto e = parts_->open(line, object); e != SUCCESS) return broken(e);
  // A control line begins with the field that says so.
  constexpr std::string_view mark = "{\"control\":";
  const result<trace_line> out = [&]() -> result<trace_line> {
    if (line.starts_with(mark)) return read_control(object, line.substr(mark.size()));
    trace_submission s;
    if (status read = read_submission(object, s); !read) return tl::unexpected(read.error());
    return s;
  }();
  if (!out) return out;
  if (status end = parts_->whole(); !end) return tl::unexpected(end.error());
  return out;
}

}  // namespace zhili::scenarios
