#!/usr/bin/env node
// What the kit costs, beside what people write by hand and beside other libraries: `npm run bench -- [scene …]`.
//   --node a,b      servers on these Nodes: node20, node24, … (the one this runs on); some scenes take the first alone
//   --only a,b      contenders whose name begins so
//   --rounds <n>    rounds for each contender
//   --quick         few rounds: what changed by much can be seen, figures of the page are not
//   --json <file>   figures into a file, beside the scenes and Nodes that it has already
//   --page          the same into docs/performance/figures.json, and from there into docs/performance.md
// `report` alone writes the page from the figures that are there.
// It measures and prints; it never fails for being slow. Differences under a tenth are noise.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabases } from './lib/databases.mjs';
import { addFigures, readFigures } from './lib/figures.mjs';
import { machine } from './lib/machine.mjs';
import { findNodes, here } from './lib/nodes.mjs';
import { asText } from './lib/text.mjs';
import { writePage } from './report/page.mjs';
import { scenes } from './scenes/index.mjs';

const docs = resolve(import.meta.dirname, '../../docs');
const pageFigures = join(docs, 'performance/figures.json');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    page: { type: 'boolean', default: false },
  },
});

function misused(why) {
  console.error(why);
  process.exit(2);
}

/** What is to be measured, and how. */
function plan() {
  const known = scenes.map(({ name }) => name);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) misused(`scenes: ${known.join(', ')}; or: report`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    misused('--rounds takes a positive number');
  const prefixes = values.only?.split(',');
  return {
    wanted: scenes.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    nodes: findNodes(values.node?.split(',')),
    only: prefixes && ((name) => prefixes.some((prefix) => name.startsWith(prefix))),
    rounds,
    file: values.page ? pageFigures : values.json,
  };
}

/** Each Node that a scene runs on: all, the first alone, or the one that this process runs on. */
const nodesFor = ({ runsOn = 'each' }, nodes) =>
  ({ each: nodes, first: nodes.slice(0, 1), here: [here] })[runsOn];

async function measure({ wanted, nodes, only, rounds, file }) {
  const { quick } = values;
  const started = performance.now();
  const say = (text) => {
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stderr.write(`${String(seconds).padStart(6)} s  ${text}\n`);
  };
  const databases = await openDatabases();
  try {
    for (const scene of wanted)
      for (const node of nodesFor(scene, nodes)) {
        say(`${scene.title}, ${node.name}`);
        const figures = await scene.measure({ node, only, rounds, databases, say, quick });
        console.log(asText(scene, node, figures));
        if (file === undefined) continue;
        const at = new Date().toISOString().slice(0, 10);
        const settings = await databases.settings();
        const on = { at, version: node.version, quick, machine: machine(), databases: settings };
        addFigures(file, { scene: scene.name, node: node.name, on, figures });
      }
    say('done');
  } finally {
    await databases.close();
  }
}

try {
  const isReport = positionals.length === 1 && positionals[0] === 'report';
  if (!isReport) await measure(plan());
  const figures = readFigures(values.json ?? pageFigures);
  if (isReport || values.page) writePage({ docs, figures });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
