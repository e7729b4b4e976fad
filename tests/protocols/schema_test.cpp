// SPDX-License-Identifier: Apache-2.0
// What must be true of every schema, whichever workflow it belongs to.
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/testkit/golden.hpp"
#include "tests/protocols/schemas.hpp"

namespace zhili {
namespace {

using flatbuffers::FieldDef;
using flatbuffers::StructDef;

/// table.field of every personal field, each schema's own only.
std::set<std::string> personal_fields() {
  std::set<std::string> found;
  for (const auto& [name, schema] : schemas()) {
    for (const StructDef* s : schema->structs_.vec) {
      for (const FieldDef* f : s->fields.vec) {
        if (is_personal(*f)) found.insert(s->defined_namespace->GetFullyQualifiedName(s->name) + "." + f->name);
      }
    }
  }
  return found;
}

bool has_personal(const StructDef& s) {
  for (const FieldDef* f : s.fields.vec) {
    if (is_personal(*f)) return true;
  }
  return false;
}

/// A hole that the compiler would fill: bytes that no field names.
std::string hole_in(const StructDef& s) {
  std::size_t end = 0;
  for (const FieldDef* f : s.fields.vec) {
    if (f->value.offset != end || f->padding != 0) return f->name;
    end += flatbuffers::InlineSize(f->value.type);
  }
  return end == s.bytesize ? "" : "the end";
}

}  // namespace

TEST_SUITE("protocols/schema") {
  TEST_CASE("the fields that tell who a person is are these") {
    CHECK(personal_fields() == std::set<std::string>{
                                   "zhili.wire.onboarding.institution_contact.name",
                                   "zhili.wire.onboarding.institution_contact.phone",
                                   "zhili.wire.onboarding.practitioner_person.id_number",
                                   "zhili.wire.onboarding.practitioner_person.name",
                                   "zhili.wire.onboarding.practitioner_person.phone",
                                   "zhili.wire.onboarding.practitioner_person.practice_number",
                                   "zhili.wire.onboarding.practitioner_person.qualification_number",
                                   "zhili.wire.takedown.appeal_statement.contact",
                                   "zhili.wire.takedown.appeal_statement.statement",
                               });
  }

  TEST_CASE("a table with personal fields stands nowhere in the open: in no union, under no other table") {
    for (const auto& [name, schema] : schemas()) {
      for (const flatbuffers::EnumDef* e : schema->enums_.vec) {
        if (!e->is_union) continue;
        for (const flatbuffers::EnumVal* v : e->Vals()) {
          const StructDef* s = v->union_type.struct_def;
          CHECK_MESSAGE((s == nullptr || !has_personal(*s)), e->name << " holds " << v->name);
        }
      }
      for (const StructDef* s : schema->structs_.vec) {
        for (const FieldDef* f : s->fields.vec) {
          const StructDef* inner = f->value.type.struct_def;
          CHECK_MESSAGE((inner == nullptr || !has_personal(*inner)), s->name << "." << f->name);
        }
      }
    }
  }

  TEST_CASE("a personal table holds nothing else, and personal is marked nowhere but in tables") {
    for (const auto& [name, schema] : schemas()) {
      for (const StructDef* s : schema->structs_.vec) {
        if (!has_personal(*s)) continue;
        CHECK_FALSE(s->fixed);
        for (const FieldDef* f : s->fields.vec) CHECK_MESSAGE(is_personal(*f), s->name << "." << f->name);
      }
    }
  }

  TEST_CASE("what is sealed is bytes, in a field called personal") {
    std::size_t sealed = 0;
    for (const auto& [name, schema] : schemas()) {
      for (const StructDef* s : schema->structs_.vec) {
        const FieldDef* f = s->fields.Lookup("personal");
        if (f == nullptr) continue;
        ++sealed;
        CHECK(f->value.type.base_type == flatbuffers::BASE_TYPE_VECTOR);
        CHECK(f->value.type.element == flatbuffers::BASE_TYPE_UCHAR);
      }
    }
    CHECK(sealed >= 3);
  }

  TEST_CASE("no event holds a string: what is said in words lies in the content store") {
    for (const auto& [name, schema] : schemas()) {
      for (const union_member& m : members_of(name, name + "_event")) {
        for (const FieldDef* f : m.definition->fields.vec) {
          CHECK_MESSAGE(f->value.type.base_type != flatbuffers::BASE_TYPE_STRING, name << "." << m.name << "." << f->name);
        }
      }
    }
  }

  TEST_CASE("structs have no holes, tables have numbered fields") {
    for (const auto& [name, schema] : schemas()) {
      for (const StructDef* s : schema->structs_.vec) {
        CAPTURE(s->name);
        if (s->fixed) {
          CHECK_MESSAGE(hole_in(*s).empty(), "a hole before " << hole_in(*s));
          continue;
        }
        for (const FieldDef* f : s->fields.vec) CHECK_MESSAGE(f->attributes.Lookup("id") != nullptr, f->name);
      }
    }
  }

  TEST_CASE("decided is event 1 of every workflow") {
    for (const auto& [name, schema] : schemas()) {
      const auto events = members_of(name, name + "_event");
      if (!events.empty()) CHECK_MESSAGE(events.front().name == "decided", name);
    }
  }

  TEST_CASE("the bytes of every command, event and shared message are those that were released") {
    for (const auto& [name, schema] : schemas()) {
      golden_lines lines;
      const auto add = [&, &schema_name = name](const std::string& union_name, const std::string& word) {
        for (const union_member& m : members_of(schema_name, union_name)) {
          lines[fmt::format("{} {:03} {} {}", word, m.position, m.definition->fixed ? "struct" : "table", m.name)] =
              make_sample(schema_name, *m.definition);
        }
      };
      add(name + "_command", "command");
      add(name + "_event", "event");
      if (name == "shared") add("shared", "shared");
      if (!lines.empty()) check_golden(name, lines);
    }
  }

  TEST_CASE("the numbers of every enumeration are those that were released") {
    golden_lines lines;
    for (const auto& [name, schema] : schemas()) {
      for (const flatbuffers::EnumDef* e : schema->enums_.vec) {
        if (e->is_union) continue;
        for (const flatbuffers::EnumVal* v : e->Vals()) {
          const auto n = v->GetAsUInt64();
          const std::string full = e->defined_namespace->GetFullyQualifiedName(e->name);
          lines[fmt::format("{} {}", full, v->name)] = {static_cast<std::byte>(n >> 8), static_cast<std::byte>(n)};
        }
      }
    }
    check_golden("enums", lines);
  }
}

}  // namespace zhili
