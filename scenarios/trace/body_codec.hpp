// SPDX-License-Identifier: Apache-2.0
// Bodies of submissions as JSON and back, by FlatBuffers' own parser and the workflow's schema. A body that a
// FlatBufferBuilder made comes back to the byte. Sealed parts, vectors of bytes, are base64. Not thread-safe; making one
// costs a third of a millisecond a workflow, at its first use.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "protocols/message.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"

namespace zhili::scenarios {

class body_codec {
 public:
  body_codec();
  ~body_codec();

  /// This thread's own.
  static body_codec& of_thread();

  /// Number of a workflow by its name; 0: there is none of this name that takes submissions.
  static workflow_no workflow(std::string_view name);
  /// Number of a submission by its name; 0: the workflow has no table of this name.
  type_no type(workflow_no of, std::string_view name);

  /// Appends the JSON. REQUIRES: a type that `type` gives, and a well-formed body, as one that was just built.
  void to_json(workflow_no of, type_no type, bytes_view body, std::string& out);
  /// The body, 8-aligned, until the next call; malformed says where and why.
  result<bytes_view> from_json(workflow_no of, type_no type, std::string_view json);

 private:
  struct workflow_messages;
  workflow_messages& messages(workflow_no of);

  std::map<workflow_no, std::unique_ptr<workflow_messages>> known_;
  std::string scratch_;
};

}  // namespace zhili::scenarios
