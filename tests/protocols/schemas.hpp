// SPDX-License-Identifier: Apache-2.0
// All schemas of protocols/schema, read by FlatBuffers' own parser, and samples made from nothing but the schema.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <flatbuffers/idl.h>

namespace zhili {

/// By file name without `.fbs`: a schema with all that it includes. Tests run in the root of the project.
const std::map<std::string, std::unique_ptr<flatbuffers::Parser>>& schemas();

/// A member of a union, by its position from 1.
struct union_member {
  int position = 0;
  std::string name;
  const flatbuffers::StructDef* definition = nullptr;
};
/// Empty where the schema has no such union.
std::vector<union_member> members_of(const std::string& schema, const std::string& union_name);

/// Every scalar holds a value of its own, every enum its largest, every vector two elements, no field is left out.
std::vector<std::byte> make_sample(const std::string& schema, const flatbuffers::StructDef& definition);

bool is_personal(const flatbuffers::FieldDef& field);

}  // namespace zhili
