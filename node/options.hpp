// SPDX-License-Identifier: Apache-2.0
// What all verbs share of reading a command line: named options from Boost.Program_options, positionals, --help that
// teaches, unknown options with a suggestion.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/program_options.hpp>

#include "node/verb.hpp"
#include "scenarios/report/summary.hpp"

namespace zhili::node {

namespace po = boost::program_options;

/// What --help teaches: in English alone, or in both languages.
struct taught {
  constexpr taught(const char* english) : en(english) {}
  constexpr taught(const char* chinese, const char* english) : zh(chinese), en(english) {}
  std::string_view zh;
  std::string_view en;
};

struct usage {
  std::string_view verb;
  /// Name of the one positional; empty: none is taken.
  std::string_view positional;
  taught teaches;
  /// The positional may be left out.
  bool optional = false;
  /// How many positionals there may be.
  std::size_t most = 1;
};

/// The words of help that the reader of a command line wants: say("规则包", "the pack").
class words {
 public:
  /// English.
  words() = default;
  explicit words(const std::vector<std::string>& arguments);
  const char* operator()(const char* zh, const char* en) const { return is_zh_ ? zh : en; }
  /// For the verb's options, without any yet.
  po::options_description options() const;

 private:
  bool is_zh_ = false;
};

/// Parsed options, or the exit code with which the verb ends (help was asked for, or something is wrong and was said).
struct parsed {
  po::variables_map values;
  std::optional<int> exit;
};

parsed parse(const usage& u, po::options_description& options, const std::vector<std::string>& arguments);

/// Adds --format, --lang.
void add_common(po::options_description& options, const words& say = {});
/// What stands at the place of the positional; `otherwise` where it was left out.
std::string positional_of(const po::variables_map& values, std::string_view otherwise);
bool wants_json(const po::variables_map& values);
scenarios::language language_of(const po::variables_map& values);

/// Before the options are read, for what is wrong with them.
scenarios::language language_of(const std::vector<std::string>& arguments);

/// Prints an error as its receiver reads it and gives the exit code that fits. In Chinese where it was said
/// in Chinese.
int complain(const error& e, scenarios::language lang = scenarios::language::en);

}  // namespace zhili::node
