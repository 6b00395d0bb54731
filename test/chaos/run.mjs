#!/usr/bin/env node
// Everything that must not be lost, under everything that goes wrong: `npm run chaos`.
//   --store sqlite,redis,postgres   these stores only        --only kill,poison   these scenarios only
//   --events <n>  --kills <n>       for the kill scenarios (2000, 20)
//   --seed <n>                      repeats a run's random choices      --short   sized as in the tests
// Exits with 1 when a promise was broken, and says which.
import { parseArgs } from 'node:util';
import { scenarios } from './scenarios/index.mjs';
import { isAvailable, KINDS, startArenas } from './support/arenas.mjs';
import { table } from './support/table.mjs';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: KINDS.join(',') },
    only: { type: 'string', default: Object.keys(scenarios).join(';') },
    events: { type: 'string' },
    kills: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    short: { type: 'boolean', default: false },
  },
});

/** Names of a list, each of which must be known. `completeWithin` scenarios have a comma in theirs: `;` separates too. */
function chosen(text, known, option) {
  const names = known.filter((name) =>
    text.includes(';') ? text.split(';').includes(name) : text.split(',').includes(name),
  );
  if (names.length > 0) return names;
  console.error(`--${option} ${text}: use ${known.join(option === 'only' ? '; ' : ', ')}`);
  return process.exit(2);
}

function sizeOf(name) {
  const size = { ...scenarios[name][values.short ? 'short' : 'full'] };
  if (size.kills !== undefined && values.kills) size.kills = Number(values.kills);
  if (size.kills !== undefined && values.events) size.events = Number(values.events);
  return { ...size, seed: Number(values.seed) };
}

/** Plays one scenario; one that throws has broken the promise to come to an end. */
async function play(name, arenas) {
  const began = performance.now();
  const { broken, figures } = await arenas
    .run(scenarios[name].play, sizeOf(name))
    .catch((error) => ({ broken: [String(error.stack)], figures: {} }));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${broken.length === 0 ? '✓' : '✗'} ${arenas.kind}: ${name}, ${seconds} s`);
  for (const sentence of broken.slice(0, 20)) console.log(`    ${sentence}`);
  return { scenario: name, kind: arenas.kind, broken, figures };
}

const names = chosen(values.only, Object.keys(scenarios), 'only');
console.log(`seed ${values.seed}, Node ${process.versions.node}`);
const runs = [];
const missing = [];
for (const kind of chosen(values.store, KINDS, 'store')) {
  if (!isAvailable(kind)) {
    missing.push(kind);
    console.log(`! ${kind}: SKIPPED, this machine has no ${kind} server`);
    continue;
  }
  const arenas = await startArenas(kind);
  try {
    for (const name of names.filter((one) => scenarios[one].kinds.includes(kind)))
      runs.push(await play(name, arenas));
  } finally {
    await arenas.close();
  }
}
console.log(`\n${table(runs)}`);
const isBuildMachine = process.env.CI === 'true';
if (runs.some(({ broken }) => broken.length > 0) || (isBuildMachine && missing.length > 0))
  process.exit(1);
