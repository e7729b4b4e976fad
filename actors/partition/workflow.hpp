// SPDX-License-Identifier: Apache-2.0
// How a workflow is plugged into the engine. A workflow is a struct W with
//   using state, commands, submissions (the commands that may come from outside; the others are messages and timers),
//   takes, subscribes, events (type_lists), name, name_zh, number, behaviour
// and overloads found by argument-dependent lookup in its namespace:
//   outcome decide(const state&, const Command&, const context&, decide_sink&)   for commands, takes and subscribes
//   void    apply(state&, const Event&)                                          for every event
//   void    react(const state&, const Event&, const context&, react_sink&)       for every event
// A missing overload does not compile: that is the completeness test.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "actors/partition/hasher.hpp"
#include "actors/partition/sink.hpp"

namespace zhili::partition {

/// A workflow's state in one partition, behind the engine.
class hosted {
 public:
  virtual ~hosted() = default;
  /// A submission for these comes next: asks the memory for where they lie, without waiting for it.
  virtual void expect(account_id account, subject_id subject) const = 0;
  /// refusal::malformed where the body is not of its type, unknown_type where there is no such command.
  virtual outcome decide(type_no type, bytes_view body, const context&, decide_sink&) = 0;
  virtual void apply(type_no event, bytes_view body) = 0;
  virtual void react(type_no event, bytes_view body, const context&, react_sink&) = 0;
  /// False where the bytes are no event of this workflow.
  virtual bool knows(type_no event, bytes_view body) const = 0;
  virtual void digest(hasher&) const = 0;
  /// Submissions that wait for a decision, counted from the rows: the engine holds it against its own books.
  virtual std::uint64_t waiting() const = 0;
  virtual std::size_t memory_bytes() const = 0;
  virtual std::size_t subjects() const = 0;
  /// The state as the workflow's own type, for reads from outside after a commit.
  virtual const void* state() const = 0;
};

struct workflow_descriptor {
  std::string_view name;
  std::string_view name_zh;
  workflow_no number = 0;
  /// Version of what decide, apply and react mean. Raise it with every change of meaning.
  std::uint32_t behaviour = 0;
  std::vector<type_no> subscribes;
  std::unique_ptr<hosted> (*make)() = nullptr;
  std::string_view (*command_name)(type_no) = nullptr;
  std::string_view (*event_name)(type_no) = nullptr;
};

/// All workflows of this program, by rising number. Generated from the list in CMakeLists.txt.
std::span<const workflow_descriptor* const> workflows();
/// nullptr where there is none.
const workflow_descriptor* find_workflow(workflow_no number);
/// Who subscribes to a shared fact.
std::span<const workflow_no> subscribers_of(type_no fact);

namespace overloads {
// Outside of any class, so that only argument-dependent lookup finds what the workflow's folder defines.
template <class S, class M>
outcome call_decide(const S& state, const M& message, const context& cx, decide_sink& out) {
  return decide(state, message, cx, out);
}
template <class S, class E>
void call_apply(S& state, const E& event) {
  apply(state, event);
}
template <class S, class E>
void call_react(const S& state, const E& event, const context& cx, react_sink& out) {
  react(state, event, cx, out);
}
}  // namespace overloads

template <class W>
class hosted_workflow final : public hosted {
 public:
  void expect(account_id account, subject_id subject) const override {
    if constexpr (requires { state_.expect(account, subject); }) state_.expect(account, subject);
  }

  outcome decide(type_no type, bytes_view body, const context& cx, decide_sink& out) override {
    outcome answer = refused(subject_kind::none, wire::refusal::unknown_type);
    if (cx.origin == wire::origin::submission && !comes_from_outside(type)) return answer;
    const auto take = [&]<class T>(std::type_identity<T>, type_no number) {
      if (type != number) return false;
      const T* message = read_body<T>(body);
      answer = message == nullptr ? refused(subject_kind::none, wire::refusal::malformed)
                                  : overloads::call_decide(state_, *message, cx, out);
      return true;
    };
    if (type < shared_type_base) {
      each(typename W::commands{}, [&]<class T>(std::type_identity<T> t) {
        return take(t, position_in<T>(typename W::commands{}));
      });
    } else {
      const bool found = each(typename W::takes{}, [&]<class T>(std::type_identity<T> t) {
        return take(t, shared_type<T>());
      });
      if (!found) {
        each(typename W::subscribes{}, [&]<class T>(std::type_identity<T> t) { return take(t, shared_type<T>()); });
      }
    }
    return answer;
  }

  void apply(type_no event, bytes_view body) override {
    each_event(event, [&]<class T>(std::type_identity<T>) { overloads::call_apply(state_, view_body<T>(body)); });
  }

  void react(type_no event, bytes_view body, const context& cx, react_sink& out) override {
    each_event(event, [&]<class T>(std::type_identity<T>) {
      overloads::call_react(std::as_const(state_), view_body<T>(body), cx, out);
    });
  }

  bool knows(type_no event, bytes_view body) const override {
    bool good = false;
    each_event(event, [&]<class T>(std::type_identity<T>) { good = read_body<T>(body) != nullptr; });
    return good;
  }

  void digest(hasher& h) const override { state_.digest(h); }
  std::uint64_t waiting() const override { return state_.waiting(); }
  std::size_t memory_bytes() const override { return state_.memory_bytes(); }
  std::size_t subjects() const override { return state_.subjects(); }
  const void* state() const override { return &state_; }

 private:
  // Nobody outside may speak as a timer or as another partition.
  static bool comes_from_outside(type_no type) {
    return each(typename W::submissions{}, [type]<class T>(std::type_identity<T>) {
      static_assert(position_in<T>(typename W::commands{}) != 0, "a submission is a command");
      return type == position_in<T>(typename W::commands{});
    });
  }
  // Calls f for each type until it says true.
  template <class... Ts, class F>
  static bool each(type_list<Ts...>, F&& f) {
    return (f(std::type_identity<Ts>{}) || ...);
  }
  template <class F>
  static void each_event(type_no event, F&& f) {
    type_no n = 0;
    each(typename W::events{}, [&]<class T>(std::type_identity<T> t) {
      if (++n != event) return false;
      f(t);
      return true;
    });
  }

  typename W::state state_;
};

/// The descriptor of W; its folder defines `descriptor()` with it.
template <class W>
workflow_descriptor describe(std::string_view (*command_name)(type_no), std::string_view (*event_name)(type_no)) {
  static_assert(position_in<wire::decided>(typename W::events{}) == 1, "decided is event 1 of every workflow");
  workflow_descriptor d;
  d.name = W::name;
  d.name_zh = W::name_zh;
  d.number = W::number;
  d.behaviour = W::behaviour;
  d.make = []() -> std::unique_ptr<hosted> { return std::make_unique<hosted_workflow<W>>(); };
  [&]<class... Facts>(type_list<Facts...>) { (d.subscribes.push_back(shared_type<Facts>()), ...); }(
      typename W::subscribes{});
  d.command_name = command_name;
  d.event_name = event_name;
  return d;
}

}  // namespace zhili::partition
