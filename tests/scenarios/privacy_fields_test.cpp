// SPDX-License-Identifier: Apache-2.0
// No log line, trace, summary or report holds what tells who a person is. The personal fields are those that the schemas
// mark; a value is planted in each, sealed as an edge seals it, and looked for in everything that a run leaves behind.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <flatbuffers/idl.h>
#include <fmt/format.h>

#include "actors/workflow_numbers.hpp"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/schema/takedown_generated.h"
#include "protocols/seal.hpp"
#include "scenarios/report/html.hpp"
#include "scenarios/report/summary.hpp"
#include "scenarios/trace/body_codec.hpp"
#include "tests/scenarios/staged.hpp"
#include "tests/testkit/schema_file.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
namespace numbers = workflow_numbers;

struct personal_table {
  std::shared_ptr<flatbuffers::Parser> schema;
  std::string full_name;
  std::vector<std::string> fields;
};

/// By name of the table: those with fields marked `personal`, of all schemas.
const std::map<std::string, personal_table>& personal_tables() {
  static const auto found = [] {
    std::map<std::string, personal_table> out;
    for (const auto& entry : std::filesystem::directory_iterator("protocols/schema")) {
      if (entry.path().extension() != ".fbs") continue;
      const std::shared_ptr<flatbuffers::Parser> schema = testkit::parse_schema(entry.path());
      for (const flatbuffers::StructDef* table : schema->structs_.vec) {
        for (const flatbuffers::FieldDef* field : table->fields.vec) {
          if (field->attributes.Lookup("personal") == nullptr) continue;
          personal_table& t = out[table->name];
          t.schema = schema;
          t.full_name = table->defined_namespace->GetFullyQualifiedName(table->name);
          if (std::find(t.fields.begin(), t.fields.end(), field->name) == t.fields.end()) t.fields.push_back(field->name);
        }
      }
    }
    return out;
  }();
  return found;
}

/// What is planted in a field: nothing that could stand anywhere by chance.
std::string planted(const std::string& table, const std::string& field) { return "planted." + table + '.' + field + ".张某某"; }

std::vector<std::byte> filled(const std::string& table) {
  const personal_table& t = personal_tables().at(table);
  flatbuffers::Parser& schema = *t.schema;
  REQUIRE(schema.SetRootType(t.full_name.c_str()));
  std::string json;
  for (const std::string& field : t.fields) {
    json += fmt::format("{}\"{}\": \"{}\"", json.empty() ? "{" : ", ", field, planted(table, field));
  }
  REQUIRE_MESSAGE(schema.Parse((json + '}').c_str()), schema.error_);
  const auto* data = reinterpret_cast<const std::byte*>(schema.builder_.GetBufferPointer());
  return {data, data + schema.builder_.GetSize()};
}

/// The edge: puts who a person is into what they submit, sealed for the subject or, to see the search fail, in the open.
class edge final : public shard_world {
 public:
  edge(agents& people, bool seals, std::map<std::string, std::vector<std::byte>> tables, std::string& trace)
      : people_(people), seals_(seals), tables_(std::move(tables)), trace_(trace) {}

  instant next() override { return people_.next(); }
  const submission* take() override {
    const submission* s = people_.take();
    if (s == nullptr) return nullptr;
    now_ = *s;
    if (s->workflow == numbers::onboarding || s->workflow == numbers::takedown) fill(*s);
    body_codec::of_thread().to_json(now_.workflow, now_.type, now_.body, trace_);
    return &now_;
  }
  void answered(const submission& s, const partition::outcome& answer, bool repeated) override {
    people_.answered(s, answer, repeated);
  }
  void committed(const partition::engine& of, const batch_reader& batch) override { people_.committed(of, batch); }
  void meet(std::span<partition::engine* const> engines) override { people_.meet(engines); }
  storage::content_store& texts() override { return people_.texts(); }

  std::uint64_t planted_in = 0;

 private:
  flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>> part(const std::string& table, subject_id subject) {
    const std::vector<std::byte>& open = tables_.at(table);
    std::vector<std::byte> bytes = open;
    if (seals_) {
      auto sealed = seal(derive_key({}, subject), open);
      ZHILI_ASSERT(sealed.has_value(), sealed.error().detail);
      bytes = std::move(*sealed);
    }
    ++planted_in;
    return builder_.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }

  void fill(const submission& s) {
    namespace papers = wire::onboarding;
    namespace measures = wire::takedown;
    builder_.Clear();
    const auto is = [&](workflow_no of, auto type) { return s.workflow == of && s.type == static_cast<type_no>(type); };
    if (is(numbers::onboarding, papers::onboarding_command::submit_institution)) {
      const auto& m = view_body<papers::submit_institution>(s.body);
      const auto uscc = builder_.CreateString(m.uscc());
      const auto licence = builder_.CreateString(m.licence_number());
      const auto personal = part("institution_contact", s.subject);
      builder_.Finish(papers::Createsubmit_institution(builder_, m.ref(), uscc, licence, m.licence_from(), m.licence_to(),
                                                       m.departments(), m.hospital_grade(), personal));
    } else if (is(numbers::onboarding, papers::onboarding_command::submit_practitioner)) {
      const auto& m = view_body<papers::submit_practitioner>(s.body);
      const auto personal = part("practitioner_person", s.subject);
      builder_.Finish(papers::Createsubmit_practitioner(
          builder_, m.ref(), m.qualification_form(), m.practice_form(), m.registered_at(), m.registered_from(),
          m.registered_to(), m.scopes(), m.lead(), m.in_register(), personal));
    } else if (is(numbers::takedown, measures::takedown_command::file_appeal)) {
      const auto& m = view_body<measures::file_appeal>(s.body);
      const auto personal = part("appeal_statement", s.subject);
      builder_.Finish(measures::Createfile_appeal(builder_, m.subject(), m.ground(), personal));
    } else {
      return;
    }
    now_.body = body_of(builder_);
  }

  agents& people_;
  bool seals_;
  std::map<std::string, std::vector<std::byte>> tables_;
  std::string& trace_;
  submission now_;
  flatbuffers::FlatBufferBuilder builder_{1024};
};

bool holds(bytes_view bytes, std::string_view text) {
  const bytes_view t = as_bytes_view(text);
  return std::search(bytes.begin(), bytes.end(), t.begin(), t.end()) != bytes.end();
}

/// Everything that a run leaves behind, by where it lies.
struct left_behind {
  std::map<std::string, std::string> places;
  std::uint64_t planted_in = 0;
  run_totals totals;

  /// Places that hold the text.
  std::set<std::string> holding(std::string_view text) const {
    std::set<std::string> out;
    for (const auto& [place, bytes] : places) {
      if (holds(as_bytes_view(bytes), text)) out.insert(place);
    }
    return out;
  }
};

left_behind leave_behind(const scenario& s, bool seals) {
  std::map<std::string, std::vector<std::byte>> tables;
  for (const auto& [table, t] : personal_tables()) tables[table] = filled(table);
  left_behind out;
  std::vector<edge*> edges;
  staged stage(s, 1, [&](agents& people) {
    auto e = std::make_unique<edge>(people, seals, tables, out.places["trace"]);
    edges.push_back(e.get());
    return e;
  });
  simulation_result r;
  r.totals = out.totals = stage.go();
  r.figures = stage.close();
  r.pack = baseline();
  r.submissions = stage.submissions();
  for (const edge* e : edges) out.planted_in += e->planted_in;

  std::string& log = out.places["log"];
  const auto partitions = stage.log.partitions();
  REQUIRE(partitions.has_value());
  for (const partition_id id : *partitions) {
    REQUIRE(stage.log.read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
      log.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return true;
    }));
  }
  out.places["json"] = summary_json(s, r, "simulate");
  out.places["text"] = summary_text(s, r, language::zh) + summary_text(s, r, language::en);
  out.places["report"] = report_html(s, r);
  return out;
}

TEST_SUITE_BEGIN("scenarios/privacy");

TEST_CASE("the personal fields are these, and each stands in a table that is sealed") {
  std::set<std::string> fields;
  for (const auto& [table, t] : personal_tables()) {
    for (const std::string& field : t.fields) fields.insert(table + '.' + field);
  }
  // A field that is added is planted and looked for by itself; this list is for people.
  CHECK(fields == std::set<std::string>{
                      "institution_contact.name", "institution_contact.phone", "practitioner_person.name",
                      "practitioner_person.id_number", "practitioner_person.qualification_number",
                      "practitioner_person.practice_number", "practitioner_person.phone", "appeal_statement.statement",
                      "appeal_statement.contact"});
  for (const auto& [table, t] : personal_tables()) {
    CAPTURE(table);
    // Nothing that is sealed travels as itself: no union of commands or events has it.
    const flatbuffers::StructDef* found = t.schema->LookupStruct(t.full_name);
    REQUIRE(found != nullptr);
    for (const flatbuffers::EnumDef* e : t.schema->enums_.vec) {
      if (!e->is_union) continue;
      for (const flatbuffers::EnumVal* v : e->Vals()) CHECK(v->union_type.struct_def != found);
    }
  }
}

TEST_CASE("no log, trace, summary or report of a run holds a personal value") {
  const scenario s = load("smoke");
  const left_behind run = leave_behind(s, true);
  CHECK(run.planted_in > 500);
  CHECK(sum_of(run.totals).refused < 5);
  CHECK(run.places.at("log").size() > 100'000);
  CHECK(run.places.at("report").size() > 10'000);
  for (const auto& [table, t] : personal_tables()) {
    for (const std::string& field : t.fields) {
      CAPTURE(table);
      CAPTURE(field);
      for (const std::string& place : run.holding(planted(table, field))) FAIL_CHECK(place << " holds it");
    }
    // What was planted is there, for who has the key.
    const item_ref first{subject_kind::institution, 0, variant::original, 0};
    if (table != "institution_contact") continue;
    const subject_id subject = model(s, 1).subject_of(first);
    const auto sealed = seal(derive_key({}, subject), filled(table));
    REQUIRE(sealed.has_value());
    const std::string_view bytes{reinterpret_cast<const char*>(sealed->data()), sealed->size()};
    CHECK(run.holding(bytes) == std::set<std::string>{"log"});
  }
}

TEST_CASE("sees personal values that went in unsealed") {
  const left_behind run = leave_behind(small_world(), false);
  for (const auto& [table, t] : personal_tables()) {
    for (const std::string& field : t.fields) {
      CAPTURE(table);
      CAPTURE(field);
      CHECK(run.holding(planted(table, field)).contains("log"));
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
