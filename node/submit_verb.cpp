// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "node/client_options.hpp"
#include "node/feed.hpp"
#include "node/progress.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "submit", "FILE",
    "Gives the submissions of a trace (docs/trace.md) to a running node and waits until each has its answer. What has no\n"
    "answer is asked again under its key, so a node may die and come back meanwhile; run the same command again, and\n"
    "what was accepted before is answered from its key and decided no second time.\n\n"
    "--settle waits at every step of the trace's own time, and before whatever people did, until the node has nothing on\n"
    "its way between partitions, so that decisions find their tasks: for nodes with `clock: trace`.\n\n"
    "examples\n"
    "  zhili simulate smoke --record smoke.ndjson.zst\n"
    "  zhili submit smoke.ndjson.zst --to tcp://127.0.0.1:7600 --settle 60s\n"};

}  // namespace

int run_submit(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_client(options);
  options.add_options()("window", po::value<std::size_t>()->default_value(4096), "submissions without answer at once")(
      "settle", po::value<std::string>(), "step of the trace's time after which all must have come to rest, as 60s");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  auto to = client_options_of(p.values);
  if (!to) return complain(to.error());
  to->window = p.values["window"].as<std::size_t>();
  feed_settings settings;
  if (p.values.count("settle")) {
    const auto step = parse_duration(p.values["settle"].as<std::string>());
    if (!step) return complain(step.error());
    settings.settle = *step;
  }
  auto connected = client::connect(*to);
  if (!connected) return complain(connected.error());
  const std::unique_ptr<client> nodes[] = {std::move(*connected)};
  settings.bad_line = [](std::uint64_t line, const std::string& why) {
    std::fprintf(stderr, "line %llu: %s\n", static_cast<unsigned long long>(line), why.c_str());
  };
  const auto f = [&] {
    progress_bar bar("submit", "submissions");
    settings.progress = [&](std::uint64_t done, std::uint64_t all) { bar.show(static_cast<double>(done), static_cast<double>(all)); };
    return feed(p.values["positional"].as<std::vector<std::string>>()[0], nodes, settings);
  }();
  if (!f) return complain(f.error());
  const std::string text = wants_json(p.values) ? fed_json(*f) : fed_text(*f, language_of(p.values) == scenarios::language::zh);
  std::printf("%s\n", text.c_str());
  return f->bad_lines == 0 && f->counts.bad == 0 ? exit_ok : exit_bad_input;
}

}  // namespace zhili::node
