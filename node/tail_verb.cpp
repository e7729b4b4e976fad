// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/requests.hpp"
#include "policy/yaml.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "tail", "",
    "Prints what a node has decided and what it asks of the platform, one JSON object a line: decisions with their\n"
    "reasons, measures to carry out (each until it is acknowledged), pages and licences to be looked at.\n\n"
    "With --position FILE it goes on behind the place that the file names and keeps the file up to date, so that\n"
    "nothing is missed and nothing comes twice; without it everything is printed from the beginning. --from POSITION\n"
    "begins behind a place that is given itself, in the words of such a file, and keeps nothing; `start` is the beginning.\n\n"
    "Where several nodes host a part each, give each its --to: one position file is enough for all of them, also when a\n"
    "partition moves from one to another. With --follow a node that is away is waited for.\n\n"
    "examples\n"
    "  zhili tail --to tcp://127.0.0.1:7600 | head\n"
    "  zhili tail --to tcp://node-1:7600 --to tcp://node-2:7600 --position platform.json\n"
    "  zhili tail --to tcp://127.0.0.1:7600 --position platform.json --follow\n"};

constexpr std::chrono::seconds reply_max{30};

/// Written beside and renamed, so that a half-written position is never read.
status keep(const std::filesystem::path& file, const log_position& position) {
  const std::filesystem::path fresh = file.string() + ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << to_json(position) << '\n';
    if (!out.flush()) return fail(errc::io, fmt::format("{}: cannot be written", fresh.string()));
  }
  std::error_code ec;
  std::filesystem::rename(fresh, file, ec);
  return ec ? fail(errc::io, fmt::format("{}: {}", file.string(), ec.message())) : status{};
}

/// A position as `--from` has it.
result<log_position> begin_from(const std::string& text) {
  if (text == "start") return log_position{};
  auto read = read_position(text);
  if (!read) return fail(read.error().code, fmt::format("--from: {}; or `start`", read.error().detail));
  return read;
}

result<log_position> begin_at(const std::filesystem::path& file) {
  std::error_code ec;
  if (file.empty() || !std::filesystem::exists(file, ec)) return log_position{};
  const auto text = policy::read_file(file, 1024 * 1024);
  if (!text) return tl::unexpected(text.error());
  auto read = read_position(*text);
  if (!read) return fail(read.error().code, fmt::format("{}: {}", file.string(), read.error().detail));
  return read;
}

/// Prints one reply; true: nothing more is there yet.
result<bool> show(const std::string& reply, log_position& position) {
  // The last line is the position.
  const std::size_t end = reply.size() < 2 ? std::string::npos : reply.rfind('\n', reply.size() - 2);
  const std::size_t last = end == std::string::npos ? 0 : end + 1;
  const auto j = nlohmann::ordered_json::parse(reply.substr(last), nullptr, false);
  if (!j.is_object() || !j.contains("position")) return fail(errc::malformed, "the node's reply has no position");
  auto read = read_position(j["position"].dump());
  if (!read) return tl::unexpected(read.error());
  if (std::fwrite(reply.data(), 1, last, stdout) != last || std::fflush(stdout) != 0) {
    return fail(errc::io, "the output was closed");
  }
  position = std::move(*read);
  return j.value("at_end", true);
}

}  // namespace

int run_tail(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_clients(options);
  options.add_options()("position", po::value<std::string>(), "file that keeps how far was read")(
      "from", po::value<std::string>(), "begin behind this place: `start`, or JSON such as {\"content/5\": 12}")(
      "follow", po::bool_switch(), "wait for more, until interrupted");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto to = clients_options_of(p.values);
  if (!to) return complain(to.error());
  const std::filesystem::path file = p.values.count("position") ? p.values["position"].as<std::string>() : std::string{};
  if (p.values.count("from") && !file.empty()) {
    std::fputs("zhili tail: give --from or --position, not both: the file says where to begin\n", stderr);
    return exit_usage;
  }
  auto position = p.values.count("from") ? begin_from(p.values["from"].as<std::string>()) : begin_at(file);
  if (!position) return complain(position.error());
  const auto nodes = connect_all(*to);
  if (!nodes) return complain(nodes.error());
  const bool follow = p.values["follow"].as<bool>();
  std::vector<bool> away(nodes->size());
  for (;;) {
    bool all_at_end = true;
    for (std::size_t n = 0; n < nodes->size(); ++n) {
      const nlohmann::ordered_json question{{"position", nlohmann::ordered_json::parse(to_json(*position))}};
      const auto reply = (*nodes)[n]->ask(static_cast<std::uint16_t>(request_verb::tail), question.dump(), reply_max);
      if (!reply) {
        if (!follow || reply.error().code != errc::io) return complain(reply.error());
        if (!away[n]) std::fprintf(stderr, "zhili: %s; waiting for it\n", reply.error().detail.c_str());
        away[n] = true;
        continue;
      }
      away[n] = false;
      const auto at_end = show(*reply, *position);
      if (!at_end) return at_end.error().code == errc::io ? exit_ok : complain(at_end.error());
      all_at_end = all_at_end && *at_end;
      if (file.empty()) continue;
      if (const status kept = keep(file, *position); !kept) return complain(kept.error());
    }
    if (!all_at_end) continue;
    if (!follow) return exit_ok;
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
  }
}

}  // namespace zhili::node
