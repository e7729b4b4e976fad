// SPDX-License-Identifier: Apache-2.0
// Typed bodies in verified bytes. A message type is either a FlatBuffers struct (fixed layout, copied as it is) or a
// table; workflows name their messages in lists whose order is that of the union in the schema.
#pragma once

#include <cstring>
#include <type_traits>

#include <flatbuffers/flatbuffers.h>

#include "protocols/schema/shared_generated.h"
#include "protocols/types/hash.hpp"
#include "protocols/types/limits.hpp"

namespace zhili {

/// Number of a message within its workflow's commands, its events, or the messages shared by all.
using type_no = std::uint16_t;

/// Shared messages stand above every workflow's own commands.
inline constexpr type_no shared_type_base = 256;

template <class... Ts>
struct type_list {
  static constexpr std::size_t size = sizeof...(Ts);
};

/// Position of T in the list, from 1; 0 where it is not in it.
template <class T, class... Ts>
constexpr type_no position_in(type_list<Ts...>) {
  type_no n = 0;
  type_no found = 0;
  ((++n, found = found == 0 && std::is_same_v<T, Ts> ? n : found), ...);
  return found;
}

/// The union `shared` of shared.fbs, in its order.
using shared_messages =
    type_list<wire::pack_changed, wire::registry_changed, wire::institution_status, wire::practitioner_credentials,
              wire::watch_practitioner, wire::band_changed, wire::desk_answer, wire::reversal, wire::index_crossed,
              wire::mention_label, wire::inspect, wire::inspect_one, wire::page_requested, wire::licence_requested,
              wire::release_changed>;

template <class T>
constexpr type_no shared_type() {
  constexpr type_no n = position_in<T>(shared_messages{});
  static_assert(n != 0, "not a shared message");
  return shared_type_base + n;
}

template <class T>
inline constexpr bool is_table = std::is_base_of_v<flatbuffers::Table, T>;

/// The body as a T, or nullptr where the bytes are not a whole and well-formed T.
/// REQUIRES: body.data() is aligned to 8 bytes. The pointer lives as long as the bytes.
template <class T>
const T* read_body(bytes_view body) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(body.data());
  if constexpr (is_table<T>) {
    if (body.size() < 8 || body.size() > limits::body_bytes_max) return nullptr;
    flatbuffers::Verifier verifier(data, body.size(), limits::verify_depth_max, limits::verify_tables_max);
    return verifier.VerifyBuffer<T>(nullptr) ? flatbuffers::GetRoot<T>(data) : nullptr;
  } else {
    return body.size() == sizeof(T) ? reinterpret_cast<const T*>(data) : nullptr;
  }
}

/// The body as a T without a second look. REQUIRES: read_body<T> accepted the same bytes once.
template <class T>
const T& view_body(bytes_view body) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(body.data());
  if constexpr (is_table<T>) {
    return *flatbuffers::GetRoot<T>(data);
  } else {
    return *reinterpret_cast<const T*>(data);
  }
}

template <class T>
bytes_view body_of(const T& fixed) {
  static_assert(!is_table<T>, "a table is built with a FlatBufferBuilder");
  return std::as_bytes(std::span{&fixed, 1});
}

inline bytes_view body_of(const flatbuffers::FlatBufferBuilder& finished) {
  return {reinterpret_cast<const std::byte*>(finished.GetBufferPointer()), finished.GetSize()};
}

inline std::string_view text_of(const flatbuffers::String* s) {
  return s == nullptr ? std::string_view{} : std::string_view{s->data(), s->size()};
}

inline digest256 from_wire(const wire::hash256& h) { return {{h.a(), h.b(), h.c(), h.d()}}; }
inline wire::hash256 to_wire(const digest256& d) {
  return wire::hash256(d.word[0], d.word[1], d.word[2], d.word[3]);
}

}  // namespace zhili
