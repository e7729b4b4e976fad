// SPDX-License-Identifier: Apache-2.0
// Papers for onboarding tests: good ones, to be spoilt field by field.
#pragma once

#include <chrono>

#include "actors/credentials/make.hpp"
#include "actors/decision/follow_up.hpp"
#include "actors/onboarding/workflow.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::testkit {

inline const account_id clinic = subject(subject_kind::institution, "clinic");
inline const account_id doctor = subject(subject_kind::practitioner, "doctor");
using days = std::chrono::days;

/// What the institution of `clinic` shows.
struct licence_form {
  std::uint64_t ref = 7;
  std::string uscc = credentials::make_uscc(1234, 330106);
  std::string number = credentials::make_licence(1234, 330106, credentials::category::aesthetic_clinic);
  instant from;
  instant to;
  std::uint32_t departments = 1;
  std::uint8_t hospital_grade = 0;

  /// In force for a year already and for so long yet.
  explicit licence_form(instant now, duration left = days{365}) : from(now - days{365}), to(now + left) {}

  flat<wire::onboarding::submit_institution> body() const {
    return build<wire::onboarding::submit_institution>([&](auto& b) {
      const auto u = uscc.empty() ? 0 : b.CreateString(uscc);
      const auto n = number.empty() ? 0 : b.CreateString(number);
      return wire::onboarding::Createsubmit_institution(b, ref, u, n, from.ms, to.ms, departments, hospital_grade);
    });
  }
  input<wire::onboarding::submit_institution> shown() const { return submission(body()); }
};

/// What `doctor` shows.
struct registration_form {
  using form = wire::onboarding::number_form;
  std::uint64_t ref = 8;
  form qualification = form::good;
  form practice = form::good;
  account_id registered_at = clinic;
  instant from;
  instant to;
  std::uint32_t scopes = 1;
  bool lead = true;
  std::uint8_t in_register = 1;

  explicit registration_form(instant now, duration left = days{365}) : from(now - days{365}), to(now + left) {}

  flat<wire::onboarding::submit_practitioner> body() const {
    return build<wire::onboarding::submit_practitioner>([&](auto& b) {
      const wire::id at = to_wire(registered_at);
      return wire::onboarding::Createsubmit_practitioner(
          b, ref, qualification, practice, &at, from.ms, to.ms, scopes, lead, in_register);
    });
  }
  input<wire::onboarding::submit_practitioner> shown() const { return submission(body()); }
};

/// The desk's answer to the question that a decision with this number asked.
inline input<wire::desk_answer> answer(subject_id about, wire::desk::purpose purpose, std::uint64_t number, verdict v,
                                       std::uint64_t reviewer = 501) {
  return message(wire::desk_answer(to_wire(decision::task_id(about, purpose, number)), to_wire(about), reviewer, 0, v,
                                   static_cast<std::uint8_t>(purpose), 1));
}

/// As `answer`, to a task that was opened.
inline input<wire::desk_answer> answer(const wire::desk::open_task& task, verdict v, std::uint64_t reviewer = 501) {
  return message(wire::desk_answer(task.task(), task.subject(), reviewer, task.row(), v,
                                   static_cast<std::uint8_t>(task.purpose()), 1));
}

}  // namespace zhili::testkit
