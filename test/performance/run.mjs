#!/usr/bin/env node
// What the kit costs, beside what people write by hand and beside other libraries: `npm run bench -- [scene …]`.
//   --node a,b      servers on these Nodes: node20, node24, … (the one this runs on)
//   --only a,b      contenders whose name begins so
//   --rounds <n>    rounds for each contender
//   --quick         few rounds: what changed by much can be seen, figures of the page are not
//   --json <file>   figures into a file, beside the scenes and Nodes that it has already
// It measures and prints; it never fails for being slow. Differences under a tenth are noise.
import { parseArgs } from 'node:util';
import { openDatabases } from './lib/databases.mjs';
import { addFigures } from './lib/figures.mjs';
import { machine } from './lib/machine.mjs';
import { findNodes } from './lib/nodes.mjs';
import { asText } from './lib/text.mjs';
import { scenes } from './scenes/index.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

function misused(why) {
  console.error(why);
  process.exit(2);
}

const known = scenes.map(({ name }) => name);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) misused(`scenes: ${known.join(', ')}`);
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
  misused('--rounds takes a positive number');
const prefixes = values.only?.split(',');
const only = prefixes && ((name) => prefixes.some((prefix) => name.startsWith(prefix)));

const wanted = scenes.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const nodes = findNodes(values.node?.split(','));
const databases = await openDatabases();
const started = performance.now();
const say = (text) => {
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stderr.write(`  ${String(seconds).padStart(4)} s  ${text}\n`);
};

try {
  for (const scene of wanted) {
    for (const node of scene.everyNode === false ? nodes.slice(0, 1) : nodes) {
      say(`${scene.title}, ${node.name}`);
      const figures = await scene.measure({
        node,
        only,
        rounds,
        databases,
        say,
        quick: values.quick,
      });
      console.log(asText(scene, node, figures));
      if (values.json !== undefined) {
        const on = { machine: machine(), databases: await databases.settings() };
        addFigures(values.json, { scene: scene.name, node: node.name, on, figures });
      }
    }
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await databases.close();
}
