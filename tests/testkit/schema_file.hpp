// SPDX-License-Identifier: Apache-2.0
// A schema of protocols/schema as FlatBuffers' own parser reads it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <flatbuffers/idl.h>
#include <flatbuffers/util.h>

namespace zhili::testkit {

/// REQUIRES: the tests run in the root of the project.
inline std::unique_ptr<flatbuffers::Parser> parse_schema(const std::filesystem::path& file) {
  // Only for C++ does the parser let structs into unions.
  flatbuffers::IDLOptions options;
  options.lang_to_generate = flatbuffers::IDLOptions::kCpp;
  auto parser = std::make_unique<flatbuffers::Parser>(options);
  std::string text;
  REQUIRE(flatbuffers::LoadFile(file.c_str(), false, &text));
  const char* include[] = {"protocols/schema", nullptr};
  REQUIRE_MESSAGE(parser->Parse(text.c_str(), include, file.c_str()), parser->error_);
  return parser;
}

}  // namespace zhili::testkit
