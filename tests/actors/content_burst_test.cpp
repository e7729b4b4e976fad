// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "actors/content/burst.hpp"
#include "tests/actors/content_form.hpp"

namespace zhili::content::tests {

namespace {

using strings = std::vector<std::string>;

subject_id numbered(int n) {
  return review_of("review " + std::to_string(n));
}
std::uint32_t hour_now(const content_stage& s) {
  return hour_of(s.now());
}

msg::hour_tally tally(
    std::uint32_t hour, std::uint32_t count, shard_no shard, account_id institution = clinic) {
  return msg::hour_tally(to_wire(institution), hour, count, shard, 0, 0, 0);
}
msg::burst_found burst_in(
    std::uint32_t from, std::uint32_t to, std::uint32_t count, account_id institution = clinic) {
  return msg::burst_found(to_wire(institution), from, to, count, 0);
}
/// The shards that the last verb told of a burst.
std::vector<int> told(const content_stage& s) {
  std::vector<int> list;
  for (const sent_message& m : s.sent()) {
    if (content_stage::is<msg::burst_found>(m)) list.push_back(m.to.shard);
  }
  return list;
}

const std::string copied = "服务特别好，环境干净，强烈推荐给大家。";

}  // namespace

TEST_SUITE("actors/content") {
  TEST_CASE("counts the reviews of an hour and tells each institution once") {
    content_stage s{author, by_words};
    s.advance(minutes{20});
    const std::uint32_t hour = hour_now(s);
    s.when(published(fair_review(s), numbered(1)));
    CHECK(s.live().next_timer() == instant{std::int64_t{hour + 1} * 3'600'000});
    s.when(published(fair_review(s), numbered(2)));
    s.when(published(fair_review(s, copied, other_clinic), numbered(3)));
    // Neither an edit nor a repeat nor a review of nobody counts.
    s.when(published(fair_review(s, "改了几个字"), numbered(1)));
    s.when(published(fair_review(s, "改了几个字"), numbered(1)));
    s.when(published(fair_review(s, copied, {}), numbered(4)));
    s.when(published({.institution = clinic}, diary()));
    const std::uint64_t commands = s.live().commands();
    s.advance(minutes{40});
    CHECK(s.live().commands() == commands + 1);
    const auto tallies = s.sent<msg::hour_tally>();
    REQUIRE(tallies.size() == 2);
    CHECK(s.sent()[0].account == clinic);
    CHECK(s.sent()[0].to == partition_id{workflow_numbers::content, shard_of(clinic)});
    CHECK(from_wire(tallies[0]->institution()) == clinic);
    CHECK(tallies[0]->hour() == hour);
    CHECK(tallies[0]->count() == 2);
    CHECK(tallies[0]->shard() == shard_of(author));
    CHECK(tallies[1]->count() == 1);
    // An hour without reviews sets no timer.
    CHECK(s.live().next_timer() == never);
    s.when(published(fair_review(s), numbered(5)));
    CHECK(s.live().next_timer() != never);
  }

  TEST_CASE("counts a late review in the hour in which it was written") {
    content_stage s{author, by_words};
    content_form f = fair_review(s);
    s.when(published(f, numbered(1)).claimed_at(s.now() - hours{5}));
    s.when(published(f, numbered(2)));
    s.advance(hours{1});
    const auto tallies = s.sent<msg::hour_tally>();
    REQUIRE(tallies.size() == 2);
    CHECK(tallies[0]->hour() == tallies[1]->hour() - 5);
  }

  TEST_CASE("finds a burst where a window reaches the threshold") {
    struct row {
      const char* what;
      std::vector<std::array<std::uint32_t, 2>> known;  // hour, count
      std::uint32_t hour;
      std::uint32_t extra;
      burst found;
    };
    constexpr std::uint32_t window = 3;
    constexpr std::uint32_t threshold = 10;
    const row table[] = {
        {"nothing", {}, 100, 9, {}},
        {"one hour alone", {}, 100, 10, {98, 102, 10}},
        {"over the window's hours", {{98, 4}, {99, 3}}, 100, 3, {98, 100, 10}},
        {"just outside", {{97, 9}}, 100, 9, {}},
        {"a late tally fills a window that is past", {{101, 4}, {102, 4}}, 100, 2, {100, 102, 10}},
        {"several windows", {{98, 10}, {101, 5}, {102, 6}}, 100, 4, {98, 102, 15}},
        {"not beyond the last of them", {{99, 5}, {103, 5}}, 100, 6, {98, 101, 11}},
    };
    for (const row& r : table) {
      CAPTURE(r.what);
      std::vector<arrivals> known;
      for (const auto& [hour, count] : r.known)
        known.push_back({hour, static_cast<std::uint16_t>(count), 0, 0});
      const burst b = burst_around(r.hour, r.extra, known, window, threshold);
      CHECK(b.from == r.found.from);
      CHECK(b.to == r.found.to);
      CHECK(b.count == r.found.count);
    }
  }

  TEST_CASE("an institution tells every shard that contributed to a burst, each once") {
    content_stage s{clinic, by_words};
    const std::uint32_t h = hour_now(s);
    s.when(message(tally(h - 11, 3, 1)));
    s.then_events(some<msg::tally_kept>{});
    s.when(message(tally(h - 5, 2, 3)));
    CHECK(told(s).empty());
    s.when(message(tally(h - 4, 1, 5)));
    CHECK(told(s).empty());
    s.when(message(tally(h, 1, 9)));
    CHECK(told(s) == std::vector<int>{3, 5, 9});
    const auto found = s.sent<msg::burst_found>()[0];
    CHECK(from_wire(found->institution()) == clinic);
    CHECK(found->from() == h - 5);
    CHECK(found->to() == h);
    CHECK(found->count() == 4);
    // What comes later extends it: only the newcomer has to know.
    s.when(message(tally(h, 1, 7)));
    CHECK(told(s) == std::vector<int>{7});
    CHECK(s.sent<msg::burst_found>()[0]->count() == 5);
    // More of a shard that knows: it has new reviews to look at.
    s.when(message(tally(h, 2, 9)));
    CHECK(told(s) == std::vector<int>{9});
    s.when(message(tally(h + 40, 1, 9)));
    CHECK(told(s).empty());
  }

  TEST_CASE("an institution tells a shard again of reviews that came while no burst was seen") {
    content_stage s{clinic, by_words};
    const std::uint32_t h = hour_now(s);
    s.when(message(tally(h, 4, 3)));
    CHECK(told(s) == std::vector<int>{3});
    // The next pack sees no burst below twenty.
    s.use_pack(strict);
    s.when(message(tally(h, 1, 3)));
    CHECK(told(s).empty());
    s.use_pack(by_words.pack);
    s.when(message(tally(h, 1, 5)));
    CHECK(told(s) == std::vector<int>{3, 5});
  }

  TEST_CASE("an institution keeps no hours that no burst can reach any more") {
    content_stage s{clinic, by_words};
    const std::uint32_t h = hour_now(s);
    for (std::uint32_t i = 0; i < 300; ++i) s.when(message(tally(h + i * 4, 1, 1)));
    CHECK(s.state().by_hour.at(s.state().institutions.find(clinic)).size() <= burst_hours_kept / 4 + 1);
  }

  TEST_CASE("judges the reviews of a burst again, in whatever shard they are") {
    content_stage s{author, by_words};
    const std::uint32_t h = hour_now(s);
    s.when(published(fair_review(s), numbered(1)).to(user_in(shard_of(author), 0)));
    s.when(published(fair_review(s), numbered(2)).to(user_in(shard_of(author), 1)));
    s.when(published(fair_review(s, copied, other_clinic), numbered(3)));
    s.when(published(fair_review(s, "保证有效"), numbered(4))).then(verdict::reject);
    s.when(published(fair_review(s), numbered(5)).claimed_at(s.now() - hours{7}));
    s.when(message(burst_in(h - 5, h, 4)).to(clinic));
    CHECK(row_of(s, numbered(1)).verdict == verdict::demote);
    CHECK(row_of(s, numbered(2)).verdict == verdict::demote);
    CHECK(row_of(s, numbered(3)).verdict == verdict::approve);
    CHECK(row_of(s, numbered(4)).verdict == verdict::reject);
    CHECK(row_of(s, numbered(5)).verdict == verdict::approve);
    CHECK(s.decision().cause() == cause::signal);
    CHECK(rules_found(s) == strings{"t-burst"});
    REQUIRE(s.sent<impose>().size() == 2);
    CHECK(s.sent()[0].account == user_in(shard_of(author), 0));
    CHECK(s.sent()[0].stream == stream_kind::inside_account);
    // Told again: nothing new.
    s.when(message(burst_in(h - 5, h, 4)).to(clinic)).then_nothing();
    // It grew, and the pack minds.
    s.when(message(burst_in(h - 5, h, 8)).to(clinic));
    CHECK(row_of(s, numbered(1)).verdict == verdict::reject);
    CHECK(rules_found(s) == strings{"t-burst", "t-big-burst"});
    s.when(message(burst_in(h - 5, h, 9, other_clinic)).to(other_clinic));
    CHECK(row_of(s, numbered(3)).verdict == verdict::reject);
    s.when(message(burst_in(h, h, 9, subject(subject_kind::institution, "unheard of"))).to(clinic))
        .then_nothing();
  }

  TEST_CASE("a burst runs from the authors' shards to the institution and back") {
    content_stage home{clinic, by_words};
    const shard_no first = shard_of(author);
    const shard_no second = static_cast<shard_no>((first + 1) % shard_count);
    content_stage a{user_in(first), by_words};
    content_stage b{user_in(second), by_words};
    for (int n = 0; n < 2; ++n) a.when(published(fair_review(a), numbered(n)).to(user_in(first, n)));
    for (int n = 2; n < 4; ++n) b.when(published(fair_review(b), numbered(n)).to(user_in(second, n)));
    std::vector<flat<msg::burst_found>> found;
    for (content_stage* from : {&a, &b}) {
      from->advance(hours{1});
      for (const auto& t : from->sent<msg::hour_tally>()) {
        home.when(message(t).to(clinic).from(from->live().id()));
        for (auto& f : home.sent<msg::burst_found>()) found.push_back(f);
      }
    }
    REQUIRE(found.size() == 2);
    for (content_stage* to : {&a, &b}) {
      to->when(message(found[0]).to(clinic).from(home.live().id()));
      CHECK(to->sent<impose>().size() == 2);
      for (const auto& c : to->state().contents) CHECK(c.verdict == verdict::demote);
    }
  }

  TEST_CASE("a review that changes its institution leaves the burst") {
    content_stage s{author, by_words};
    const std::uint32_t h = hour_now(s);
    s.when(published(fair_review(s), review_of()));
    s.when(message(burst_in(h, h, 4)).to(clinic));
    s.when(published(fair_review(s, "改了几个字"), review_of())).then(verdict::demote);
    s.when(published(fair_review(s, "又改了几个字", other_clinic), review_of())).then(verdict::approve);
    s.when(message(burst_in(h, h, 5)).to(clinic)).then_nothing();
    s.when(published(fair_review(s, "再改几个字", other_clinic), review_of())).then(verdict::approve);
  }

  TEST_CASE("forgets reviews that no burst can reach any more") {
    content_stage s{author, by_words};
    for (int n = 0; n < 20; ++n) {
      s.when(published(fair_review(s), numbered(n)));
      s.advance(hours{24});
    }
    CHECK(s.state().recent.size() == 9);
  }

  TEST_CASE("a canary holds by the author's account, whoever found the burst") {
    content_stage s{author, by_words};
    for (int n = 0; n < 16; ++n)
      s.when(published(fair_review(s, "试用装也不错"), numbered(n)).to(user_in(shard_of(author), n)));
    s.when(message(burst_in(hour_now(s), hour_now(s), 4)).to(clinic));
    int rejected = 0;
    for (const auto& c : s.state().contents) rejected += c.verdict == verdict::reject ? 1 : 0;
    CHECK(rejected > 0);
    CHECK(rejected < 16);
  }
}

}  // namespace zhili::content::tests
