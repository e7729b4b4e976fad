// SPDX-License-Identifier: Apache-2.0
#include "tests/protocols/schemas.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/testkit/schema_file.hpp"

namespace zhili {
namespace {

using flatbuffers::BaseType;
using flatbuffers::FieldDef;
using flatbuffers::StructDef;
using flatbuffers::Type;

// A small number that differs from field to field and is never the default.
std::uint64_t number_for(const Type& type, int& counter) {
  ++counter;
  if (type.enum_def != nullptr) return type.enum_def->MaxValue()->GetAsUInt64();
  if (type.base_type == flatbuffers::BASE_TYPE_BOOL) return 1;
  return static_cast<std::uint64_t>(counter % 120 + 1);
}

void fill_struct(const StructDef& s, std::byte* out, int& counter) {
  for (const FieldDef* f : s.fields.vec) {
    std::byte* at = out + f->value.offset;
    if (f->value.type.base_type == flatbuffers::BASE_TYPE_STRUCT) {
      fill_struct(*f->value.type.struct_def, at, counter);
    } else {
      const std::uint64_t n = number_for(f->value.type, counter);
      std::memcpy(at, &n, flatbuffers::SizeOf(f->value.type.base_type));
    }
  }
}

std::string json_of(const StructDef& s, int& counter);

std::string json_of(const Type& type, const std::string& name, int& counter) {
  if (type.base_type == flatbuffers::BASE_TYPE_STRING) return fmt::format("\"{}\"", name);
  if (type.base_type == flatbuffers::BASE_TYPE_STRUCT) return json_of(*type.struct_def, counter);
  if (type.base_type == flatbuffers::BASE_TYPE_VECTOR) {
    const std::string first = json_of(type.VectorType(), name, counter);
    return fmt::format("[{}, {}]", first, json_of(type.VectorType(), name, counter));
  }
  return std::to_string(number_for(type, counter));
}

std::string json_of(const StructDef& s, int& counter) {
  std::string json = "{";
  for (const FieldDef* f : s.fields.vec) {
    if (f->deprecated) continue;
    if (json.size() > 1) json += ", ";
    json += fmt::format("\"{}\": {}", f->name, json_of(f->value.type, f->name, counter));
  }
  return json + "}";
}

}  // namespace

const std::map<std::string, std::unique_ptr<flatbuffers::Parser>>& schemas() {
  static const auto all = [] {
    std::map<std::string, std::unique_ptr<flatbuffers::Parser>> m;
    for (const auto& entry : std::filesystem::directory_iterator("protocols/schema")) {
      if (entry.path().extension() == ".fbs") m[entry.path().stem()] = testkit::parse_schema(entry.path());
    }
    return m;
  }();
  REQUIRE(all.contains("onboarding"));
  return all;
}

std::vector<union_member> members_of(const std::string& schema, const std::string& union_name) {
  std::vector<union_member> members;
  for (const flatbuffers::EnumDef* e : schemas().at(schema)->enums_.vec) {
    if (!e->is_union || e->name != union_name) continue;
    for (const flatbuffers::EnumVal* v : e->Vals()) {
      if (v->union_type.base_type == flatbuffers::BASE_TYPE_NONE) continue;
      members.push_back({static_cast<int>(v->GetAsInt64()), v->union_type.struct_def->name, v->union_type.struct_def});
    }
  }
  return members;
}

std::vector<std::byte> make_sample(const std::string& schema, const StructDef& definition) {
  int counter = 0;
  if (definition.fixed) {
    std::vector<std::byte> bytes(definition.bytesize);
    fill_struct(definition, bytes.data(), counter);
    return bytes;
  }
  flatbuffers::Parser& parser = *schemas().at(schema);
  const std::string full_name = definition.defined_namespace->GetFullyQualifiedName(definition.name);
  REQUIRE(parser.SetRootType(full_name.c_str()));
  // The file identifier belongs to envelopes, not to bodies.
  const std::string identifier = std::exchange(parser.file_identifier_, {});
  const std::string json = json_of(definition, counter);
  REQUIRE_MESSAGE(parser.Parse(json.c_str()), parser.error_);
  parser.file_identifier_ = identifier;
  const auto* data = reinterpret_cast<const std::byte*>(parser.builder_.GetBufferPointer());
  return {data, data + parser.builder_.GetSize()};
}

bool is_personal(const FieldDef& field) { return field.attributes.Lookup("personal") != nullptr; }

}  // namespace zhili
