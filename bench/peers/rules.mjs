// SPDX-License-Identifier: Apache-2.0
// rules.mjs ENGINE FILE: runs the cases of FILE through json-rules-engine or zen-engine, with the rules made ready before the
// clock starts, holds which rules fire against what zhili said of each case, and prints what it took as one line of JSON.
import { readFileSync } from 'node:fs';
import { ownCpu } from './common.mjs';

const [, , engine, file] = process.argv;
const { rules, cases, fired } = JSON.parse(readFileSync(file, 'utf8'));

/** One engine with all rules; facts are given as they are, priorities are equal, conditions run in one set. */
async function jsonRulesEngine() {
  const { Engine } = await import('json-rules-engine');
  const names = { '<': 'lessThan', '<=': 'lessThanInclusive', '>': 'greaterThan', '>=': 'greaterThanInclusive', '==': 'equal', in: 'in' };
  const condition = (part) =>
    part.any ? { any: part.any.map(condition) } : { fact: part.field, operator: names[part.op], value: part.value };
  const made = new Engine([], { allowUndefinedFacts: true });
  rules.forEach((rule, n) => made.addRule({ conditions: { all: rule.all.map(condition) }, event: { type: String(n) } }));
  return async (facts) => (await made.run(facts)).events.map((e) => Number(e.type));
}

/**
 * One decision table with hit policy collect, its content read once; a row is a rule, its cell the whole condition. A column
 * for each field took a quarter more.
 */
async function zenEngine() {
  const { ZenEngine, ZenDecisionContent } = (await import('@gorules/zen-engine')).default;
  const text = (part) => {
    if (part.any) return `(${part.any.map(text).join(' or ')})`;
    return part.op === 'in' ? `${part.field} in [${part.value.join(', ')}]` : `${part.field} ${part.op} ${part.value}`;
  };
  const content = {
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      {
        id: 'table', name: 'table', type: 'decisionTableNode', position: { x: 1, y: 0 },
        content: {
          hitPolicy: 'collect',
          inputs: [{ id: 'when', name: 'when', type: 'expression' }],
          outputs: [{ id: 'rule', name: 'rule', field: 'rule', type: 'expression' }],
          rules: rules.map((rule, n) => ({ _id: `r${n}`, when: rule.all.map(text).join(' and '), rule: String(n) })),
        },
      },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
      { id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
    ],
  };
  const decision = new ZenEngine().createDecision(new ZenDecisionContent(content));
  return async (facts) => (await decision.evaluate(facts)).result.map((r) => r.rule);
}

const engines = { 'json-rules-engine': jsonRulesEngine, 'zen-engine': zenEngine };
const judge = await engines[engine]();

/** As many at once as the engine gains by: zen-engine's threads go on while JavaScript reads what is done. */
const window = engine === 'zen-engine' ? 64 : 1;
let agreed = 0;
for (let n = 0; n < cases.length; ++n) {
  const said = (await judge(cases[n])).sort((a, b) => a - b);
  if (said.length === fired[n].length && said.every((rule, i) => rule === fired[n][i])) ++agreed;
}
const cpu = ownCpu();
const wall = process.hrtime.bigint();
for (let n = 0; n < cases.length; n += window) await Promise.all(cases.slice(n, n + window).map(judge));
const wall_s = Number(process.hrtime.bigint() - wall) / 1e9;
console.log(JSON.stringify({ cases: cases.length, agreed, wall_s, cpu_s: ownCpu() - cpu }));
process.exit(0);
