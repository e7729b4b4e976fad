// SPDX-License-Identifier: Apache-2.0
// What signal keeps of a key: who brought it first, how many since, and the others where there are any. Most
// keys are seen once. A key that nobody brings for one to two months is forgotten: two tables, and the older
// one is dropped.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "protocols/schema/signal_generated.h"

namespace zhili::signal {

using partition::no_row;
using partition::row_no;

/// An author, and the subject with which they brought the key.
struct sighting {
  account_id author;
  subject_id subject;
  /// Row of the subject where it lives.
  std::uint32_t row = 0;
  std::uint32_t spare = 0;
};

struct key {
  subject_id id;
  account_id first_author;
  subject_id first_subject;
  std::uint32_t first_row = 0;
  /// Distinct ones; beyond those that are remembered each newcomer counts as one more.
  std::uint32_t authors = 0;
};

inline constexpr std::int32_t days_per_table = 30;

class state {
 public:
  partition::row_table<key> young;
  partition::row_table<key> old;
  /// Day in China on which `young` began.
  std::int32_t since = 0;
  /// From the second author on, of the keys that have one.
  std::map<subject_id, std::vector<sighting>> more;

  /// Whole terms that have passed on that day since `young` began.
  std::int32_t terms_passed(std::int32_t day) const {
    return since == 0 ? 0 : (day - since) / days_per_table;
  }

  /// As it is known on that day; nullptr: not known, or forgotten.
  const key* find(subject_id id, std::int32_t day) const {
    const std::int32_t terms = terms_passed(day);
    if (const row_no n = young.find(id); n != no_row && terms < 2) return &young[n];
    if (const row_no n = old.find(id); n != no_row && terms < 1) return &old[n];
    return nullptr;
  }

  /// All remembered sightings, in order of arrival.
  std::vector<sighting> sightings(subject_id id) const {
    std::vector<sighting> all;
    if (const key* k = find(id, since)) all.push_back({k->first_author, k->first_subject, k->first_row, 0});
    if (const auto rest = more.find(id); rest != more.end())
      all.insert(all.end(), rest->second.begin(), rest->second.end());
    return all;
  }

  bool remembers(const key& k, account_id author) const {
    if (k.first_author == author) return true;
    const auto rest = more.find(k.id);
    return rest != more.end() && std::any_of(
                                     rest->second.begin(), rest->second.end(),
                                     [&](const sighting& s) { return s.author == author; });
  }

  void digest(partition::hasher& h) const {
    h.rows(young);
    h.rows(old);
    h.value(since);
    for (const auto& [id, list] : more) {
      h.value(id);
      h.values(std::span<const sighting>{list});
    }
  }
  /// Nobody submits anything here.
  std::uint64_t waiting() const { return 0; }
  std::size_t memory_bytes() const {
    std::size_t n = young.memory_bytes() + old.memory_bytes();
    for (const auto& [id, list] : more) n += 88 + list.capacity() * sizeof(sighting);
    return n;
  }
  std::size_t subjects() const { return young.size() + old.size(); }
};

}  // namespace zhili::signal
