// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/files.hpp"
#include "node/verb.hpp"
#include "node/requests.hpp"
#include "policy/pack.hpp"
#include "protocols/types/tell.hpp"
#include "protocols/types/time.hpp"

namespace zhili::node {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr usage about{
    "policy release", "PACK",
    {"让一个规则包在运行中的节点上逐步生效，不用重启：\n"
    "  shadow    影子：在现行规则包旁边一起判，不起作用；--status 数出结论会有多少不同\n"
    "  canary    灰度：一百个账户里判 --percent 个；同一家机构的内容不会分开\n"
    "  enforce   启用：判全部；原来的规则包仍在旁边一起判\n"
    "--rollback 一步退回原来的规则包，立即生效。每一步都写进每个分区的日志：--by 谁、--why 为什么、依据哪一次对比（摘要）。写了\n"
    "--guard，结论不同的超过这个比例，灰度或启用就自己退回影子。节点文件里写了 `releases: {approval: true}` 的，要等另一个人批准。\n"
    "每个节点各写一个 --to；各看各的那一份。\n"
    "\n"
    "例子\n"
    "  zhili policy release packs/default --to tcp://127.0.0.1:7600 --stage shadow --by lead --why '2025 年指南'\n"
    "  zhili policy release --to tcp://127.0.0.1:7600 --status\n"
    "  zhili policy release packs/default --to tcp://127.0.0.1:7600 --stage canary --percent 10 --guard 2% --by lead \\\n"
    "      --why '2025 年指南' --comparison DIGEST --at 2026-12-01T09:00:00+08:00\n"
    "  zhili policy release --to tcp://127.0.0.1:7600 --approve 2 --by safety\n"
    "  zhili policy release --to tcp://127.0.0.1:7600 --rollback --by lead --why '有投诉'",
    "Lets a pack come into force on running nodes, one step after the other, without a restart:\n"
    "  shadow    it judges beside the pack in force, without effect; --status counts what would come out otherwise\n"
    "  canary    it judges --percent of a hundred accounts; the items of one institution are never split\n"
    "  enforce   it judges all; the pack before still judges beside it\n"
    "--rollback goes back to the pack before, in one step and at once. Each change stands in the log of every partition with\n"
    "--by, --why and the digest of the comparison that it rests on. With --guard a canary or an enforced pack falls back to\n"
    "shadow by itself where more verdicts change than that. A node whose file says `releases: {approval: true}` waits until\n"
    "somebody else approves. Name every node with a --to of its own; each watches its own share.\n\n"
    "examples\n"
    "  zhili policy release packs/default --to tcp://127.0.0.1:7600 --stage shadow --by lead --why '2025 guide'\n"
    "  zhili policy release --to tcp://127.0.0.1:7600 --status\n"
    "  zhili policy release packs/default --to tcp://127.0.0.1:7600 --stage canary --percent 10 --guard 2% --by lead \\\n"
    "      --why '2025 guide' --comparison DIGEST --at 2026-12-01T09:00:00+08:00\n"
    "  zhili policy release --to tcp://127.0.0.1:7600 --approve 2 --by safety\n"
    "  zhili policy release --to tcp://127.0.0.1:7600 --rollback --by lead --why 'complaints'\n"},
    true};

constexpr std::size_t piece_bytes = 256 * 1024;
/// A pack of many terms takes seconds to compile; decisions go on meanwhile.
constexpr std::chrono::seconds reply_max{120};

/// What the node refuses it says in that language.
result<ordered_json> ask(client& node, ordered_json question, scenarios::language lang) {
  if (lang == scenarios::language::zh) question["lang"] = "zh";
  const auto body = ordered_json::to_cbor(question);
  const auto reply = node.ask(static_cast<std::uint16_t>(request_verb::release),
                              {reinterpret_cast<const char*>(body.data()), body.size()}, reply_max);
  if (!reply) return tl::unexpected(reply.error());
  auto j = ordered_json::parse(*reply, nullptr, false);
  if (j.is_discarded()) return fail(errc::malformed, bilingual{"节点的回复不是 JSON", "the node's reply is no JSON"});
  return j;
}

/// The files of which a pack's digest is made, by their place in it.
std::vector<std::string> files_of(const fs::path& pack) {
  std::vector<std::string> out{"pack.yaml"};
  for (const auto& folder : fs::directory_iterator(pack)) {
    if (!folder.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(folder)) {
      if (file.is_regular_file()) out.push_back((folder.path().filename() / file.path().filename()).string());
    }
  }
  return out;
}

status send_pack(client& node, const fs::path& folder, const std::string& digest, scenarios::language lang) {
  for (const std::string& name : files_of(folder)) {
    std::ifstream file(folder / name, std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t offset = 0; offset == 0 || offset < all.size(); offset += piece_bytes) {
      const std::string_view some = std::string_view(all).substr(offset, piece_bytes);
      const auto done = ask(node, {{"what", "piece"}, {"pack", digest}, {"name", name}, {"offset", offset},
                                   {"bytes", ordered_json::binary({some.begin(), some.end()})}},
                            lang);
      if (!done) return tl::unexpected(done.error());
    }
  }
  return {};
}

/// `2%` or `0.5 %` in parts of a million.
result<std::uint32_t> read_guard(const std::string& text) {
  char* end = nullptr;
  const double percent = std::strtod(text.c_str(), &end);
  const std::string unit(end);
  if (end == text.c_str() || (unit != "%" && unit != " %") || percent <= 0 || percent > 100) {
    return fail(errc::bad_argument, tell("--guard：'{}' 不是份额；请写成 2% 这样", "--guard: '{}' is no share such as 2%", text));
  }
  return static_cast<std::uint32_t>(percent * 1e4 + 0.5);
}

result<ordered_json> read_release(const po::variables_map& v, std::string_view stage) {
  constexpr std::string_view stages[] = {"off", "shadow", "canary", "enforce"};
  const auto at = std::find(std::begin(stages), std::end(stages), stage);
  if (at == std::end(stages) || at == std::begin(stages)) {
    return fail(errc::bad_argument, tell(
                                "--stage 只能是 shadow（影子）、canary（灰度）或 enforce（启用），不是 '{}'",
                                "--stage is shadow, canary or enforce, not '{}'", stage));
  }
  ordered_json q{{"what", "release"}, {"stage", at - std::begin(stages)}, {"percent", v["percent"].as<int>()}};
  if (v.count("comparison")) q["comparison"] = v["comparison"].as<std::string>();
  if (v.count("guard")) {
    const auto guard = read_guard(v["guard"].as<std::string>());
    if (!guard) return tl::unexpected(guard.error());
    q["guard_ppm"] = *guard;
  }
  if (v.count("at")) {
    const auto when = parse_instant(v["at"].as<std::string>());
    if (!when) return fail(errc::bad_argument, tell(
          "--at：'{}' 不是时刻；请写成 2026-12-01T09:00:00+08:00 这样",
          "--at: '{}' is no time such as 2026-12-01T09:00:00+08:00", v["at"].as<std::string>()));
    q["at"] = when->ms;
  }
  return q;
}

/// The node's words in Chinese.
std::string shown(const std::string& word, bool zh) {
  static const std::map<std::string, std::string> words{
      {"off", "已退回"},       {"shadow", "影子"},      {"canary", "灰度"}, {"enforce", "启用"},
      {"waits for approval", "待批准"}, {"scheduled", "待生效"}, {"in force", "生效中"}, {"past", "已过去"}};
  const auto found = words.find(word);
  return zh && found != words.end() ? found->second : word;
}

void print(const std::string& node, const ordered_json& j, bool zh) {
  const auto n = j["judged_by_both"].get<std::uint64_t>();
  const auto changed = j["came_out_otherwise"].get<std::uint64_t>();
  std::printf(zh ? "%s：两包都判 %llu 件，结论不同 %llu 件" : "%s: judged by both %llu, came out otherwise %llu", node.c_str(),
              static_cast<unsigned long long>(n), static_cast<unsigned long long>(changed));
  if (n != 0) std::printf(" (%.3f %%)", 100.0 * static_cast<double>(changed) / static_cast<double>(n));
  std::puts("");
  for (const auto& r : j["releases"]) {
    const std::string stage = shown(r["stage"].get<std::string>(), zh) + (r.contains("percent") ? fmt::format(" {} %", r["percent"].get<int>()) : "");
    fmt::print("  {:>3}  {:<18} {:<12} {}  {}  {}: {}{}\n", r["number"].get<int>(), shown(r["state"].get<std::string>(), zh), stage,
               r["pack"].get<std::string>(), r["digest"].get<std::string>().substr(0, 12), r["by"].get<std::string>(),
               r["why"].get<std::string>(),
               r.contains("approved_by") ? (zh ? "（批准：" : " (approved by ") + r["approved_by"].get<std::string>() + (zh ? "）" : ")") : "");
  }
}

/// What is asked of every node, and the pack that goes before it.
struct errand {
  ordered_json question;
  fs::path folder;
  std::string digest;
};

result<errand> read_errand(const po::variables_map& v) {
  errand e;
  const int actions = static_cast<int>(v.count("stage") + v.count("approve") + v.count("withdraw")) + (v["rollback"].as<bool>() ? 1 : 0) +
                      (v["status"].as<bool>() ? 1 : 0);
  if (actions != 1) return fail(errc::bad_argument, bilingual{
        "请写明要做什么：--stage、--approve、--withdraw、--rollback、--status 中的一个",
        "say one of --stage, --approve, --withdraw, --rollback, --status"});
  if (v.count("stage")) {
    const auto folder = find_pack(positional_of(v, "packs/default"));
    if (!folder) return tl::unexpected(folder.error());
    const auto pack = policy::pack::load(*folder);
    if (!pack) return tl::unexpected(pack.error());
    auto question = read_release(v, v["stage"].as<std::string>());
    if (!question) return tl::unexpected(question.error());
    e = {std::move(*question), *folder, hex((*pack)->digest())};
    e.question["pack"] = e.digest;
  } else if (v.count("approve")) {
    e.question = {{"what", "approve"}, {"number", v["approve"].as<std::uint32_t>()}};
  } else if (v.count("withdraw")) {
    e.question = {{"what", "withdraw"}, {"number", v["withdraw"].as<std::uint32_t>()}};
  } else {
    e.question = {{"what", v["rollback"].as<bool>() ? "rollback" : "status"}};
  }
  if (v.count("by")) e.question["by"] = v["by"].as<std::string>();
  if (v.count("why")) e.question["why"] = v["why"].as<std::string>();
  return e;
}

}  // namespace

int run_policy_release(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  options.add_options()("stage", po::value<std::string>(), say("shadow（影子）、canary（灰度）或 enforce（启用）", "shadow, canary or enforce"))(
      "percent", po::value<int>()->default_value(0), say("灰度：一百个账户里判几个", "of a canary: how many of a hundred accounts"))(
      "guard", po::value<std::string>(), say("结论不同的超过这个比例就退回影子，如 2%", "falls back to shadow where more verdicts change, as 2%"))(
      "at", po::value<std::string>(), say("不早于这个时刻，如 2026-12-01T09:00:00+08:00；不写就是现在",
                  "not before, as 2026-12-01T09:00:00+08:00; now when left out"))(
      "by", po::value<std::string>(), say("谁", "who"))("why", po::value<std::string>(), say("为什么", "on what ground"))(
      "comparison", po::value<std::string>(), say("`zhili compare` 印出的摘要", "digest that `zhili compare` printed"))(
      "approve", po::value<std::uint32_t>(), say("批准待批准的第几号发布", "number of the release that waits"))(
      "withdraw", po::value<std::uint32_t>(), say("撤回尚未生效的第几号发布", "number of a release that has not taken effect"))(
      "rollback", po::bool_switch(), say("退回原来的规则包", "back to the pack before"))("status", po::bool_switch(), say("现在哪个生效，结论有多少不同", "what is in force, and what changes"));
  add_clients(options, say);
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto work = read_errand(p.values);
  if (!work) return complain(work.error(), language_of(p.values));
  const auto to = clients_options_of(p.values);
  if (!to) return complain(to.error(), language_of(p.values));
  const auto nodes = connect_all(*to);
  if (!nodes) return complain(nodes.error(), language_of(p.values));
  auto all = ordered_json::array();
  for (std::size_t n = 0; n < nodes->size(); ++n) {
    if (!work->digest.empty()) {
      if (status sent = send_pack(*(*nodes)[n], work->folder, work->digest, language_of(p.values)); !sent)
        return complain(sent.error(), language_of(p.values));
    }
    auto reply = ask(*(*nodes)[n], work->question, language_of(p.values));
    if (!reply) return complain(reply.error(), language_of(p.values));
    if (!wants_json(p.values)) print((*to)[n].endpoint, *reply, language_of(p.values) == scenarios::language::zh);
    all.push_back({{"node", (*to)[n].endpoint}, {"status", std::move(*reply)}});
  }
  if (wants_json(p.values)) std::printf("%s\n", all.dump(2).c_str());
  return exit_ok;
}

}  // namespace zhili::node
