// SPDX-License-Identifier: Apache-2.0
#include "tests/structure/rules.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace zhili::structure;

TEST_SUITE("structure/rules") {
  TEST_CASE("refuses an include against the direction of the house") {
    struct row {
      const char* path;
      const char* line;
      bool refused;
    };
    const row rows[] = {
        {"protocols/types/ids.hpp", "#include \"protocols/types/hash.hpp\"", false},
        {"protocols/types/ids.hpp", "#include \"policy/pack.hpp\"", true},
        {"protocols/types/ids.hpp", "#include \"storage/partition_log.hpp\"", true},
        {"policy/pack.cpp", "#include \"protocols/types/result.hpp\"", false},
        {"policy/pack.cpp", "#include \"storage/content_store.hpp\"", true},
        {"policy/pack.cpp", "#include \"actors/workflow.hpp\"", true},
        {"policy/pack.cpp", "  #  include <actors/workflow.hpp>", true},
        {"storage/memory_log.cpp", "#include \"protocols/types/hash.hpp\"", false},
        {"storage/memory_log.cpp", "#include \"policy/pack.hpp\"", true},
        {"actors/onboarding/decide.cpp", "#include \"policy/pack.hpp\"", false},
        {"actors/partition/partition.hpp", "#include \"storage/partition_log.hpp\"", false},
        {"actors/partition/partition.hpp", "#include \"storage/content_store.hpp\"", false},
        {"actors/partition/partition.hpp", "#include \"storage/memory_log.hpp\"", true},
        {"actors/onboarding/decide.cpp", "#include \"scenarios/world/world.hpp\"", true},
        {"scenarios/kernel.cpp", "#include \"storage/memory_log.hpp\"", false},
        {"scenarios/kernel.cpp", "#include \"actors/partition/partition.hpp\"", false},
        {"scenarios/kernel.cpp", "#include \"node/options.hpp\"", true},
        {"node/main.cpp", "#include \"scenarios/kernel.hpp\"", false},
        {"node/main.cpp", "#include \"tests/testkit/world.hpp\"", true},
        {"bench/main.cpp", "#include \"scenarios/kernel.hpp\"", false},
        {"tests/node/options_test.cpp", "#include \"node/options.hpp\"", false},
        {"tests/actors/a_test.cpp", "#include \"tests/testkit/world.hpp\"", false},
    };
    for (const auto& one : rows) {
      CAPTURE(one.path);
      CAPTURE(one.line);
      CHECK(check_file(one.path, one.line).empty() != one.refused);
    }
  }

  TEST_CASE("keeps a library inside the files that may know it") {
    struct row {
      const char* header;
      const char* home;
      const char* elsewhere;
    };
    const row rows[] = {
        {"caf/all.hpp", "actors/shell/shell.cpp", "actors/partition/partition.hpp"},
        {"caf/all.hpp", "node/main.cpp", "scenarios/kernel.cpp"},
        {"zmq.hpp", "node/link/link.cpp", "node/main.cpp"},
        {"zmq_addon.hpp", "node/link/link.cpp", "storage/memory_log.cpp"},
        {"restinio/all.hpp", "node/http/http_door.cpp", "node/node_verb.cpp"},
        {"leveldb/db.h", "storage/leveldb_store.cpp", "storage/memory_log.cpp"},
        {"leveldb/db.h", "storage/leveldb_store.hpp", "node/main.cpp"},
        {"flatbuffers/flatbuffers.h", "protocols/verify.cpp", "policy/pack.cpp"},
        {"flatbuffers/flatbuffers.h", "actors/onboarding/codec.cpp", "scenarios/trace.cpp"},
        {"scenarios/world/truth.hpp", "scenarios/report/table.cpp", "node/main.cpp"},
        {"scenarios/world/truth.hpp", "tests/scenarios/table_test.cpp", "actors/onboarding/decide.cpp"},
    };
    for (const auto& one : rows) {
      CAPTURE(one.header);
      const auto line = std::string("#include <") + one.header + ">\n";
      CHECK(check_file(one.home, line).empty());
      CHECK(check_file(one.elsewhere, line).size() == 1);
    }
    CHECK(check_file("policy/pack.cpp", "#include \"protocols/schema/common_generated.h\"\n").empty());
  }

  TEST_CASE("keeps clocks, chance, threads and files away from what decides") {
    for (const char* line :
         {"#include <thread>", "#include <random>", "#include <fstream>",
          "auto now = std::chrono::system_clock::now();", "x = steady_clock::now();",
          "std::random_device seed;", "int r = rand();"}) {
      CAPTURE(line);
      CHECK(check_file("policy/pack.cpp", line).size() == 1);
      CHECK(check_file("actors/onboarding/decide.cpp", line).size() == 1);
      CHECK(check_file("actors/shell/shell.cpp", line).empty());
      CHECK(check_file("scenarios/kernel.cpp", line).empty());
    }
    for (const char* line :
         {"#include <chrono>", "std::chrono::milliseconds wait;", "int operand = brand(strand);",
          "// steady_clock is not for here", "/* rand */ int x;"}) {
      CAPTURE(line);
      CHECK(check_file("policy/pack.cpp", line).empty());
    }
    CHECK(check_file("policy/pack.cpp", "/* a\n rand */ rand();\n").size() == 1);
    CHECK(check_file("policy/pack.cpp", "glob(\"actors/*\");\nrand();\n").size() == 1);
    CHECK(check_file("policy/pack_files.cpp", "#include <fstream>").empty());
    CHECK(check_file("policy/pack_files.cpp", "#include <thread>").size() == 1);
  }

  TEST_CASE("wants quoted includes as paths from the root") {
    CHECK(check_file("policy/text/fold.cpp", "#include \"fold.hpp\"").size() == 1);
    CHECK(check_file("policy/text/fold.cpp", "#include \"../pack.hpp\"").size() == 1);
    CHECK(check_file("policy/text/fold.cpp", "#include \"policy/text/fold.hpp\"").empty());
  }

  TEST_CASE("says where the broken rule stands") {
    const auto found = check_file("policy/pack.cpp", "#include <string>\n\n#include \"node/options.hpp\"\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].file == "policy/pack.cpp");
    CHECK(found[0].line == 3);
    CHECK(found[0].rule == "policy must not include node/options.hpp");
  }

  TEST_CASE("takes a file of 500 lines and refuses one of 501") {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "\n";
    CHECK(check_file("node/main.cpp", text).empty());
    CHECK(check_file("node/main.cpp", text + "\n").size() == 1);
  }

  TEST_CASE("finds a bad include that was planted in a tree") {
    const auto root = std::filesystem::temp_directory_path() / "zhili-structure-test";
    std::filesystem::remove_all(root);
    std::filesystem::create_directories(root / "policy" / "text");
    std::filesystem::create_directories(root / "storage");
    std::ofstream(root / "storage" / "log.hpp") << "#include <vector>\n";
    std::ofstream(root / "policy" / "text" / "fold.cpp") << "#include \"storage/log.hpp\"\n";
    const auto found = check_tree(root);
    std::filesystem::remove_all(root);
    CHECK(found.files == 2);
    REQUIRE(found.violations.size() == 1);
    CHECK(found.violations[0].file == "policy/text/fold.cpp");
    CHECK(found.violations[0].line == 1);
  }
}

TEST_SUITE("structure/house") {
  TEST_CASE("the house keeps its rules") {
    REQUIRE_MESSAGE(
        std::filesystem::exists("tests/structure/rules.hpp"), "run this from the root of the sources");
    const auto found = check_tree(".");
    CHECK(found.files > 3);
    for (const auto& one : found.violations) FAIL_CHECK(one.file << ":" << one.line << ": " << one.rule);
  }
}
