// SPDX-License-Identifier: Apache-2.0
// fastscan.mjs FILE: fastscan (npm) on FILE, {"terms": […], "texts": […], "found": [[term, …], …]}: holds the terms that it
// finds in each text, by number and as often as they stand there, against `found`, and prints what it took as one line of JSON.
import { readFileSync } from 'node:fs';
import FastScanner from 'fastscan';

const { terms, texts, found } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const scanner = new FastScanner(terms);

const numbers = new Map(terms.map((term, n) => [term, n]));
let agreed = 0;
texts.forEach((text, n) => {
  const said = scanner.search(text).map(([, word]) => numbers.get(word)).sort((a, b) => a - b);
  if (said.length === found[n].length && said.every((term, i) => term === found[n][i])) ++agreed;
});

function pass() {
  let hits = 0;
  for (const text of texts) hits += scanner.search(text).length;
  return hits;
}

// The compiler of the machine's code has seen it all before the clock starts.
for (let n = 0; n < 3; ++n) pass();
const cpu = process.cpuUsage();
const begin = process.hrtime.bigint();
pass();
const wall = Number(process.hrtime.bigint() - begin) / 1e9;
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({ agreed, texts: texts.length, wall_s: wall, cpu_s: (used.user + used.system) / 1e6 }));
