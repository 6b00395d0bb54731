// The examples, and what `npm run demo` can start of them: each whose package.json has a `start`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEFAULT = 'express-shop';

/** The examples by name, the default one first: what each shows, how it is started and what its demo is like. */
export function examplesIn(root) {
  const folder = join(root, 'examples');
  return readdirSync(folder)
    .toSorted((a, b) => Number(b === DEFAULT) - Number(a === DEFAULT) || (a < b ? -1 : 1))
    .map((name) => ({ ...manifestIn(join(folder, name)), name }))
    .filter(({ description }) => description !== undefined);
}

function manifestIn(folder) {
  const path = join(folder, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

const canStart = ({ scripts }) => scripts?.start !== undefined;

/** What was asked for: `{ demo, args }`, or `{ complaint }` with the list of what exists. */
export function chooseDemo(examples, [first, ...rest]) {
  const isNamed = first !== undefined && !first.startsWith('-');
  const name = isNamed ? first : DEFAULT;
  const args = isNamed || first === undefined ? rest : [first, ...rest];
  const demo = examples.find((example) => example.name === name && canStart(example));
  const unknown = demo === undefined ? name : args.find((arg) => arg !== '--open');
  if (unknown === undefined) return { demo, args };
  const complaint = unknown === '--help' ? '' : `There is nothing to start by ${unknown}.\n\n`;
  return { complaint: complaint + listOf(examples) };
}

function listOf(examples) {
  const width = Math.max(...examples.map(({ name }) => name.length));
  const line = ({ name, description }) => `  ${name.padEnd(width)}  ${description}`;
  return [
    `npm run demo -- <name> [--open]   (without a name: ${DEFAULT}; --open: opens your browser)`,
    '',
    ...examples.filter(canStart).map(line),
    '',
    'To read and copy, in examples/:',
    '',
    ...examples.filter((example) => !canStart(example)).map(line),
  ].join('\n');
}

/** What `node` is called with to start one, from its folder. */
export function programOf({ name, demo }) {
  return demo === undefined ? ['demo.mjs'] : [join('..', 'shop-demo', 'run-example.mjs'), name];
}

/** The packages that one needs, as pnpm and turbo are told: nothing else is installed and built for it. */
export function filtersOf({ name }) {
  return [name, 'shop-demo'].map((folder) => `--filter=@qbitflow-example/${folder}...`);
}
