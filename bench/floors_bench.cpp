// SPDX-License-Identifier: Apache-2.0
// The smallest things that a decision is made of: below their sum no design gets.
#include <algorithm>

#include <fmt/format.h>

#include "actors/partition/row_table.hpp"
#include "bench/benchmark.hpp"
#include "bench/diaries.hpp"
#include "bench/measure.hpp"
#include "protocols/message.hpp"
#include "protocols/schema/content_generated.h"
#include "scenarios/random.hpp"

namespace zhili::bench {
namespace {

namespace msg = wire::content;
using scenarios::mix;

/// What the bodies of a thousand diaries go through.
struct bodies {
  std::vector<scenarios::submission> commands;
  std::uint64_t count;

  const scenarios::submission& of(std::uint64_t n) const { return commands[n % commands.size()]; }

  template <class Work>
  std::vector<double> each(Work&& work) const {
    return timed(count, [&] {
      for (std::uint64_t n = 0; n < count; ++n) work(of(n));
    });
  }

  std::vector<double> copy() const {
    std::vector<std::byte> to(4096);
    return each([&](const scenarios::submission& c) {
      std::memcpy(to.data(), c.body.data(), c.body.size());
      keep(to);
    });
  }
  std::vector<double> build() const {
    flatbuffers::FlatBufferBuilder b{512};
    return each([&](const scenarios::submission& c) {
      const auto& from = view_body<msg::submit_content>(c.body);
      b.Clear();
      b.Finish(msg::Createsubmit_content(b, from.ref(), from.kind(), from.institution(), from.text_hash(), from.text_bytes(),
                                         from.order_at(), from.stars()));
      keep(b);
    });
  }
  std::vector<double> verify() const {
    return each([](const scenarios::submission& c) { keep(read_body<msg::submit_content>(c.body)); });
  }
  std::vector<double> hash() const {
    return each([](const scenarios::submission& c) { keep(xxh3_64(c.body)); });
  }
};

std::vector<double> chained(std::uint64_t count, const std::vector<std::byte>& block) {
  digest128 d;
  return timed(count, [&] {
    for (std::uint64_t n = 0; n < count; ++n) d = chain(d, block);
    keep(d);
  });
}

std::vector<double> checked(std::uint64_t count, const std::vector<std::byte>& block) {
  std::uint32_t crc = 0;
  return timed(count, [&] {
    for (std::uint64_t n = 0; n < count; ++n) crc = crc32c(block, crc);
    keep(crc);
  });
}

struct event {
  std::uint64_t due = 0;
  std::uint64_t place = 0;
  std::uint64_t number = 0;
  std::uint64_t slot = 0;
  bool operator>(const event& o) const { return due > o.due; }
};

/// Takes the soonest and puts in a later one, in a heap of that many.
std::vector<double> heap(std::uint64_t count, std::size_t depth) {
  std::vector<event> events(depth);
  for (std::size_t n = 0; n < depth; ++n) events[n].due = mix(n) >> 44;
  std::make_heap(events.begin(), events.end(), std::greater<>{});
  return timed(count, [&] {
    for (std::uint64_t n = 0; n < count; ++n) {
      std::pop_heap(events.begin(), events.end(), std::greater<>{});
      events.back().due += mix(n) >> 44;
      std::push_heap(events.begin(), events.end(), std::greater<>{});
    }
    keep(events);
  });
}

struct table_row {
  subject_id id;
  std::uint64_t state[8] = {};
};

/// Finds a row among a million, spread over 64 tables as over the shards.
std::vector<double> find(std::uint64_t count, const std::vector<partition::row_table<table_row>>& tables, std::uint64_t rows) {
  std::uint64_t sum = 0;
  auto took = timed(count, [&] {
    for (std::uint64_t n = 0; n < count; ++n) {
      const std::uint64_t who = mix(n) % rows;
      sum += tables[who % shard_count].find({0, mix(who)});
    }
  });
  keep(sum);
  return took;
}

std::vector<partition::row_table<table_row>> tables_of(std::uint64_t rows) {
  std::vector<partition::row_table<table_row>> tables(shard_count);
  for (std::uint64_t n = 0; n < rows; ++n) tables[n % shard_count].add({{0, mix(n)}});
  return tables;
}

}  // namespace

result<std::vector<table>> run_floors(const settings& s) {
  const std::uint64_t count = s.of<std::uint64_t>(2'000'000, 2000);
  const std::uint64_t rows = s.of<std::uint64_t>(1'000'000, 6400);
  diary_plan plan;
  plan.count = 1000;
  plan.authors = 300;
  const diary_load load(plan);
  bodies b{{}, count};
  double body_bytes = 0;
  for (const diary& d : load.diaries()) {
    load.fill(d, b.commands.emplace_back());
    body_bytes += static_cast<double>(d.body_bytes) / plan.count;
  }
  const std::vector<std::byte> entries(600, std::byte{7});
  const auto tables = tables_of(rows);

  table t;
  t.name = "floors";
  t.title = "what a decision is made of";
  t.says = fmt::format(
      "A command is the body of a submitted diary, {:.0f} bytes on the mean. 600 bytes are about the entries of its batch.",
      body_bytes);
  t.metrics = item_metrics("item");
  const status ran = interleave(s.rounds,
                                {{"memcpy of a command", [&] { return b.copy(); }},
                                 {"FlatBuffers: build a command", [&] { return b.build(); }},
                                 {"FlatBuffers: verify a command", [&] { return b.verify(); }},
                                 {"XXH3-64 of a command", [&] { return b.hash(); }},
                                 {"XXH3-128 chain of 600 bytes", [&] { return chained(count, entries); }},
                                 {"CRC32C of 600 bytes", [&] { return checked(count, entries); }},
                                 {"binary heap of 1,000: pop and push", [&] { return heap(count, 1000); }},
                                 {"binary heap of 100,000: pop and push", [&] { return heap(count, 100'000); }},
                                 {"find one of a million rows", [&] { return find(count, tables, rows); }}},
                                t);
  if (!ran) return tl::unexpected(ran.error());
  return std::vector<table>{std::move(t)};
}

}  // namespace zhili::bench
