// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/named_codec.hpp"

#include <flatbuffers/reflection.h>
#include <fmt/format.h>

#include <map>

#include "actors/partition/workflow.hpp"
#include "protocols/message.hpp"
#include "protocols/schema/shared_generated.h"
#include "scenarios/trace/schemas.hpp"

namespace zhili::scenarios {
namespace {

/// A submission's table and where in it hashes of texts stand.
struct table_with_texts {
  const reflection::Schema* schema = nullptr;
  const reflection::Object* object = nullptr;
  std::vector<const reflection::Field*> hashes;
};

/// Every field of type hash256: nothing else is kept by such a hash.
std::vector<const reflection::Field*> hashes_of(const reflection::Schema& schema, const reflection::Object& object) {
  std::vector<const reflection::Field*> out;
  for (const reflection::Field* f : *object.fields()) {
    if (f->type()->base_type() != reflection::Obj) continue;
    if (schema.objects()->Get(static_cast<flatbuffers::uoffset_t>(f->type()->index()))->name()->str() == "zhili.wire.hash256") {
      out.push_back(f);
    }
  }
  return out;
}

using tables = std::map<std::pair<workflow_no, type_no>, table_with_texts>;

tables read_schemas() {
  tables out;
  for (const workflow_schema& s : workflow_schemas()) {
    const reflection::Schema* schema = reflection::GetSchema(s.bytes.data());
    for (const auto* w : partition::workflows()) {
      if (w->name != s.workflow) continue;
      for (type_no n = 1; !w->command_name(n).empty(); ++n) {
        const std::string name = fmt::format("zhili.wire.{}.{}", w->name, w->command_name(n));
        const reflection::Object* object = schema->objects()->LookupByKey(name.c_str());
        if (object == nullptr || object->is_struct()) continue;
        if (auto hashes = hashes_of(*schema, *object); !hashes.empty()) {
          out[{w->number, n}] = {schema, object, std::move(hashes)};
        }
      }
    }
  }
  return out;
}

void add_texts(const table_with_texts& of, bytes_view body, named_by_log& into) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(body.data());
  if (!flatbuffers::Verify(*of.schema, *of.object, bytes, body.size())) return;
  const auto& table = *flatbuffers::GetAnyRoot(bytes);
  for (const reflection::Field* f : of.hashes) {
    const auto* hash = table.GetStruct<const wire::hash256*>(f->offset());
    if (hash != nullptr && from_wire(*hash) != digest256{}) into.texts.insert(from_wire(*hash));
  }
}

}  // namespace

void add_named(const batch_reader& batch, named_by_log& into) {
  static const tables known = read_schemas();
  const workflow_no workflow = partition_id::unpack(batch.head().partition()).workflow;
  for (const entry_view entry : batch) {
    if (entry.kind != entry_kind::command) continue;
    const auto origin = entry.header<wire::command_header>().origin();
    const bytes_view body = entry.body<wire::command_header>();
    if (origin == wire::origin::submission) {
      const auto table = known.find({workflow, entry.type});
      if (table != known.end()) add_texts(table->second, body, into);
    } else if (origin == wire::origin::control && entry.type == shared_type<wire::pack_changed>()) {
      if (const auto* c = read_body<wire::pack_changed>(body)) into.packs.insert({c->digest_hi(), c->digest_lo()});
    } else if (origin == wire::origin::control && entry.type == shared_type<wire::registry_changed>()) {
      if (const auto* c = read_body<wire::registry_changed>(body)) into.snapshots.insert({c->digest_hi(), c->digest_lo()});
    }
  }
}

}  // namespace zhili::scenarios
