// SPDX-License-Identifier: Apache-2.0
#include "node/release_book.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;
using wire::release_stage;

constexpr std::size_t words_max = 2000;

tl::unexpected<error> no(bilingual what) { return fail(errc::bad_argument, std::move(what)); }

ordered_json json_of(const release_entry& e) {
  return {{"number", e.number},     {"state", static_cast<int>(e.state)}, {"stage", static_cast<int>(e.stage)},
          {"percent", e.percent},   {"base", e.base},                     {"next", e.next},
          {"next_name", e.next_name}, {"at", e.at.ms},                    {"by", e.by},
          {"key", e.key},           {"approved_by", e.approved_by},       {"why", e.why},
          {"comparison", e.comparison}, {"guard_ppm", e.guard_ppm}};
}

release_entry entry_of(const ordered_json& j) {
  release_entry e;
  e.number = j.at("number");
  e.state = static_cast<release_state>(j.at("state").get<int>());
  e.stage = static_cast<release_stage>(j.at("stage").get<int>());
  e.percent = j.at("percent");
  e.base = j.at("base");
  e.next = j.at("next");
  e.next_name = j.at("next_name");
  e.at = instant{j.at("at")};
  e.by = j.at("by");
  e.key = j.at("key");
  e.approved_by = j.at("approved_by");
  e.why = j.at("why");
  e.comparison = j.at("comparison");
  e.guard_ppm = j.at("guard_ppm");
  return e;
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

status check_words(const release_entry& e) {
  if (e.by.empty()) return no({"--by：要写明由谁发布", "by: say who releases it"});
  if (e.why.empty()) return no({"--why：要写明为什么发布；理由会写进每个分区的日志", "why: say why it is released; it stands in every partition's log"});
  if (e.by.size() > words_max || e.why.size() > words_max) return no(tell("--by、--why：最多 {} 字节", "by, why: at most {} bytes", words_max));
  if (!e.comparison.empty() && !is_digest(e.comparison)) {
    return no(
        {"--comparison：要写 `zhili compare` 印出的摘要，64 个 0-9 和 a-f",
         "comparison: the digest that `zhili compare` printed has 64 letters of 0-9 and a-f"});
  }
  if (e.guard_ppm > 1'000'000) return no({"--guard：最多 100%", "guard: at most 100 %"});
  return {};
}

/// A pack goes from shadow to canary to enforce; a canary may grow and shrink.
status check_step(const release_entry& e, const release_entry* current) {
  const bool same = current != nullptr && current->next == e.next;
  const release_stage has = same ? current->stage : release_stage::off;
  switch (e.stage) {
    case release_stage::off: return no({"--stage：收回发布请用 --rollback", "stage: a release is taken back by a rollback"});
    case release_stage::shadow: return {};
    case release_stage::canary:
      if (e.percent < 1 || e.percent > 99) return no({"--percent：灰度判一百个账户里的 1 到 99 个", "percent: a canary judges 1 to 99 of a hundred accounts"});
      if (has == release_stage::off) return no(
            {"--stage：这个规则包在这里还没有影子运行过；请先用 --stage shadow 发布",
             "stage: this pack has not judged in shadow here yet; release it with --stage shadow first"});
      return {};
    case release_stage::enforce:
      if (has != release_stage::canary) return no(
            {"--stage：这个规则包在这里还没有灰度过；请先用 --stage canary 发布",
             "stage: this pack is no canary here yet; release it with --stage canary first"});
      return {};
  }
  return no({"--stage：只能是 shadow、canary 或 enforce", "stage: shadow, canary or enforce"});
}

}  // namespace

result<release_book> release_book::read(const std::string& json) {
  try {
    release_book out;
    for (const auto& e : ordered_json::parse(json)) out.entries_.push_back(entry_of(e));
    return out;
  } catch (const nlohmann::json::exception& e) {
    return fail(errc::malformed, fmt::format("the record of releases cannot be read: {}", e.what()));
  }
}

std::string release_book::json() const {
  auto all = ordered_json::array();
  for (const release_entry& e : entries_) all.push_back(json_of(e));
  return all.dump();
}

const release_entry* release_book::current() const {
  for (auto e = entries_.rbegin(); e != entries_.rend(); ++e) {
    if (e->state == release_state::in_force) return &*e;
  }
  return nullptr;
}

release_entry* release_book::waiting() {
  for (release_entry& e : entries_) {
    if (e.state == release_state::waits_for_approval || e.state == release_state::scheduled) return &e;
  }
  return nullptr;
}

std::uint32_t release_book::add(release_entry e) {
  number_above(entries_.empty() ? 0 : entries_.back().number);
  e.number = numbered_above_ + 1;
  entries_.push_back(std::move(e));
  if (entries_.size() > kept_max && entries_.front().state == release_state::past) entries_.erase(entries_.begin());
  return entries_.back().number;
}

result<std::uint32_t> release_book::enter(release_entry asked, instant now, const std::string& base, bool needs_approval) {
  if (status words = check_words(asked); !words) return tl::unexpected(words.error());
  if (const release_entry* other = waiting(); other != nullptr) {
    return no(tell(
        "第 {} 号发布还没有生效：请批准它（--approve），等到它的时间，或撤回它（--withdraw）",
        "release {} has not taken effect yet; approve it, wait for its time, or withdraw it", other->number));
  }
  const release_entry* in_force = current();
  if (status step = check_step(asked, in_force); !step) return tl::unexpected(step.error());
  asked.base = base;
  // What is enforced is what the next one starts from.
  if (in_force != nullptr) {
    const bool goes_on = in_force->next == asked.next;
    asked.base = goes_on || in_force->stage != release_stage::enforce ? in_force->base : in_force->next;
  }
  if (asked.base == asked.next) return no({"这个规则包已经在生效", "pack: this pack is in force already"});
  if (asked.stage != release_stage::canary) asked.percent = 0;
  if (asked.at < now) asked.at = now;
  asked.approved_by.clear();
  asked.state = needs_approval ? release_state::waits_for_approval : release_state::scheduled;
  return add(std::move(asked));
}

status release_book::approve(std::uint32_t number, const std::string& by, const std::string& key) {
  release_entry* e = waiting();
  if (e == nullptr || e->number != number || e->state != release_state::waits_for_approval) {
    return no(tell("没有待批准的第 {} 号发布", "number: no release {} waits for approval", number));
  }
  if (by.empty()) return no({"--by：要写明由谁批准", "by: say who approves it"});
  if (by == e->by) return no(tell("--by：{} 是发布人，要由另一个人批准", "by: {} is the author; somebody else must approve", by));
  if (!key.empty() && key == e->key) return no({"--key：发布人的密钥不能再用来批准", "by: the author's key must not approve as well"});
  e->approved_by = by;
  e->state = release_state::scheduled;
  return {};
}

status release_book::withdraw(std::uint32_t number) {
  release_entry* e = waiting();
  if (e == nullptr || e->number != number) return no(tell("没有尚未生效的第 {} 号发布", "number: no release {} waits", number));
  e->state = release_state::past;
  return {};
}

result<std::uint32_t> release_book::roll_back(
    const std::string& by, const std::string& key, const std::string& why, instant now) {
  const release_entry* from = current();
  if (from == nullptr || from->stage == release_stage::off) return no({"没有可以退回的发布", "there is no release to go back from"});
  release_entry e = *from;
  e.stage = release_stage::off;
  e.percent = 0;
  e.at = now;
  e.by = by;
  e.key = key;
  e.why = why;
  e.approved_by.clear();
  e.comparison.clear();
  e.state = release_state::scheduled;
  if (status words = check_words(e); !words) return tl::unexpected(words.error());
  // What waits was meant for what is given up now.
  if (release_entry* other = waiting(); other != nullptr) other->state = release_state::past;
  return add(std::move(e));
}

result<std::uint32_t> release_book::fall_back(const std::string& why, instant now) {
  const release_entry* from = current();
  if (from == nullptr) return no({"没有可以退回影子的发布", "there is no release to fall back from"});
  release_entry e = *from;
  e.stage = release_stage::shadow;
  e.percent = 0;
  e.at = now;
  e.by = "guard";
  e.key.clear();
  e.approved_by.clear();
  e.why = why;
  e.state = release_state::scheduled;
  if (release_entry* other = waiting(); other != nullptr) other->state = release_state::past;
  return add(std::move(e));
}

const release_entry* release_book::due(instant now) const {
  for (const release_entry& e : entries_) {
    if (e.state == release_state::scheduled && e.at <= now) return &e;
  }
  return nullptr;
}

void release_book::took_effect(std::uint32_t number) {
  for (release_entry& e : entries_) {
    if (e.state == release_state::in_force) e.state = release_state::past;
    if (e.number == number) e.state = release_state::in_force;
  }
}

}  // namespace zhili::node
