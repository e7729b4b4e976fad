// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "node/release_book.hpp"

namespace zhili::node {
namespace {

using wire::release_stage;

const std::string old_pack(64, 'a');
const std::string new_pack(64, 'b');
const std::string third_pack(64, 'c');
constexpr instant noon{1'000'000};

release_entry asked(release_stage stage, const std::string& pack = new_pack, std::uint8_t percent = 10) {
  release_entry e;
  e.stage = stage;
  e.next = pack;
  e.percent = percent;
  e.by = "lead";
  e.why = "the guide of 2025";
  return e;
}

struct at_work {
  release_book book;

  std::string refused(const release_entry& e) {
    const auto n = book.enter(e, noon, old_pack, false);
    return n ? "" : n.error().detail;
  }
  /// Enters it and lets it take effect.
  const release_entry& through(const release_entry& e) {
    REQUIRE(book.enter(e, noon, old_pack, false));
    return effect();
  }
  const release_entry& effect() {
    const release_entry* due = book.due(noon);
    REQUIRE(due != nullptr);
    book.took_effect(due->number);
    return *book.current();
  }
};

}  // namespace

TEST_SUITE("node/release_book") {
  TEST_CASE("a pack goes from shadow to canary to enforce, and no step is left out") {
    at_work w;
    CHECK(w.refused(asked(release_stage::canary)).find("shadow first") != std::string::npos);
    CHECK(w.refused(asked(release_stage::enforce)).find("canary first") != std::string::npos);
    CHECK(w.through(asked(release_stage::shadow)).percent == 0);
    CHECK(w.refused(asked(release_stage::enforce)).find("canary first") != std::string::npos);
    // Another pack has not been in shadow.
    CHECK(w.refused(asked(release_stage::canary, third_pack)).find("shadow first") != std::string::npos);
    CHECK(w.refused(asked(release_stage::canary, new_pack, 0)).find("1 to 99") != std::string::npos);
    CHECK(w.refused(asked(release_stage::canary, new_pack, 100)).find("1 to 99") != std::string::npos);
    CHECK(w.through(asked(release_stage::canary)).percent == 10);
    CHECK(w.through(asked(release_stage::canary, new_pack, 50)).percent == 50);
    const release_entry& last = w.through(asked(release_stage::enforce));
    CHECK(last.base == old_pack);
    CHECK(last.number == 4);
  }

  TEST_CASE("what is enforced is what the next one starts from, and what a rollback of that one goes back to") {
    at_work w;
    for (const auto stage : {release_stage::shadow, release_stage::canary, release_stage::enforce}) w.through(asked(stage));
    CHECK(w.through(asked(release_stage::shadow, third_pack)).base == new_pack);
    REQUIRE(w.book.roll_back("lead", "", "complaints", noon));
    const release_entry& back = w.effect();
    CHECK(back.stage == release_stage::off);
    CHECK(back.base == new_pack);
    CHECK(!w.book.roll_back("lead", "", "again", noon));
    CHECK(w.refused(asked(release_stage::shadow, new_pack)).find("in force already") != std::string::npos);
  }

  TEST_CASE("a rollback needs one step, from any stage, and takes what waits with it") {
    for (int steps = 1; steps <= 3; ++steps) {
      CAPTURE(steps);
      at_work w;
      for (int s = 1; s <= steps; ++s) w.through(asked(static_cast<release_stage>(s)));
      if (steps == 2) REQUIRE(w.book.enter(asked(release_stage::enforce), noon, old_pack, true));
      REQUIRE(w.book.roll_back("safety", "", "complaints", noon));
      CHECK(w.effect().stage == release_stage::off);
      CHECK(w.book.current()->base == old_pack);
      CHECK(w.book.due(noon) == nullptr);
    }
  }

  TEST_CASE("where the node demands it somebody other than the author approves, by name and by key") {
    release_book book;
    release_entry e = asked(release_stage::shadow);
    e.key = "lead-key";
    const auto n = book.enter(e, noon, old_pack, true);
    REQUIRE(n);
    CHECK(book.due(noon) == nullptr);
    CHECK(!book.approve(*n, "lead", "other-key"));
    CHECK(!book.approve(*n, "safety", "lead-key"));
    CHECK(!book.approve(*n, "", "other-key"));
    CHECK(!book.approve(*n + 1, "safety", "other-key"));
    REQUIRE(book.approve(*n, "safety", "other-key"));
    REQUIRE(book.due(noon) != nullptr);
    CHECK(book.due(noon)->approved_by == "safety");
    CHECK(!book.approve(*n, "third", "third-key"));
  }

  TEST_CASE("takes effect at its time and not before, and one at a time waits") {
    release_book book;
    release_entry e = asked(release_stage::shadow);
    e.at = {noon.ms + 5000};
    const auto n = book.enter(e, noon, old_pack, false);
    REQUIRE(n);
    CHECK(book.due({noon.ms + 4999}) == nullptr);
    CHECK(book.due({noon.ms + 5000})->number == *n);
    CHECK(!book.enter(asked(release_stage::shadow, third_pack), noon, old_pack, false));
    REQUIRE(book.withdraw(*n));
    CHECK(book.due({noon.ms + 5000}) == nullptr);
    CHECK(book.enter(asked(release_stage::shadow, third_pack), noon, old_pack, false));
  }

  TEST_CASE("a guard's fall back is a shadow of the same pack, and the record comes back from its JSON") {
    at_work w;
    for (const auto stage : {release_stage::shadow, release_stage::canary}) w.through(asked(stage));
    REQUIRE(w.book.fall_back("the guard: 5 %", noon));
    const release_entry& e = w.effect();
    CHECK(e.stage == release_stage::shadow);
    CHECK(e.next == new_pack);
    CHECK(e.base == old_pack);
    CHECK(e.by == "guard");
    const auto again = release_book::read(w.book.json());
    REQUIRE(again);
    CHECK(again->entries() == w.book.entries());
    CHECK(!release_book::read("[{}]"));
    CHECK(!release_book::read("nonsense"));
  }

  TEST_CASE("numbers go on above those that partitions from elsewhere know") {
    at_work w;
    w.book.number_above(7);
    CHECK(w.through(asked(release_stage::shadow)).number == 8);
    w.book.number_above(5);
    CHECK(w.through(asked(release_stage::canary)).number == 9);
  }

  TEST_CASE("every refusal is said in Chinese too, and names the option that would be right") {
    at_work w;
    const auto refused_zh = [&](const release_entry& e) {
      const auto n = w.book.enter(e, noon, old_pack, false);
      return n ? "" : n.error().both().zh;
    };
    release_entry e = asked(release_stage::shadow);
    e.by.clear();
    CHECK(refused_zh(e) == "--by：要写明由谁发布");
    e = asked(release_stage::shadow);
    e.why.clear();
    CHECK(refused_zh(e).starts_with("--why：要写明为什么发布"));
    e = asked(release_stage::shadow);
    e.comparison = "yes";
    CHECK(refused_zh(e).find("`zhili compare` 印出的摘要") != std::string::npos);
    CHECK(refused_zh(asked(release_stage::canary)) == "--stage：这个规则包在这里还没有影子运行过；请先用 --stage shadow 发布");
    CHECK(refused_zh(asked(release_stage::enforce)) == "--stage：这个规则包在这里还没有灰度过；请先用 --stage canary 发布");
    CHECK(refused_zh(asked(release_stage::shadow, old_pack)) == "这个规则包已经在生效");
    CHECK(w.book.roll_back("lead", "", "complaints", noon).error().both().zh == "没有可以退回的发布");
    CHECK(w.book.withdraw(3).error().both().zh == "没有尚未生效的第 3 号发布");
    e = asked(release_stage::shadow);
    e.key = "lead-key";
    const auto n = w.book.enter(e, noon, old_pack, true);
    REQUIRE(n);
    CHECK(refused_zh(asked(release_stage::shadow, third_pack)).starts_with("第 1 号发布还没有生效"));
    CHECK(w.book.approve(*n + 1, "safety", "").error().both().zh == "没有待批准的第 2 号发布");
    CHECK(w.book.approve(*n, "", "").error().both().zh == "--by：要写明由谁批准");
    CHECK(w.book.approve(*n, "lead", "").error().both().zh == "--by：lead 是发布人，要由另一个人批准");
    CHECK(w.book.approve(*n, "safety", "lead-key").error().both().zh == "--key：发布人的密钥不能再用来批准");
  }

  TEST_CASE("who and why are said, and a comparison is a digest") {
    at_work w;
    release_entry e = asked(release_stage::shadow);
    e.by.clear();
    CHECK(w.refused(e).starts_with("by:"));
    e = asked(release_stage::shadow);
    e.why.clear();
    CHECK(w.refused(e).starts_with("why:"));
    e = asked(release_stage::shadow);
    e.comparison = "yes";
    CHECK(w.refused(e).starts_with("comparison:"));
  }
}

}  // namespace zhili::node
