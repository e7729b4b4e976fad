// SPDX-License-Identifier: Apache-2.0
// Bodies of messages as values that tests can build, keep, send and read, and where each message type is at home.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "actors/workflow_numbers.hpp"  // generated
#include "protocols/message.hpp"

// A workflow whose schema this build does not have simply has no addresses here.
#if __has_include("protocols/schema/onboarding_generated.h")
#include "protocols/schema/onboarding_generated.h"
#endif
#if __has_include("protocols/schema/product_generated.h")
#include "protocols/schema/product_generated.h"
#endif
#if __has_include("protocols/schema/content_generated.h")
#include "protocols/schema/content_generated.h"
#endif
#if __has_include("protocols/schema/desk_generated.h")
#include "protocols/schema/desk_generated.h"
#endif
#if __has_include("protocols/schema/takedown_generated.h")
#include "protocols/schema/takedown_generated.h"
#endif
#if __has_include("protocols/schema/risk_generated.h")
#include "protocols/schema/risk_generated.h"
#endif
#if __has_include("protocols/schema/signal_generated.h")
#include "protocols/schema/signal_generated.h"
#endif
#if __has_include("protocols/schema/quality_generated.h")
#include "protocols/schema/quality_generated.h"
#endif
#if __has_include("protocols/schema/inspection_generated.h")
#include "protocols/schema/inspection_generated.h"
#endif

namespace zhili::testkit {

/// One whole body of type T: a struct as it is, a table in its finished buffer. 8-aligned, copyable.
template <class T>
class flat {
 public:
  flat(const T& fixed)
    requires(!is_table<T>)
  {
    const bytes_view b = body_of(fixed);
    bytes_.assign(b.begin(), b.end());
  }
  explicit flat(bytes_view whole) : bytes_(whole.begin(), whole.end()) {}

  const T& operator*() const { return view_body<T>(bytes_); }
  const T* operator->() const { return &**this; }
  bytes_view bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

/// A table: `make` gets the builder and returns the offset.
///   build<msg::claim>([&](auto& b) { return msg::Createclaim(b, &task, reviewer); })
template <class T, class Make>
flat<T> build(Make&& make) {
  flatbuffers::FlatBufferBuilder b;
  b.Finish(flatbuffers::Offset<T>{make(b)});
  return flat<T>{body_of(b)};
}

/// Workflow and number of a command; workflow 0 for messages that all share.
struct address {
  workflow_no workflow = 0;
  type_no type = 0;
  bool operator==(const address&) const = default;
};

template <class T>
constexpr address address_of() {
  if constexpr (position_in<T>(shared_messages{}) != 0) {
    return {0, shared_type<T>()};
  }
#define ZHILI_HOME(name)                                                                               \
  if constexpr (constexpr auto n = wire::name::name##_commandTraits<T>::enum_value; static_cast<int>(n) != 0) { \
    return {workflow_numbers::name, static_cast<type_no>(n)};                                                    \
  }
#if __has_include("protocols/schema/onboarding_generated.h")
  ZHILI_HOME(onboarding)
#endif
#if __has_include("protocols/schema/product_generated.h")
  ZHILI_HOME(product)
#endif
#if __has_include("protocols/schema/content_generated.h")
  ZHILI_HOME(content)
#endif
#if __has_include("protocols/schema/desk_generated.h")
  ZHILI_HOME(desk)
#endif
#if __has_include("protocols/schema/takedown_generated.h")
  ZHILI_HOME(takedown)
#endif
#if __has_include("protocols/schema/risk_generated.h")
  ZHILI_HOME(risk)
#endif
#if __has_include("protocols/schema/signal_generated.h")
  ZHILI_HOME(signal)
#endif
#if __has_include("protocols/schema/quality_generated.h")
  ZHILI_HOME(quality)
#endif
#if __has_include("protocols/schema/inspection_generated.h")
  ZHILI_HOME(inspection)
#endif
#undef ZHILI_HOME
  return {};
}

/// A subject of the tests' own tenant.
inline subject_id subject(subject_kind kind, std::string_view name) { return make_subject_id("test", kind, name); }

/// As wire::hash256, for the `text_hash` of submissions.
inline wire::hash256 hash_of(std::string_view text) { return to_wire(blake2b_256(as_bytes_view(text))); }

}  // namespace zhili::testkit
