// SPDX-License-Identifier: Apache-2.0
// The files of a pack, whatever stands in them: rules and tables in YAML, tables in CSV, texts with prices,
// and expressions. Input: a byte that says which, then the file.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/counter_file.hpp"
#include "policy/csv.hpp"
#include "policy/encoding.hpp"
#include "policy/prices.hpp"
#include "policy/rule_file.hpp"
#include "policy/scorecard.hpp"
#include "policy/table_file.hpp"

using namespace zhili;
using namespace zhili::policy;

void fuzz_expression(std::string_view all);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
  diagnostics found;
  switch (data[0] % 8) {
    case 0: {
      const auto document = yaml_document::parse(std::string(file), "r.yaml", found);
      if (document) read_rules(document->root(), workflows());
      break;
    }
    case 1: {
      const auto document = yaml_document::parse(std::string(file), "t.yaml", found);
      if (document)
        read_table(
            document->root(), 1, "", [](std::string_view) { return std::nullopt; }, {}, workflows(), found);
      break;
    }
    case 2: {
      const auto text = as_utf8(file);
      if (text) read_csv(*text, "t.csv", found);
      // The file as the rows of a table that is right.
      const auto document = yaml_document::parse(
          "id: t\ntitle: {zh: a, en: a}\nlevel: low\nreason: {zh: a, en: a}\nmatch: {stage: review}\nhit: "
          "U\ncsv: t.csv\n"
          "basis: [{statute: a, article: a, valid_from: 2020-01-01}]\n",
          "t.yaml", found);
      read_table(
          document->root(), 1, "", [&](std::string_view) { return std::optional<std::string>(file); }, {},
          workflows(), found);
      break;
    }
    case 3: {
      fen out[prices_max];
      find_prices(file, out);
      break;
    }
    case 4: scorecard::read(file, "s.txt", found); break;
    case 5: {
      const auto document = yaml_document::parse(std::string(file), "c.yaml", found);
      if (document) read_counters(document->root(), workflows());
      break;
    }
    default: fuzz_expression(file);
  }
  found.text();
  return 0;
}
