// SPDX-License-Identifier: Apache-2.0
#include "policy/counter_file.hpp"

#include <algorithm>

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view counting_words[] = {"count", "sum", "distinct"};
constexpr std::string_view by_words[] = {"account", "subject"};

// Workflows that decide on submissions and keep what they have counted.
constexpr std::string_view counting_workflows[] = {"content", "onboarding", "product"};

bool is_name(std::string_view s) {
  return !s.empty() && s.size() <= 64 && s[0] >= 'a' && s[0] <= 'z' && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

stage_set read_stages(const yaml_node& node, std::span<const workflow_info> known) {
  const auto sets = read_match(node, {}, known);
  if (sets.size() > 1) {
    node.error(tell(
        "'{}' 和 '{}' 各记各的账：请各写一个计数器",
        "'{}' and '{}' keep books of their own: make a counter for each", sets[0].workflow->name,
        sets[1].workflow->name));
  }
  if (sets.empty()) return {};
  const auto& name = sets[0].workflow->name;
  if (std::find(std::begin(counting_workflows), std::end(counting_workflows), name) == std::end(counting_workflows))

    node.error(tell("'{}' 没有可以计数的提交", "'{}' takes no submissions that could be counted", name));
  return sets[0];
}

duration read_window(const yaml_node& node) {
  const duration window = node.span(window_min);
  if (window >= window_min && window <= window_max) return window;
  node.error({"窗口最短 1m（一分钟），最长 366d（366 天）", "a window is at least 1m and at most 366d"});
  return window_min;
}

counter_source read_counter(const yaml_node& node, std::span<const workflow_info> known) {
  yaml_map map(node);
  counter_source c;
  c.name = map.required("name");
  if (c.name.present() && !is_name(c.name.text()))

    c.name.error(
        {"计数器的名字以小写字母开头，后面是小写字母、数字和 '_'；中文名写在 'title' 里",
         "a counter's name begins with a lower-case letter; letters, digits and '_' follow"});
  c.title = read_bilingual(map.required("title"));
  c.unit = map.optional("unit").text();
  c.match = read_stages(map.required("match"), known);
  c.what = static_cast<counting>(map.required("what").choice(counting_words));
  if (const yaml_node by = map.optional("by"); by.present()) c.by = static_cast<counted_by>(by.choice(by_words));
  c.window = read_window(map.required("window"));
  if (const yaml_node when = map.optional("when"); when.present()) c.when = written(when);
  if (c.what == counting::count) {
    map.optional("of").error(
        {"'of' 只用于 sum 和 distinct：count 数的是提交的件数",
         "'of' belongs to sum and distinct: a count counts submissions"});
  } else {
    c.of = written(map.required("of"));
  }
  return c;
}

}  // namespace

std::vector<counter_source> read_counters(const yaml_node& root, std::span<const workflow_info> known) {
  std::vector<counter_source> out;
  for (const yaml_node& node : root.items()) {
    if (node.is_map()) {
      out.push_back(read_counter(node, known));
    } else {
      yaml_map report_only(node);
    }
  }
  return out;
}

}  // namespace zhili::policy
