// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <fmt/format.h>

#include "node/options.hpp"
#include "node/progress.hpp"
#include "scenarios/trace/verify.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "verify", "DIR",
    "Executes the logs of a data folder again: every command of every partition in its recorded order must give the\n"
    "recorded events, messages and answers to the byte, and every figure that the run printed is computed anew from\n"
    "the logs alone. What another version of a workflow decided is applied and not decided again: the line says how much.\n"
    "Exit code 0: all is the same; 4: something diverges; 3: a log is damaged.\n\n"
    "examples\n"
    "  zhili simulate smoke --data-dir /tmp/smoke      keeps the logs\n"
    "  zhili verify /tmp/smoke                         executes them again\n"};

std::string text_of(const scenarios::verify_report& r, bool zh) {
  const auto w = [zh](const char* in_zh, const char* in_en) { return std::string_view(zh ? in_zh : in_en); };
  std::string out = fmt::format("{}  {} {}  {} {}  {} {}\n", r.scenario, w("分区", "partitions"), r.partitions,
                                w("批次", "batches"), r.batches, w("命令", "commands"), r.commands);
  for (const auto& d : r.damage) out += fmt::format("  {}: {}\n", w("损坏", "damaged"), d);
  for (const auto& d : r.divergences) out += fmt::format("  {}: {}\n", w("不一致", "diverges"), d);
  out += fmt::format("  {} {}\n", w("不一致的分区", "divergences"), r.divergences.size());
  if (r.reapplied_batches() != 0) {
    std::string versions;
    for (const auto& [version, batches] : r.reapplied) versions += fmt::format("  {}: {}", version, batches);
    out += fmt::format("  {} {}{}\n", w("由其他版本作出、只重放未重判的批次", "batches of another version, applied and not decided again"),
                       r.reapplied_batches(), versions);
  }
  if (r.serves) {
    out += fmt::format("  {}\n", w("生产节点的数据目录：只核对日志", "a node's folder: its logs are compared, there are no figures"));
  } else if (!r.not_compared.empty()) {
    out += fmt::format("  {}: {}\n", w("未核对指标", "figures not compared"), r.not_compared);
  } else {
    out += fmt::format("  {} {}  {} {}\n", w("由日志重算指标", "figures computed from the logs"), r.figures_compared,
                       w("不同", "different"), r.differences.size());
  }
  for (const auto& d : r.differences) {
    out += fmt::format("    {}: {} {}, {} {}\n", d.figure, w("当时", "printed"), d.printed, w("日志", "logs"), d.from_logs);
  }
  return out + fmt::format("  {} {}\n", w("摘要", "digest"), hex(r.digest));
}

}  // namespace

int run_verify(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto folder = scenarios::data_folder::open(p.values["positional"].as<std::vector<std::string>>()[0]);
  if (!folder) return complain(folder.error());
  const auto r = [&] {
    progress_bar bar("verify", "batches");
    return scenarios::verify(**folder, [&](std::uint64_t done, std::uint64_t all) {
      bar.show(static_cast<double>(done), static_cast<double>(all));
    });
  }();
  if (!r) return complain(r.error());
  const std::string text = wants_json(p.values) ? scenarios::verify_json(*r)
                                                : text_of(*r, language_of(p.values) == scenarios::language::zh);
  std::printf("%s\n", text.c_str());
  if (r->diverged()) return exit_divergence;
  if (!r->damage.empty()) return exit_bad_input;
  return r->not_compared.empty() ? exit_ok : exit_failed;
}

}  // namespace zhili::node
