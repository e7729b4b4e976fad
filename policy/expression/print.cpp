// SPDX-License-Identifier: Apache-2.0
// Values as JSON and for people.
#include <fmt/format.h>

#include <cmath>

#include "policy/expression/civil.hpp"
#include "policy/expression/value.hpp"
#include "protocols/types/money.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t print_depth_max = 200;

void quote(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : letters[word >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

std::string real_text(double d) {
  if (std::isnan(d)) return "\"NaN\"";
  if (std::isinf(d)) return d > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  std::string out = fmt::format("{}", d);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

class printer {
 public:
  printer(std::size_t bytes_max, bool for_people) : bytes_max_(bytes_max), for_people_(for_people) {}

  /// False where it became too long or too deep.
  bool put(const value& v, std::size_t depth) {
    if (out.size() > bytes_max_ || depth > print_depth_max) return false;
    switch (v.tag) {
      case kind::null: out += "null"; break;
      case kind::boolean: out += v.number != 0 ? "true" : "false"; break;
      case kind::integer:
      case kind::word: out += fmt::format("{}", v.number); break;
      case kind::uint: out += fmt::format("{}{}", v.whole, for_people_ ? "u" : ""); break;
      case kind::real: out += real_text(v.real); break;
      case kind::text: quote(v.text(), out); break;
      case kind::bytes: quote(base64(v.text()), out); break;
      case kind::list: return list(v, depth);
      case kind::map: return map(v, depth);
      case kind::timestamp: plain(view(time_text(v))); break;
      case kind::span: plain(view(span_text(v.number))); break;
      case kind::span_ms: plain(fmt::format("{}s", static_cast<double>(v.number) / 1000)); break;
      case kind::type: plain(type_name(static_cast<kind>(v.number))); break;
      case kind::money: plain(to_string(fen{v.number})); break;
      case kind::date: plain(date_string(static_cast<std::int32_t>(v.number))); break;
      case kind::error: out += v.text(); break;
      case kind::any: break;
    }
    return true;
  }

  std::string out;

 private:
  void plain(std::string_view text) {
    if (for_people_) {
      out += text;
    } else {
      quote(text, out);
    }
  }

  bool list(const value& v, std::size_t depth) {
    out += '[';
    for (std::uint32_t i = 0; i < v.length; ++i) {
      if (i > 0) out += for_people_ ? ", " : ",";
      if (!put(v.items[i], depth + 1)) return false;
    }
    out += ']';
    return true;
  }

  // Keys of a JSON object are texts.
  void key(const value& k) {
    if (k.is(kind::text)) return quote(k.text(), out);
    const std::string_view bare = k.is(kind::boolean) ? (k.number != 0 ? "true" : "false") : "";
    if (!bare.empty()) return quote(bare, out);
    out += k.is(kind::uint) ? fmt::format("\"{}\"", k.whole) : fmt::format("\"{}\"", k.number);
  }

  bool map(const value& v, std::size_t depth) {
    out += '{';
    for (std::uint32_t i = 0; i < v.length; ++i) {
      if (i > 0) out += for_people_ ? ", " : ",";
      key(v.entries[i].key);
      out += for_people_ ? ": " : ":";
      if (!put(v.entries[i].content, depth + 1)) return false;
    }
    out += '}';
    return true;
  }

  std::size_t bytes_max_;
  bool for_people_;
};

}  // namespace

std::optional<std::string> to_json(const value& v, std::size_t bytes_max) {
  printer p(bytes_max, false);
  if (!p.put(v, 0)) return std::nullopt;
  return std::move(p.out);
}

std::string shown(const value& v, std::size_t bytes_max) {
  printer p(bytes_max, true);
  if (!p.put(v, 0)) p.out += " …";
  return std::move(p.out);
}

}  // namespace zhili::policy
