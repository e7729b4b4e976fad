// SPDX-License-Identifier: Apache-2.0
#include "node/verb.hpp"

#include <fmt/format.h>

#include "node/huge_pages.hpp"
#include "node/options.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr verb all[] = {
    {"simulate", "按场景推演：拦了什么、漏了什么、误伤了谁", "run a scenario: what was stopped, missed, wronged", run_simulate, true},
    {"replay", "重放记录：同样的提交，今天会怎么判", "run a recorded trace again, with this or another pack", run_replay, true},
    {"verify", "逐条重算日志：零分歧才算数", "execute kept logs again and compare everything", run_verify, true},
    {"calibrate", "把假设的违法占比拟合到已公布的数字", "fit assumed shares to published figures", run_calibrate, true},
    {"compare", "换一个规则包会改变什么：同样输入各走一遍", "what another pack would change, on the same input", run_compare, true},
    {"text", "文字：还原成规则看到的样子", "texts: what they become before rules read them", run_text_verb},
    {"policy", "规则包：检查、试判、度量、解释", "packs of rules: check, judge, measure, explain", run_policy},
    {"node", "生产节点：受理、判定、留痕，断电也接得上", "serve production: take, decide, keep", run_node},
    {"submit", "把一份记录提交给运行中的节点", "give a trace to a running node", run_submit},
    {"tail", "逐条输出决定与处置指令", "print decisions and measures as they are kept", run_tail},
    {"ack", "确认处置已生效", "tell a node that measures are in force", run_ack},
    {"desk", "人工研判：列出、认领、决定任务", "tasks that people decide: list, claim, decide", run_desk},
    {"appeal", "对一项处置提出申诉", "appeal against a measure", run_appeal},
    {"load", "按固定速率压测，从应发时刻起算延迟", "submit at a fixed rate, latency from when it was due", run_load},
    {"cluster", "在本机起一整套进程，与重放逐项对照", "a whole cluster on this machine, beside replay", run_cluster},
    {"partition", "分区的备份、恢复与迁移", "copy partitions: back up, restore, move", run_partition},
    {"keygen", "生成节点或客户端的密钥对：私钥只留在本机", "make the keys of a node or client; the secret stays where it is", run_keygen},
};

void print_help(std::FILE* to, std::span<const verb> of, std::string_view program, std::string_view teaches, std::string_view ends) {
  fmt::print(to, "{}\n\nusage: {} VERB [options]     {} VERB --help teaches a verb\n\n", teaches, program, program);
  for (const verb& v : of) fmt::print(to, "  {:<10} {}  {}\n", v.name, v.summary_en, v.summary_zh);
  if (!ends.empty()) fmt::print(to, "\n{}\n", ends);
}

}  // namespace

std::span<const verb> verbs() { return all; }

int run_one_of(
    std::span<const verb> of, std::string_view program, std::string_view teaches, std::string_view ends,
    const std::vector<std::string>& arguments, char** argv) {
  if (arguments.empty()) {
    print_help(stderr, of, program, teaches, ends);
    return exit_usage;
  }
  if (arguments[0] == "help" || arguments[0] == "--help" || arguments[0] == "-h") {
    print_help(stdout, of, program, teaches, ends);
    return exit_ok;
  }
  std::vector<std::string_view> known;
  for (const verb& v : of) {
    if (v.name == arguments[0]) {
      if (v.large && argv != nullptr) start_with_huge_pages(argv);
      return v.run({arguments.begin() + 1, arguments.end()});
    }
    known.push_back(v.name);
  }
  const bilingual said = tell(
      "没有 '{}' 这个命令{}", "there is no verb '{}'{}", arguments[0],
      policy::suggestion(arguments[0], known));
  const bool zh = language_of(arguments) == scenarios::language::zh;
  fmt::print(stderr, "{}: {}\n", program, zh ? said.zh : said.en);
  return exit_usage;
}

}  // namespace zhili::node
