// Every block of code in the guides and READMEs runs as it stands, against the sandbox.
import { expect, test } from 'vitest';
import { durableStores } from '../journeys/support/durable-stores.js';
import { codeBlocksIn, GUIDES } from './code-blocks.js';
import { runExample } from './run-example.js';

const blocks = GUIDES.flatMap(codeBlocksIn);
const missing = durableStores.filter(({ isThere }) => !isThere).map(({ name }) => name);

test('there are guides with code', () => {
  expect(blocks.length).toBeGreaterThan(20);
});

test.each(blocks)('$page:$line runs', async ({ code, language, page, line }) => {
  expect(code, `${page}:${line} says what it imports`).toMatch(/^import /m);
  const needs = code.includes('store-postgres') ? 'PostgreSQL' : 'Redis';
  if (/store-(?:postgres|redis)/.test(code) && missing.includes(needs)) return;
  await runExample(code, language);
});
