// SPDX-License-Identifier: Apache-2.0
#include "node/policy/judge_options.hpp"

#include <fmt/format.h>

#include <chrono>

#include "node/files.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr std::size_t facts_bytes_max = 1024 * 1024;

std::int32_t today() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return china_day({std::chrono::duration_cast<std::chrono::milliseconds>(now).count()});
}

}  // namespace

void add_judge_options(po::options_description& options, const words& say) {
  options.add_options()("pack", po::value<std::string>()->default_value("default"), say("规则包的名字或文件夹", "name or folder of the pack"))(
      "date", po::value<std::string>(), say("按这一天的法律，如 2021-07-18；不写就是今天", "the law of that day in China, as 2021-07-18; default: today"))(
      "kind", po::value<std::string>()->default_value("content"),
      say("是哪一类：content（只知道文字）、ad、diary、post、review、listing，或写中文名",
          "what the texts are: content (nothing is known but the words), ad, diary, post, review, listing"))(
      "facts", po::value<std::string>(), say("装着一个 JSON 对象的文件：文字之外的事实", "file with one JSON object: the facts beside the text"));
}

status set_up(const po::variables_map& values, judge_setup& out) {
  const auto folder = find_pack(values["pack"].as<std::string>());
  if (!folder) return tl::unexpected(folder.error());
  auto pack = policy::pack::load(*folder);
  if (!pack) return tl::unexpected(pack.error());
  const auto kind = find_kind(values["kind"].as<std::string>(), **pack);
  if (!kind) return tl::unexpected(kind.error());
  std::int32_t day = today();
  if (values.count("date") != 0) {
    const std::string text = values["date"].as<std::string>();
    const auto at = parse_instant(text);
    if (!at || text.size() != 10) {
      return fail(
          errc::bad_argument, tell(
                                  "--date：'{}' 不是日期；请写成 2021-07-18",
                                  "--date: '{}' is no day; right would be 2021-07-18", text));
    }
    day = china_day(*at);
  }
  policy::slots facts;
  if (values.count("facts") != 0) {
    const std::string file = values["facts"].as<std::string>();
    const auto json = policy::read_file(file, facts_bytes_max);
    if (!json) return tl::unexpected(json.error());
    if (const auto read = read_facts(*json, file, *kind, facts, out.texts); !read) return read;
  }
  out.date = date_string(day);
  out.judge = std::make_unique<text_judge>(std::move(*pack), *kind, facts, start_of_china_day(day));
  return {};
}

}  // namespace zhili::node
