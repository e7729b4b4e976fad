// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "node/verb.hpp"

int main(int argc, char** argv) {
  using namespace zhili::node;
  try {
    return run_one_of(
        verbs(), "zhili", "zhili (治理) runs the governance of a medical-aesthetics marketplace, and rehearses it.",
        "exit codes: 0 ok, 1 failed, 2 usage, 3 bad input, 4 divergence", {argv + 1, argv + argc}, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "zhili: %s\n", e.what());
    return exit_failed;
  }
}
