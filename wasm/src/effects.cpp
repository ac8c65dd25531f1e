#include "pst/effects.hpp"

namespace pst {

namespace {

/// Writes the members of each kind of effect; `type` stands before them.
struct MemberWriter {
  json::Writer& writer;

  void operator()(const Persist& persist) const {
    type(EffectType::persist);
    writer.key("state").raw(persist.state.empty() ? "null" : std::string_view(persist.state));
    writer.key("connected").boolean(persist.connected);
  }

  void operator()(const Emit& emit) const {
    type(EffectType::emit);
    writer.key("event").name(emit.event);
    writer.key("data").raw(emit.data);
  }

  void operator()(const ShowPrompt& show) const {
    type(EffectType::show_prompt);
    writer.key("prompt");
    if (show.prompt) {
      write(writer, *show.prompt);
    } else {
      writer.null();
    }
  }

  void operator()(const Provide& provide) const {
    type(EffectType::provide);
    writer.key("parameters").begin_array();
    for (const auto& [field, source_field] : provide.parameters) {
      writer.begin_object();
      writer.key("field").string(field);
      writer.key("source_field").string(source_field);
      writer.end_object();
    }
    writer.end_array();
  }

  void operator()(const StopProviding& /*stop*/) const { type(EffectType::stop_providing); }

  void operator()(const WriteRecord& write) const {
    type(EffectType::write_record);
    writer.key("delivery").name(write.delivery);
    writer.key("attempt").number(write.attempt);
    writer.key("body").string(write.body);
  }

  void operator()(const Send& send) const {
    type(EffectType::send);
    writer.key("delivery").name(send.delivery);
    writer.key("attempt").number(send.attempt);
    writer.key("url").string(send.url);
    writer.key("origin").string(send.origin);
    writer.key("headers").begin_object();
    writer.key("Content-Type").string("application/json");
    writer.key("Idempotency-Key").string(send.idempotency_key);
    writer.key("traceparent").string(send.traceparent);
    writer.end_object();
    writer.key("body").string(send.body);
    writer.key("reauthorize").boolean(send.reauthorize);
  }

  void operator()(const UpdatePostSession& update) const {
    type(EffectType::update_post_session);
    writer.key("delivery").name(update.delivery);
    writer.key("attempt").number(update.attempt);
    writer.key("status").string(update.status);
    writer.key("opt_in");
    if (update.opt_in) {
      writer.boolean(*update.opt_in);
    } else {
      writer.null();
    }
    writer.key("reached").begin_array();
    for (const std::string& status : update.reached) writer.string(status);
    writer.end_array();
  }

  void operator()(const ShowWidget& /*show*/) const { type(EffectType::show_widget); }

  void operator()(const Abort& abort) const {
    type(EffectType::abort);
    writer.key("delivery").name(abort.delivery);
  }

  void operator()(const StartTimer& start) const {
    type(EffectType::start_timer);
    writer.key("timer").name(start.timer);
    writer.key("ms").number(start.ms);
    writer.key("jitter_ms").number(start.jitter_ms);
    of(start.delivery);
  }

  void operator()(const StopTimer& stop) const {
    type(EffectType::stop_timer);
    writer.key("timer").name(stop.timer);
    of(stop.delivery);
  }

 private:
  void of(DeliveryName delivery) const {
    if (delivery != DeliveryName::handoff) writer.key("delivery").name(delivery);
  }
  void type(EffectType type) const { writer.key("type").name(type); }
};

}  // namespace

void write(json::Writer& writer, const Effect& effect) {
  writer.begin_object();
  std::visit(MemberWriter{writer}, effect);
  writer.end_object();
}

}  // namespace pst
