// SPDX-License-Identifier: Apache-2.0
// Random lives of partitions. After each step the state rebuilt from the log is the live one, the books balance, and
// what must always hold does; at the end the whole log is executed again. A failure names the seed.
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "actors/desk/workflow.hpp"
#include "tests/actors/sanctions.hpp"
#include "tests/testkit/dice.hpp"

namespace zhili {
namespace {

using namespace testkit;
using namespace std::chrono_literals;
using wire::standing;
using wire::desk::purpose;

constexpr int seeds = 8;
constexpr int steps = 400;

/// `n` accounts of one kind in the clinic's shard.
std::vector<account_id> neighbours(subject_kind kind, std::size_t n) {
  std::vector<account_id> list;
  for (int i = 0; list.size() < n; ++i) {
    const account_id a = subject(kind, "n-" + std::to_string(i));
    if (shard_of(a) == shard_of(clinic)) list.push_back(a);
  }
  return list;
}

template <class Stage>
void check_rebuilt(Stage& s) {
  const auto again = s.restored();
  REQUIRE(again != nullptr);
  REQUIRE(again->state_digest() == s.live().state_digest());
  REQUIRE(again->chain_digest() == s.live().chain_digest());
  REQUIRE(again->next_timer() == s.live().next_timer());
  REQUIRE(s.books_balance() == "");
}

verdict any_answer(dice& d) {
  return d.pick({verdict::approve, verdict::approve, verdict::reject, verdict::label, verdict::demote, verdict::suspend});
}

// ---- onboarding ----

struct onboarding_life {
  dice d;
  std::vector<account_id> clinics = neighbours(subject_kind::institution, 3);
  std::vector<account_id> doctors = neighbours(subject_kind::practitioner, 2);
  stage<onboarding::workflow> s{clinics[0]};
  std::uint64_t keys = 0;

  explicit onboarding_life(std::uint64_t seed) : d(seed) {}

  account_id any_clinic() { return clinics[d.below(clinics.size())]; }
  account_id any() { return d.one_in(4) ? doctors[d.below(doctors.size())] : any_clinic(); }

  licence_form papers() {
    licence_form f{s.now(), days{1 + d.below(60)}};
    switch (d.below(7)) {
      case 0: f.number = credentials::make_licence(99, 330106, credentials::category::aesthetic_hospital); break;
      case 1:
      case 2: f.number.replace(17, 4, "Z999"); break;
      case 3: f.to = f.from + days{300}; break;
      case 4: f.hospital_grade = static_cast<std::uint8_t>(d.below(6)); break;
      default: break;
    }
    return f;
  }

  std::uint64_t any_key() { return d.one_in(8) ? d.below(keys + 1) : ++keys; }

  void step() {
    const account_id a = any();
    switch (d.below(12)) {
      case 0:
      case 1:
      case 2: {
        const account_id c = any_clinic();
        s.when(submission(papers().body()).to(c).about(c).key(any_key()));
        break;
      }
      case 3: {
        const account_id p = doctors[d.below(doctors.size())];
        registration_form f{s.now(), days{1 + d.below(40)}};
        f.in_register = static_cast<std::uint8_t>(d.below(4));
        f.scopes = static_cast<std::uint32_t>(d.below(16));
        s.when(submission(f.body()).to(p).about(p).key(any_key()));
        break;
      }
      case 4:
      case 5: {
        const auto row = s.state().find(a);
        const std::uint64_t number =
            row != partition::no_row && !d.one_in(4) ? s.state().admission_of(a, row).asked : d.below(6);
        const auto about = d.pick({purpose::submission, purpose::submission, purpose::re_audit, purpose::second_look});
        s.when(answer(a, about, number, any_answer(d)).to(a));
        break;
      }
      case 6:
        s.when(message(wire::reversal(to_wire(a), 77, 0, static_cast<std::uint32_t>(d.below(8)))).to(a));
        break;
      case 7:
        s.when(message(wire::index_crossed(0, static_cast<std::uint8_t>(d.below(3)), 0, 0)).to(a));
        break;
      case 8: s.when(message(wire::inspect(to_wire(a), 1, 100, 0)).to(a)); break;
      case 9: {
        const account_id p = doctors[d.below(doctors.size())];
        s.when(message(wire::watch_practitioner(to_wire(p), to_wire(any_clinic()))).to(p));
        break;
      }
      case 10: {
        using entry = partition::registry::entry;
        written_registry::entries e;
        for (const auto& number : {licence_form{s.now()}.number,
                                   credentials::make_licence(99, 330106, credentials::category::aesthetic_hospital)}) {
          if (!d.one_in(4)) e[number] = d.one_in(5) ? entry::revoked : entry::listed;
        }
        s.use_registry(e);
        break;
      }
      default: s.advance(std::chrono::hours{d.below(24 * 12)}); break;
    }
    if (d.one_in(6)) s.acknowledge_all();
  }

  void check_always() {
    const auto valid = [&](const onboarding::admission& a) {
      if (a.standing != standing::admitted) return;
      REQUIRE(instant{a.valid_to} > s.now());
      REQUIRE(a.holds == 0);
    };
    for (const auto& i : s.state().institutions) valid(i);
    for (const auto& p : s.state().practitioners) valid(p);
    for (const auto& i : s.state().institutions) REQUIRE((i.waiting == 0) == (i.asked == 0));
  }
};

// ---- takedown ----

struct takedown_life {
  dice d;
  std::vector<account_id> owners = neighbours(subject_kind::institution, 2);
  stage<takedown::workflow> s{owners[0]};
  std::map<subject_id, std::vector<std::byte>> orders;
  std::uint32_t decisions = 0;

  explicit takedown_life(std::uint64_t seed) : d(seed) {}

  /// Each owner has four listings.
  subject_id item(std::uint64_t n) { return subject(subject_kind::product, "item-" + std::to_string(n)); }
  account_id owner_of(std::uint64_t n) { return owners[n % owners.size()]; }

  void step() {
    const std::uint64_t n = d.below(8);
    const auto row = s.state().measures.find(item(n));
    const takedown::measure* m = row == partition::no_row ? nullptr : &s.state().measures[row];
    switch (d.below(10)) {
      case 0:
      case 1:
        s.when(impose(d.pick({verdict::label, verdict::demote, verdict::reject, verdict::suspend}), ++decisions,
                      d.below(3), item(n)).to(owner_of(n)));
        break;
      case 2: s.when(message(msg::lift(to_wire(item(n)), 3, 1)).to(owner_of(n))); break;
      case 3:
      case 4: {
        const std::uint32_t serial = m == nullptr || d.one_in(5) ? static_cast<std::uint32_t>(d.below(4)) : m->serial;
        s.when(acknowledge(serial, takedown::effect_id(item(n), serial)).to(owner_of(n)).about(item(n)));
        break;
      }
      case 5: s.when(appeal(static_cast<std::uint8_t>(d.below(5)), item(n)).to(owner_of(n))); break;
      case 6: {
        const std::uint64_t occasion = m == nullptr || d.one_in(4) ? d.below(9) : takedown::appeal_occasion(*m);
        s.when(answer(item(n), purpose::appeal, occasion, any_answer(d)).to(owner_of(n)));
        break;
      }
      case 7: {
        const account_id o = owners[d.below(owners.size())];
        const std::uint64_t c = d.below(20);
        s.when(message(msg::mentioned(to_wire(o), to_wire(item(100 + c)), to_wire(clinic), c, static_cast<std::uint32_t>(c),
                                      d.one_in(4) ? std::uint8_t{0} : std::uint8_t{1}, 0, 0)).to(o));
        break;
      }
      case 8: {
        const account_id o = owners[d.below(owners.size())];
        s.when(message(wire::institution_status(to_wire(o), 0, 0, 1, static_cast<standing>(d.below(6)), 0, 0, 0)).to(o));
        break;
      }
      default: pass_time(); break;
    }
    if (d.one_in(6)) s.acknowledge_all();
    note_orders();
  }

  void pass_time() {
    if (!d.one_in(8)) return s.advance(std::chrono::minutes{d.below(40)});
    // A long time only when nothing has to be sent again and again.
    for (std::uint64_t n = 0; n < 8; ++n) {
      const auto row = s.state().measures.find(item(n));
      if (row == partition::no_row) continue;
      const std::uint32_t serial = s.state().measures[row].serial;
      s.when(acknowledge(serial, takedown::effect_id(item(n), serial)).to(owner_of(n)).about(item(n)));
    }
    s.advance(days{d.below(200)});
  }

  /// One id names one order, however often it is sent.
  void note_orders() {
    for (const asked_effect& e : s.effects()) {
      const auto [known, fresh] = orders.emplace(e.effect, e.body);
      REQUIRE((fresh || known->second == e.body));
    }
  }

  void check_always() {
    using takedown::measure_state;
    for (std::uint32_t row = 0; row < s.state().measures.size(); ++row) {
      const takedown::measure& m = s.state().measures[row];
      const bool settled = m.state == measure_state::in_force || m.state == measure_state::lifted;
      REQUIRE(settled == (m.acknowledged == m.serial));
      REQUIRE(s.state().reasons.contains(row) == !settled);
      REQUIRE((m.state != measure_state::in_force || m.in_force_since != 0));
      REQUIRE(m.appeals <= 2);
    }
    if (!s.live().unacknowledged_streams().empty() || s.state().measures.empty()) return;
    for (const auto& m : s.state().measures) {
      // Whatever is not acknowledged will be sent again.
      if (m.acknowledged < m.serial) REQUIRE(s.live().next_timer() != never);
    }
  }
};

// ---- desk ----

struct desk_life {
  dice d;
  account_id queue = decision::queue_account("content");
  stage<desk::workflow> s{queue};
  std::map<std::uint32_t, std::uint64_t> closed;
  /// As they were when each was first held or closed.
  std::map<std::uint32_t, desk::question> questions;
  int tasks = 0;

  explicit desk_life(std::uint64_t seed) : d(seed) {}

  subject_id task(std::uint64_t n) { return subject(subject_kind::task, "t-" + std::to_string(n)); }

  void step() {
    namespace m = wire::desk;
    const wire::id t = to_wire(task(d.below(static_cast<std::uint64_t>(tasks) + 2)));
    const std::uint64_t reviewer = d.below(5);
    switch (d.below(6)) {
      case 0:
      case 1: {
        const int n = d.one_in(5) ? static_cast<int>(d.below(10)) : tasks++;
        s.when(message(m::open_task(to_wire(task(static_cast<std::uint64_t>(n))), to_wire(listing), to_wire(clinic), 1,
                                    (s.now() + std::chrono::hours{d.below(50)}).ms, d.below(4), d.below(4), 0,
                                    subject_kind::product, workflow_numbers::product, purpose::submission,
                                    static_cast<std::uint8_t>(d.below(6)))));
        break;
      }
      case 2:
        s.when(submission(build<m::claim>([&](auto& b) { return m::Createclaim(b, &t, reviewer); })));
        break;
      case 3:
        s.when(submission(build<m::decide_task>(
            [&](auto& b) { return m::Createdecide_task(b, &t, reviewer, any_answer(d), 1000); })));
        break;
      case 4: s.when(message(m::withdraw_task(t))); break;
      default: s.advance(std::chrono::minutes{d.below(50)}); break;
    }
    REQUIRE(s.sent<wire::desk_answer>().size() <= 1);
  }

  void check_always() {
    std::set<std::uint32_t> open;
    for (const auto& place : s.state().order()) open.insert(place.row);
    for (std::uint32_t row = 0; row < s.state().tasks().size(); ++row) {
      const desk::task& t = s.state().tasks()[row];
      REQUIRE(open.contains(row) == (t.mode == desk::mode::open));
      if (t.mode == desk::mode::claimed) REQUIRE(instant{t.until} > s.now());
      if (t.mode != desk::mode::open && t.reviewer != 0) {
        const desk::question& q = questions.emplace(row, s.state().asked(t)).first->second;
        REQUIRE((t.reviewer != q.not_by && t.reviewer != q.nor_by));
      }
      if (t.mode == desk::mode::closed) REQUIRE(closed.emplace(row, t.reviewer).first->second == t.reviewer);
      REQUIRE((!closed.contains(row) || t.mode == desk::mode::closed));
    }
  }
};

template <class Life>
void live_and_check() {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    Life life{seed};
    for (int step = 0; step < steps; ++step) {
      CAPTURE(step);
      life.step();
      life.check_always();
      check_rebuilt(life.s);
    }
  }
}

}  // namespace

TEST_SUITE("actors/engine/random") {
  TEST_CASE("onboarding: nobody is admitted without a licence in force, whatever happens") { live_and_check<onboarding_life>(); }
  TEST_CASE("takedown: one id is one order, and what is not acknowledged is not in force") { live_and_check<takedown_life>(); }
  TEST_CASE("desk: a task is open, held or closed, and closed once") { live_and_check<desk_life>(); }
}

}  // namespace zhili
