// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/trace_shard.hpp"

#include <fmt/format.h>

#include "actors/workflow_numbers.hpp"
#include "protocols/schema/content_generated.h"
#include "protocols/schema/product_generated.h"
#include "scenarios/trace/body_codec.hpp"

namespace zhili::scenarios {

unused_acts& unused_acts::operator+=(const unused_acts& o) {
  claims += o.claims;
  decisions += o.decisions;
  appeals += o.appeals;
  acknowledgements += o.acknowledgements;
  return *this;
}

instant trace_shard::next() {
  if (queue_.empty() && horizon_ != never) horizon_ = feed_.collect(shard_, queue_);
  return queue_.empty() ? horizon_ : queue_.front().at;
}

const submission* trace_shard::take() {
  if (queue_.empty()) {
    feed_.read_beyond(horizon_);
    return nullptr;
  }
  in_hand_ = std::move(queue_.front());
  queue_.pop_front();
  const auto body = body_codec::of_thread().from_json(in_hand_.workflow, in_hand_.type, in_hand_.body);
  if (!body) {
    feed_.bad(in_hand_.line, fmt::format("field `body`: {}", body.error().detail));
    return nullptr;
  }
  if (!in_hand_.text.empty()) {
    const status kept = texts_.put(blake2b_256(as_bytes_view(in_hand_.text)), in_hand_.text);
    if (!kept) {
      feed_.bad(in_hand_.line, kept.error().detail);
      return nullptr;
    }
  }
  now_ = {in_hand_.at,  in_hand_.workflow,   in_hand_.account, in_hand_.subject,
          in_hand_.key, in_hand_.event_time, in_hand_.type,    *body,
          in_hand_.text};
  type_name_ = partition::find_workflow(in_hand_.workflow)->command_name(in_hand_.type);
  ++submissions_;
  if (lacks_text()) ++without_text_;
  if (type_name_.starts_with("submit_")) ++by_kind_[static_cast<std::size_t>(in_hand_.subject.kind()) % by_kind_.size()];
  return &now_;
}

bool trace_shard::lacks_text() {
  if (!in_hand_.text.empty()) return false;
  const wire::hash256* hash = nullptr;
  if (now_.workflow == workflow_numbers::content && type_name_ == "submit_content") {
    hash = flatbuffers::GetRoot<wire::content::submit_content>(now_.body.data())->text_hash();
  } else if (now_.workflow == workflow_numbers::product && type_name_ == "submit_listing") {
    hash = flatbuffers::GetRoot<wire::product::submit_listing>(now_.body.data())->text_hash();
  }
  if (hash == nullptr) return false;
  std::string text;
  const auto kept = texts_.get(name_of(from_wire(*hash)), 0, text);
  return !kept || !*kept;
}

void trace_shard::answered(const submission&, const partition::outcome& answer, bool) {
  if (answer.status != wire::status::refused) return;
  if (type_name_ == "claim") ++unused_.claims;
  if (type_name_ == "decide_task") ++unused_.decisions;
  if (type_name_ == "file_appeal") ++unused_.appeals;
  if (type_name_ == "acknowledge") ++unused_.acknowledgements;
}

}  // namespace zhili::scenarios
