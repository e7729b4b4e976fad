// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <random>

#include "actors/credentials/catalogue.hpp"
#include "actors/product/checks.hpp"
#include "tests/actors/product_form.hpp"

namespace zhili::product::tests {
namespace {

using wire::standing;
using wire::desk::purpose;

/// Random steps upon two institutions, three practitioners and a dozen listings of one partition.
class random_world {
 public:
  explicit random_world(std::uint32_t seed) : dice_(seed) {}

  void step() {
    switch (below(12)) {
      case 0: institution_changes(); break;
      case 1:
      case 2: practitioner_changes(); break;
      case 3: s_.when(message(answer_of(some_listing()))); break;
      case 4: s_.when(taken_back(some_listing()).to(some_institution())); break;
      case 5: s_.when(seen(some_text(), some_price(), some_listing()).to(some_institution())); break;
      case 6: {
        const account_id who = some_institution();
        s_.when(message(wire::inspect(to_wire(who), ++visits_, 500, 0)).to(who));
        break;
      }
      case 7: s_.advance(minutes{below(300)}); break;
      case 8:
        if (below(6) == 0) s_.use_pack(below(2) == 0 ? pack : "tests/testkit/packs/plain");
        break;
      case 9: reverse(some_listing()); break;
      default: submit(); break;
    }
  }

  void check() {
    CHECK(s_.books_balance() == "");
    const state& now = s_.state();
    for (row_no n = 0; n < now.listings.size(); ++n) {
      const listing& l = now.listings[n];
      CHECK(in_chain(now.institutions[l.institution].first_listing, n, &listing::next_of_institution));
      if (l.practitioner != no_row) {
        CHECK(in_chain(now.practitioners[l.practitioner].first_listing, n, &listing::next_of_practitioner));
      }
      if (l.mode == mode::judged && l.live()) check_lawful(now, l);
    }
    for (const practitioner_copy& p : now.practitioners) CHECK(chain_names(p));
  }

  bool decided_anything() const { return s_.decided_anything(); }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(dice_() % n); }

  account_id some_institution() { return below(2) == 0 ? clinic : theirs_; }
  subject_id some_listing() { return subject(subject_kind::product, "p " + std::to_string(below(12))); }
  account_id some_practitioner() {
    return subject(subject_kind::practitioner, "d " + std::to_string(below(3)));
  }
  std::string some_text() {
    static constexpr std::array texts{"保证有效", "神秘项目", "网红同款", "重睑成形术单次", "含面诊与复查"};
    return texts[below(texts.size())];
  }
  std::int64_t some_price() { return 100'000 * (1 + below(3)); }

  void submit() {
    static constexpr std::array<std::uint16_t, 5> items{5, 48, 37, 74, 0};
    const std::uint16_t item = items[below(items.size())];
    s_.when(listed(
                {.item = item,
                 .practitioner = below(2) == 0 ? account_id{} : some_practitioner(),
                 .number = below(2) == 0 ? "" : "国药准字S20120037",
                 .price_fen = some_price(),
                 .text = some_text(),
                 .consultation = below(4) == 0},
                some_listing())
                .to(some_institution()));
  }

  void institution_changes() {
    const account_id who = some_institution();
    s_.when(message(status_of(
                        {.version = ++versions_,
                         .standing = below(4) == 0 ? standing::suspended : standing::admitted,
                         .level_max = static_cast<std::uint8_t>(below(3)),
                         .departments = 1 + below(3),
                         .institution = who}))
                .to(who));
  }

  void practitioner_changes() {
    s_.when(message(credentials_of(
        {.version = ++versions_,
         .standing = below(3) == 0 ? standing::suspended : standing::admitted,
         .registered_at = some_institution(),
         .scopes = below(4),
         .practitioner = some_practitioner()})));
  }

  wire::desk_answer answer_of(subject_id what) {
    const row_no row = s_.state().listings.find(what);
    const auto why = below(3) == 0 ? purpose::second_look : purpose::submission;
    const std::uint32_t number = row == no_row ? 1 : s_.state().listings[row].decisions - below(2);
    static constexpr std::array said{verdict::approve, verdict::label, verdict::reject};
    return wire::desk_answer(
        to_wire(decision::task_id(what, why, number)), to_wire(what), 501, row, said[below(said.size())],
        static_cast<std::uint8_t>(why), 1000);
  }

  void reverse(subject_id what) {
    const row_no row = s_.state().listings.find(what);
    if (row == no_row) return;
    s_.when(message(wire::reversal(to_wire(what), below(2) * 900, row, s_.state().listings[row].decisions)));
  }

  bool in_chain(row_no n, row_no wanted, row_no listing::*next) const {
    while (n != no_row && n != wanted) n = s_.state().listings[n].*next;
    return n == wanted;
  }
  bool chain_names(const practitioner_copy& p) const {
    const state& now = s_.state();
    for (row_no n = p.first_listing; n != no_row; n = now.listings[n].next_of_practitioner) {
      if (now.practitioners[now.listings[n].practitioner].id != p.id) return false;
    }
    return true;
  }

  // What is shown and not in question is allowed by all that is known today.
  void check_lawful(const state& now, const listing& l) {
    CHECK(!beyond_licence(l, now.institutions[l.institution]));
    const practitioner_copy* who = now.practitioner_of(l);
    if (who == nullptr || who->answered == 0) return;
    CHECK(who->admitted(s_.now()));
    const credentials::item* item = credentials::find(l.item);
    if (item != nullptr) CHECK((who->scopes & credentials::scopes_for(item->subject)) != 0);
  }

  std::mt19937 dice_;
  product_stage s_{clinic, {.pack = pack}};
  account_id theirs_ = neighbour();
  std::uint32_t versions_ = 0;
  std::uint32_t visits_ = 0;
};

}  // namespace

TEST_SUITE("actors/product") {
  TEST_CASE("whatever happens: the books balance, nothing unlawful stays up, the log gives the same again") {
    int decisions = 0;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
      CAPTURE(seed);
      random_world w{seed};
      for (int n = 0; n < 500; ++n) {
        CAPTURE(n);
        w.step();
        w.check();
        decisions += w.decided_anything() ? 1 : 0;
      }
    }
    // It does get somewhere.
    CHECK(decisions > 1500);
  }
}

}  // namespace zhili::product::tests
