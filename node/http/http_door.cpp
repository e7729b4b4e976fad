// SPDX-License-Identifier: Apache-2.0
#include "node/http/http_door.hpp"

#include <charconv>

#include <fmt/format.h>
#include <restinio/all.hpp>

#include "node/http/metrics.hpp"
#include "scenarios/trace/format.hpp"

namespace zhili::node {
namespace {

constexpr std::size_t connections_max = 32;
constexpr std::size_t threads = 2;
constexpr std::chrono::seconds patience{10};

struct traits : restinio::default_traits_t {
  static constexpr bool use_connection_count_limiter = true;
};

restinio::incoming_http_msg_limits_t limits() {
  return restinio::incoming_http_msg_limits_t{}
      .max_url_size(1024)
      .max_field_name_size(256)
      .max_field_value_size(8192)
      .max_body_size(1024);
}

restinio::request_handling_status_t respond(const restinio::request_handle_t& request, const http_door::answer& a) {
  const char* const says = a.code == 200   ? "OK"
                           : a.code == 404 ? "Not Found"
                           : a.code == 405 ? "Method Not Allowed"
                                           : "Service Unavailable";
  const restinio::http_status_code_t code{static_cast<std::uint16_t>(a.code)};
  return request->create_response(restinio::http_status_line_t{code, says})
      .append_header(restinio::http_field::content_type, a.type)
      .append_header(restinio::http_field::cache_control, "no-store")
      .set_body(a.body)
      .done();
}

}  // namespace

class http_door::listener {
 public:
  listener(http_door& door, const http_address& at)
      : server_(restinio::run_async<traits>(
            restinio::own_io_context(),
            restinio::server_settings_t<traits>{}
                .address(asio::ip::make_address(at.host))
                .port(at.port)
                .max_parallel_connections(connections_max)
                .incoming_http_msg_limits(limits())
                .read_next_http_message_timelimit(patience)
                .write_http_response_timelimit(patience)
                .handle_request_timeout(patience)
                .acceptor_post_bind_hook([this](asio::ip::tcp::acceptor& a) { port_ = a.local_endpoint().port(); })
                .request_handler([&door](const restinio::request_handle_t& request) {
                  if (request->header().method() != restinio::http_method_get()) {
                    return respond(request, {405, "text/plain; charset=utf-8", "only GET\n"});
                  }
                  return respond(request, door.ask(request->header().path()));
                }),
            threads)) {}
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;
  restinio::running_server_handle_t<traits> server_;
};

result<http_address> read_http_address(const std::string& text) {
  const auto wrong = [&] {
    return fail(errc::malformed, fmt::format("field `http`: '{}' is not host:port, such as 127.0.0.1:7680", text));
  };
  http_address out;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return wrong();
  out.host = text.substr(0, colon);
  const char* const end = text.data() + text.size();
  const auto [rest, bad] = std::from_chars(text.data() + colon + 1, end, out.port);
  if (bad != std::errc{} || rest != end) return wrong();
  if (out.host == "localhost") out.host = "127.0.0.1";
  const bool brackets = out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']';
  if (brackets) out.host = out.host.substr(1, out.host.size() - 2);
  std::error_code ec;
  const asio::ip::address address = asio::ip::make_address(out.host, ec);
  if (ec || address.is_v6() != brackets) return wrong();
  out.loopback = address.is_loopback();
  return out;
}

status check_http(const node_config& config) {
  if (config.http.empty()) return {};
  const auto at = read_http_address(config.http);
  if (!at) return tl::unexpected(at.error());
  if (at->loopback || config.insecure) return {};
  return fail(errc::out_of_range,
              fmt::format("field `http`: {} is not on loopback and HTTP knows no keys; put it on 127.0.0.1 with a proxy before "
                          "it, or write `insecure: true`",
                          config.http));
}

result<std::unique_ptr<http_door>> http_door::open(const node_config& config) {
  if (status good = check_http(config); !good) return tl::unexpected(good.error());
  std::unique_ptr<http_door> made(new http_door(config));
  if (config.http.empty()) return made;
  try {
    made->listener_ = std::make_unique<listener>(*made, *read_http_address(config.http));
  } catch (const std::exception& e) {
    return fail(errc::io, fmt::format("field `http`: cannot serve at {}: {}", config.http, e.what()));
  }
  return made;
}

http_door::http_door(const node_config& config) : config_(config) {}
http_door::~http_door() { close(); }

void http_door::close() { listener_.reset(); }

std::uint16_t http_door::port() const { return listener_ ? listener_->port() : std::uint16_t{0}; }

void http_door::ready(server& node, const gateway& door, const zmq_link& link) {
  std::lock_guard lock(mutex_);
  node_ = &node;
  gateway_ = &door;
  link_ = &link;
  why_not_.clear();
}

void http_door::draining() {
  std::lock_guard lock(mutex_);
  why_not_ = "draining";
}

std::string http_door::not_ready() const {
  std::lock_guard lock(mutex_);
  if (node_ != nullptr && node_->is_broken()) return "broken; the log says why";
  return why_not_;
}

http_door::answer http_door::ask(std::string_view path) {
  if (path == "/healthz") return {200, "text/plain; charset=utf-8", "ok\n"};
  if (path == "/readyz") {
    const std::string why = not_ready();
    return {why.empty() ? 200U : 503U, "text/plain; charset=utf-8", (why.empty() ? "ready" : why) + '\n'};
  }
  if (path == "/metrics") return metrics();
  return {404, "text/plain; charset=utf-8", "there are /healthz, /readyz and /metrics\n"};
}

http_door::answer http_door::metrics() {
  std::unique_lock one(reading_, std::try_to_lock);
  if (!one) return {503, "text/plain; charset=utf-8", "another reading is under way\n"};
  metrics_facts facts;
  facts.ready = not_ready().empty();
  facts.insecure = config_.insecure;
  facts.build = {{"version", ZHILI_VERSION}, {"node", config_.name}};
  facts.up_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - since_).count();
  server* node = nullptr;
  {
    std::lock_guard lock(mutex_);
    node = node_;
  }
  // While partitions are rebuilt there is nothing to read yet but that.
  if (node != nullptr) {
    facts.shell = node->partitions().read();
    facts.link = link_->counts();
    const gateway_counters& g = gateway_->counters();
    facts.gateway = {{"submissions", g.submissions}, {"bad", g.bad}, {"busy", g.busy}, {"answers", g.answers}, {"forwarded", g.forwarded}, {"over_share", g.over_share}};
    facts.build["pack"] = node->pack().name();
    facts.build["pack_digest"] = hex(node->pack().digest());
    for (const auto& [workflow, n] : scenarios::behaviour_now()) facts.build["behaviour_" + workflow] = std::to_string(n);
  }
  return {200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(facts)};
}

}  // namespace zhili::node
