import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { createJudge } from './judge.js';

// What the kit gives to those who test their shops is what QBitFlow sends: judged by the protocol, not by the kit.
const all = (['v1', 'v2'] as const).flatMap((generation) =>
  Object.entries(fixtures[generation]).map(([name, make]) => ({ generation, name, make })),
);

test.each(all)("the fixture $generation $name is QBitFlow's", ({ generation, make }) => {
  const judge = createJudge();
  judge.webhook(generation, make());
  expect(judge.met()).toHaveLength(1);
});

test('there is a fixture of every webhook', () => {
  const judge = createJudge();
  for (const { generation, make } of all) judge.webhook(generation, make());
  const v2 = Object.keys(fixtures.v2).map((type) => `v2 ${type}`);
  const v1 = ['billing', 'legacyTransaction', 'statusTransition', 'transaction'];
  expect(judge.met()).toEqual(
    ['v1 connectivityTest', ...v1.map((name) => `v1 ${name}Webhook`), ...v2].toSorted(),
  );
});
