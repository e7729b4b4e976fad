// SPDX-License-Identifier: Apache-2.0
// zhili-bench: measures zhili against floors of its own, in one run.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/process.hpp"
#include "policy/suggest.hpp"

namespace zhili::bench {

constexpr benchmark all[] = {
    {"summer", "summer-2021 on one lane and on two: wall, CPU, memory", 7, run_summer},
    {"year", "self-discipline-year on two lanes: wall, CPU, memory, bytes a live subject", 1, run_year},
    {"memory", "bytes a live subject, by workflow; and against the process", 1, run_memory},
    {"kernel-constant", "kernel and partition, the judging replaced by a constant", 7, run_kernel_constant},
    {"kernel-judging", "the same with the real judging, against a plain loop", 7, run_kernel_judging},
    {"text", "hash, normalise, scan and judge a text", 7, run_text},
    {"rules", "200 rules over facts: by bitmaps, program by program, row by row", 7, run_rules},
    {"log", "append a batch to each kind of log", 7, run_log},
    {"intake", "a node takes in submissions over ZeroMQ, against raw LevelDB and a flat log", 3, run_intake},
    {"hop", "a letter from one node to another, against raw ZeroMQ", 7, run_hop},
    {"restart", "a node is ready again with a million subjects in its logs", 5, run_restart},
    {"load", "latency under an open loop up to the knee, memory a decision, kill -9 under load", 1, run_load},
    {"floors", "memcpy, FlatBuffers, hashes, heap, table", 7, run_floors},
    {"peers", "intake beside BullMQ on Redis and pg-boss on PostgreSQL; only when named: ./dev bench peers", 3, run_peers, true},
    {"text-peers", "scanning texts beside fastscan; only when named", 3, run_text_peers, true},
    {"rule-peers", "200 rules beside zen-engine and json-rules-engine; only when named", 3, run_rule_peers, true},
};

std::span<const benchmark> benchmarks() { return all; }

namespace {

namespace po = boost::program_options;

constexpr int exit_ok = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

struct wishes {
  settings how;
  std::vector<std::string> only;
  bool own_rounds = false;
  std::string form = "text";
};

int say_usage(const std::string& what) {
  std::fprintf(stderr, "zhili-bench: %s\n", what.c_str());
  return exit_usage;
}

void print_help(const po::options_description& options) {
  std::ostringstream text;
  text << options;
  std::printf(
      "usage: zhili-bench [options]     or ./dev bench [options]\n\n"
      "Measures zhili against floors of its own, all contenders of a table by turns within each round, and prints the\n"
      "median with the lowest and highest round. Read the CPU columns and the ratios: they move far less from hour to\n"
      "hour than wall times on a shared machine. Goals are what the project set itself; a missed one is printed and is\n"
      "no failure.\n\nbenchmarks, in this order, with their rounds\n");
  for (const benchmark& b : all) {
    std::printf("  %-16.*s %u  %.*s\n", static_cast<int>(b.name.size()), b.name.data(), b.rounds,
                static_cast<int>(b.says.size()), b.says.data());
  }
  std::printf(
      "\n%s\nexamples\n"
      "  ./dev bench                                  everything, some twenty minutes of two cores\n"
      "  ./dev bench --only kernel-constant           one of them\n"
      "  ./dev bench --only summer --rounds 15        more rounds than its seven\n"
      "  ./dev bench --markdown > tables.md           for docs/benchmarks.md\n"
      "  zhili-bench --smoke                          does it run at all? seconds, figures mean nothing\n\n"
      "exit codes: 0 measured, 1 a benchmark failed, 2 usage\n",
      text.str().c_str());
}

/// The exit code, where the program is to end here.
std::optional<int> parse(int argc, char** argv, wishes& out) {
  po::options_description options("options");
  options.add_options()("only", po::value<std::vector<std::string>>(), "run this benchmark; may be given several times")(
      "rounds", po::value<unsigned>(), "rounds of every benchmark, 1 to 1000; default: see above")(
      "smoke", "one round, tiny: for tests")("format", po::value<std::string>()->default_value("text"), "text or json, on stdout")(
      "markdown", "tables ready for docs/benchmarks.md, on stdout")("help,h", "this page");
  po::variables_map values;
  try {
    // One empty positional description: a word without -- is an error of its own.
    po::store(po::command_line_parser(argc, argv).options(options).positional({}).run(), values);
    po::notify(values);
  } catch (const po::unknown_option& e) {
    std::vector<std::string> names;
    for (const auto& o : options.options()) names.push_back("--" + o->long_name());
    const std::vector<std::string_view> views(names.begin(), names.end());
    return say_usage(fmt::format(
        "unknown option '{}'{}", e.get_option_name(), policy::suggestion(e.get_option_name(), views).en));
  } catch (const po::error& e) {
    return say_usage(e.what());
  }
  if (values.count("help") != 0) {
    print_help(options);
    return exit_ok;
  }
  if (values.count("only") != 0) out.only = values["only"].as<std::vector<std::string>>();
  std::vector<std::string_view> known;
  for (const benchmark& b : all) known.push_back(b.name);
  for (const std::string& name : out.only) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return say_usage(fmt::format("there is no benchmark '{}'{}", name, policy::suggestion(name, known).en));
    }
  }
  out.how.smoke = values.count("smoke") != 0;
  if (values.count("rounds") != 0) {
    out.own_rounds = true;
    out.how.rounds = values["rounds"].as<unsigned>();
    if (out.how.rounds < 1 || out.how.rounds > 1000) return say_usage("--rounds is 1 to 1000");
  }
  out.form = values.count("markdown") != 0 ? "markdown" : values["format"].as<std::string>();
  if (out.form != "text" && out.form != "json" && out.form != "markdown") {
    return say_usage(fmt::format("--format is text or json, not '{}'", out.form));
  }
  return {};
}

std::string field_of(const char* file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key)) return line.substr(std::min(line.find(": ") + 2, line.size()));
  }
  return "unknown";
}

std::string load_average() {
  std::ifstream in("/proc/loadavg");
  std::string minute;
  in >> minute;
  return minute;
}

origin origin_of(const settings& s) {
  origin o;
  o.smoke = s.smoke;
  o.commit = first_line_of("git rev-parse HEAD");
  if (o.commit.empty()) {
    o.commit = "unknown";
  } else if (!first_line_of("git status --porcelain --untracked-files=no").empty()) {
    o.commit += " with changes";
  }
  o.machine = fmt::format("{} cores of {}", std::thread::hardware_concurrency(), field_of("/proc/cpuinfo", "model name"));
  o.compiler = std::string("g++ ") + __VERSION__;
  o.load = load_average();
  return o;
}

/// Beside the working directory, as everything in a clone; else beside the program.
std::filesystem::path root_of(const std::filesystem::path& programs) {
  std::error_code ec;
  const auto here = std::filesystem::current_path(ec);
  return std::filesystem::exists(here / "bench/packs/constant", ec) ? here : programs.parent_path();
}

int run(int argc, char** argv) {
  wishes w;
  if (const auto exit = parse(argc, argv, w)) return *exit;
  std::error_code ec;
  w.how.programs = std::filesystem::read_symlink("/proc/self/exe", ec).parent_path();
  w.how.root = root_of(w.how.programs);
  origin from = origin_of(w.how);
  std::vector<table> tables;
  for (const benchmark& b : all) {
    const bool named = std::find(w.only.begin(), w.only.end(), b.name) != w.only.end();
    if (!named && (b.on_demand || !w.only.empty())) continue;
    settings how = w.how;
    if (how.smoke) how.rounds = 1;
    else if (!w.own_rounds) how.rounds = b.rounds;
    if (!how.smoke) std::fprintf(stderr, "zhili-bench: %.*s ...\n", static_cast<int>(b.name.size()), b.name.data());
    auto found = b.run(how);
    if (!found) {
      std::fprintf(stderr, "zhili-bench: %.*s: %s\n", static_cast<int>(b.name.size()), b.name.data(), found.error().detail.c_str());
      return exit_failed;
    }
    for (table& t : *found) {
      // At this size a figure says nothing of a goal.
      if (how.smoke) t.goals.clear();
      tables.push_back(std::move(t));
    }
  }
  from.load += " before, " + load_average() + " after";
  const std::string text = w.form == "json"       ? as_json(from, tables)
                           : w.form == "markdown" ? as_markdown(from, tables)
                                                  : as_text(from, tables);
  std::fputs(text.c_str(), stdout);
  return exit_ok;
}

}  // namespace
}  // namespace zhili::bench

int main(int argc, char** argv) {
  try {
    return zhili::bench::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "zhili-bench: %s\n", e.what());
    return 1;
  }
}
