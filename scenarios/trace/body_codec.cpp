// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/body_codec.hpp"

#include <algorithm>
#include <charconv>

#include <flatbuffers/idl.h>
#include <fmt/format.h>
#include <sodium.h>

#include "actors/partition/workflow.hpp"
#include "scenarios/trace/schemas.hpp"

namespace zhili::scenarios {
namespace {

constexpr int base64 = sodium_base64_VARIANT_ORIGINAL;

flatbuffers::IDLOptions options() {
  flatbuffers::IDLOptions o;
  o.strict_json = true;
  o.natural_utf8 = true;
  o.indent_step = -1;
  return o;
}

struct message {
  std::string name;
  /// With its namespace; empty: a struct, which nobody outside may submit.
  std::string root;
  /// `"name": ` of each field that is a vector of bytes.
  std::vector<std::string> sealed;
};

/// Takes the value behind each of the keys and puts what `turn` makes of it in its place. A key with its quotes and
/// colon cannot lie within a string: there, quotes are escaped.
template <class Turn>
status replace_values(std::string& json, const std::vector<std::string>& keys, char begin, char end, Turn turn) {
  for (const std::string& key : keys) {
    for (std::size_t at = json.find(key); at != std::string::npos; at = json.find(key, at + 1)) {
      std::size_t from = at + key.size();
      while (from < json.size() && (json[from] == ' ' || json[from] == ':')) ++from;
      if (from == json.size() || json[from] != begin) continue;
      const std::size_t to = json.find(end, from + 1);
      if (to == std::string::npos) return fail(errc::malformed, fmt::format("{} does not end", key));
      auto turned = turn(std::string_view(json).substr(from + 1, to - from - 1));
      if (!turned) return fail(errc::malformed, fmt::format("{} {}", key, turned.error().detail));
      json.replace(from, to + 1 - from, *turned);
    }
  }
  return {};
}

/// 1,2,255 -> "AQL/"
result<std::string> to_base64(std::string_view numbers) {
  std::vector<unsigned char> bytes;
  const char* end = numbers.data() + numbers.size();
  for (const char* at = numbers.data(); at < end;) {
    unsigned value = 0;
    const auto [next, ec] = std::from_chars(at, end, value);
    if (ec == std::errc{}) bytes.push_back(static_cast<unsigned char>(value));
    at = ec == std::errc{} ? next : at + 1;
  }
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), base64), 0);
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), base64);
  out.pop_back();
  return '"' + out + '"';
}

result<std::string> from_base64(std::string_view text) {
  // One more than needed: sodium wants an address even for nothing.
  std::vector<unsigned char> bytes(text.size() + 1);
  std::size_t length = 0;
  if (sodium_base642bin(bytes.data(), text.size(), text.data(), text.size(), nullptr, &length, nullptr, base64) != 0) {
    return fail(errc::malformed, "is not base64");
  }
  bytes.resize(length);
  return fmt::format("[{}]", fmt::join(bytes, ","));
}

/// FlatBuffers' parser aligns for a struct before it begins the table; a FlatBufferBuilder does so within the table. All
/// that differs is the table's size in its vtable: it ends where the next object begins. For flat tables only.
void end_table_as_builders_do(flatbuffers::FlatBufferBuilder& built, const flatbuffers::StructDef& type) {
  auto* const buffer = built.GetBufferPointer();
  auto* const table = flatbuffers::GetMutableRoot<flatbuffers::Table>(buffer);
  auto* const begin = reinterpret_cast<const std::uint8_t*>(table);
  const std::uint8_t* end = buffer + built.GetSize();
  for (const flatbuffers::FieldDef* f : type.fields.vec) {
    if (!flatbuffers::IsString(f->value.type) && !flatbuffers::IsVector(f->value.type)) continue;
    const auto* child = table->GetPointer<const std::uint8_t*>(f->value.offset);
    if (child != nullptr) end = std::min(end, child);
  }
  std::uint8_t* const size = buffer + (table->GetVTable() - buffer) + sizeof(flatbuffers::voffset_t);
  flatbuffers::WriteScalar(size, static_cast<flatbuffers::voffset_t>(end - begin));
}

}  // namespace

/// The schema of one workflow and its messages by number.
struct body_codec::workflow_messages {
  flatbuffers::Parser parser{options()};
  std::vector<message> by_number{1};
};

body_codec::body_codec() = default;
body_codec::~body_codec() = default;

body_codec& body_codec::of_thread() {
  thread_local body_codec mine;
  return mine;
}

workflow_no body_codec::workflow(std::string_view name) {
  const auto has = [&](const auto& s) { return s.workflow == name; };
  if (std::none_of(workflow_schemas().begin(), workflow_schemas().end(), has)) return 0;
  for (const auto* w : partition::workflows()) {
    if (w->name == name) return w->number;
  }
  return 0;
}

body_codec::workflow_messages& body_codec::messages(workflow_no of) {
  auto& known = known_[of];
  if (known) return *known;
  known = std::make_unique<workflow_messages>();
  const auto* w = partition::find_workflow(of);
  ZHILI_ASSERT(w != nullptr, "a workflow of this program");
  for (const workflow_schema& s : workflow_schemas()) {
    if (s.workflow == w->name) {
      ZHILI_ASSERT(known->parser.Deserialize(s.bytes.data(), s.bytes.size()), "the program's own schemas can be read");
    }
  }
  for (type_no n = 1; !w->command_name(n).empty(); ++n) {
    message m{std::string(w->command_name(n)), {}, {}};
    const std::string root = fmt::format("zhili.wire.{}.{}", w->name, m.name);
    if (known->parser.SetRootType(root.c_str()) && !known->parser.root_struct_def_->fixed) {
      m.root = root;
      for (const flatbuffers::FieldDef* f : known->parser.root_struct_def_->fields.vec) {
        const flatbuffers::Type& t = f->value.type;
        const bool is_bytes = t.base_type == flatbuffers::BASE_TYPE_VECTOR && t.element == flatbuffers::BASE_TYPE_UCHAR;
        if (is_bytes && t.enum_def == nullptr) m.sealed.push_back('"' + f->name + '"');
      }
    }
    known->by_number.push_back(std::move(m));
  }
  return *known;
}

type_no body_codec::type(workflow_no of, std::string_view name) {
  const auto& all = messages(of).by_number;
  for (std::size_t n = 1; n < all.size(); ++n) {
    if (all[n].name == name && !all[n].root.empty()) return static_cast<type_no>(n);
  }
  return 0;
}

void body_codec::to_json(workflow_no of, type_no type, bytes_view body, std::string& out) {
  workflow_messages& w = messages(of);
  const message& m = w.by_number[type];
  w.parser.SetRootType(m.root.c_str());
  scratch_.clear();
  const bool printed = flatbuffers::GenerateText(w.parser, body.data(), &scratch_);
  ZHILI_ASSERT(printed, "a body that was just built can be printed");
  const status turned = replace_values(scratch_, m.sealed, '[', ']', to_base64);
  ZHILI_ASSERT(turned.has_value(), "bytes can be written as base64");
  out += scratch_;
}

result<bytes_view> body_codec::from_json(workflow_no of, type_no type, std::string_view json) {
  workflow_messages& w = messages(of);
  const message& m = w.by_number[type];
  scratch_ = json;
  if (status turned = replace_values(scratch_, m.sealed, '"', '"', from_base64); !turned) {
    return tl::unexpected(turned.error());
  }
  w.parser.SetRootType(m.root.c_str());
  if (!w.parser.ParseJson(scratch_.c_str())) {
    // "1: 9: error: unknown field: reff": the line is always 1.
    std::string why = w.parser.error_;
    if (const std::size_t at = why.find(": "); at != std::string::npos) why = "column " + why.substr(at + 2);
    return fail(errc::malformed, why);
  }
  end_table_as_builders_do(w.parser.builder_, *w.parser.root_struct_def_);
  const bytes_view body = body_of(w.parser.builder_);
  if (body.size() > limits::body_bytes_max) {
    return fail(errc::too_large, fmt::format("{} bytes; at most {}", body.size(), limits::body_bytes_max));
  }
  return body;
}

}  // namespace zhili::scenarios
