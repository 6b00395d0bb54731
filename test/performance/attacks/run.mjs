#!/usr/bin/env node
// What strangers can cost a shop, also beside another checkout; `npm run bench -- attacks` measures this one alone.
//   --only a,b        these scenarios only
//   --beside <folder> measures another built checkout first, scenario by scenario, and prints both
//   --json            figures for a program
// It measures and prints; it never fails for being slow. A scenario fails only when an answer was not the right one.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { markdown } from './lib/report.mjs';
import { scenarios } from './scenarios/index.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    beside: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const names = scenarios.map(({ name }) => name);
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`--only takes names of: ${names.join(', ')}`);
  process.exit(2);
}

const here = resolve(import.meta.dirname, '../../..');
const kits = values.beside === undefined ? [here] : [resolve(values.beside), here];
const results = [];
for (const scenario of scenarios.filter(({ name }) => wanted.includes(name))) {
  const measured = [];
  for (const kit of kits) measured.push(await scenario.measure({ kit }));
  const { name, title } = scenario;
  results.push({ name, title, measured });
  if (!values.json) console.log(markdown({ title, measured }));
}
if (values.json) console.log(JSON.stringify({ node: process.versions.node, results }, null, 2));
