// SPDX-License-Identifier: Apache-2.0
#include "policy/text/matcher.hpp"

#include <fmt/format.h>
#include <hs.h>

#include <algorithm>
#include <tuple>

#include "protocols/types/limits.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

status check(const term& term, const folded_text& folded) {
  const auto refuse = [&](errc code, std::string_view why) {
    return fail(code, fmt::format("term {} of category {}: {}", term.id, term.category, why));
  };
  if (term.text.empty()) return refuse(errc::malformed, "is empty");
  if (term.text.size() > limits::string_bytes_max) {
    return refuse(errc::too_large, fmt::format("is longer than {} bytes", limits::string_bytes_max));
  }
  // It would match whatever is broken in a text.
  if (folded.bytes.find(replacement) != std::string::npos)
    return refuse(errc::malformed, "is not valid UTF-8");
  return {};
}

}  // namespace

void matcher::scratch::free_scratch::operator()(hs_scratch* memory) const {
  hs_free_scratch(memory);
}

result<matcher> matcher::compile(std::span<const term> terms) {
  matcher out;
  if (terms.empty()) return out;
  std::vector<std::string> folded;
  folded.reserve(terms.size());
  folded_text text;
  for (const auto& term : terms) {
    fold(term.text, text);
    if (auto ok = check(term, text); !ok) return tl::unexpected(ok.error());
    folded.push_back(text.bytes);
    out.patterns_.push_back({static_cast<std::uint32_t>(text.bytes.size()), term.id, term.category});
  }
  std::vector<const char*> expressions;
  std::vector<std::size_t> lengths;
  std::vector<unsigned> numbers;
  for (const auto& expression : folded) {
    numbers.push_back(static_cast<unsigned>(expressions.size()));
    expressions.push_back(expression.data());
    lengths.push_back(expression.size());
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* why = nullptr;
  const auto outcome = hs_compile_lit_multi(
      expressions.data(), nullptr, numbers.data(), lengths.data(), static_cast<unsigned>(terms.size()),
      HS_MODE_BLOCK, nullptr, &database, &why);
  if (outcome != HS_SUCCESS) {
    auto failure = fail(errc::too_large, fmt::format("vectorscan: {}", why->message));
    hs_free_compile_error(why);
    return failure;
  }
  out.database_ = {database, [](hs_database* held) { hs_free_database(held); }};
  return out;
}

void matcher::scan(const folded_text& text, scratch& memory, std::vector<hit>& out) const {
  out.clear();
  if (!database_) return;
  if (memory.fitted_ != database_) {
    auto* grown = memory.memory_.release();
    const auto outcome = hs_alloc_scratch(database_.get(), &grown);
    ZHILI_ASSERT(outcome == HS_SUCCESS, "no memory for a scan");
    memory.memory_.reset(grown);
    memory.fitted_ = database_;
  }
  struct sink {
    const std::vector<pattern>& patterns;
    const std::vector<std::uint32_t>& origin;
    std::vector<hit>& hits;
  } found{patterns_, text.origin, out};
  const auto on_match = [](unsigned number, unsigned long long, unsigned long long to, unsigned,
                           void* context) {
    const auto& [patterns, origin, hits] = *static_cast<sink*>(context);
    const auto& [length, id, category] = patterns[number];
    const auto begin = origin[to - length];
    // A term may end inside of what one character folded to: the hit takes that character whole.
    auto after = static_cast<std::size_t>(to);
    while (origin[after] == origin[to - 1]) ++after;
    hits.push_back({id, category, begin, origin[after] - begin});
    return 0;
  };
  const auto outcome = hs_scan(
      database_.get(), text.bytes.data(), static_cast<unsigned>(text.bytes.size()), 0, memory.memory_.get(),
      on_match, &found);
  ZHILI_ASSERT(outcome == HS_SUCCESS, "vectorscan refused a scan");
  std::sort(out.begin(), out.end(), [](const hit& a, const hit& b) {
    return std::tie(a.begin, a.term, a.length, a.category) < std::tie(b.begin, b.term, b.length, b.category);
  });
}

}  // namespace zhili::policy
