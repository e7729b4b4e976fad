// SPDX-License-Identifier: Apache-2.0
// Writes what agents submit, through the same schemas that a platform uses.
#pragma once

#include "actors/partition/context.hpp"
#include "protocols/message.hpp"
#include "scenarios/kernel/world.hpp"
#include "scenarios/world/model.hpp"
#include "scenarios/world/texts.hpp"

namespace zhili::scenarios {

class submission_writer {
 public:
  submission_writer(const model& world, recomposed_texts& texts) : world_(world), texts_(texts) {}

  /// Each fills `out`; body and text live until the next call. `occasion` tells apart the times that the same version
  /// goes in: after another stop it is another wish, with a key of its own.
  void item(item_ref ref, std::uint32_t occasion, instant at, submission& out);
  void page(item_ref ref, subject_id subject, account_id owner, std::uint32_t visit, instant at, submission& out);
  /// What the register's page says of the licence.
  void licence(item_ref ref, partition::registry::entry entry, std::uint32_t visit, instant at, submission& out);
  void acknowledgement(subject_id subject, account_id owner, subject_id effect, std::uint32_t serial, instant at,
                       submission& out);
  void appeal(item_ref ref, std::uint8_t ground, std::uint32_t occasion, instant at, submission& out);
  void claim(account_id queue, subject_id task, std::uint64_t reviewer, std::uint32_t occasion, instant at,
             submission& out);
  void decision(account_id queue, subject_id task, std::uint64_t reviewer, verdict v, std::uint32_t occasion, instant at,
                submission& out);

 private:
  void institution(item_ref ref, submission& out);
  void practitioner(item_ref ref, submission& out);
  void product(item_ref ref, submission& out);
  void content(item_ref ref, instant at, submission& out);
  institution_profile papers_of(item_ref ref) const;
  wire::hash256 make_text(item_ref ref);
  void finish(submission& out, workflow_no to, type_no type);

  const model& world_;
  recomposed_texts& texts_;
  flatbuffers::FlatBufferBuilder builder_{1024};
  std::string text_;
  listing_facts listing_;
  content_facts content_;
};

}  // namespace zhili::scenarios
