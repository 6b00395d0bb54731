import {
  memoryStore,
  type ClaimOutcome,
  type DurableStore,
  type TakenDelivery,
} from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { createDiagnostics } from '../../../src/diagnostics.js';
import { writeTransition } from '../../../src/webhook/transitions.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { payment } from '../../support/deliveries.js';

async function setUp(answers: (ClaimOutcome | Error)[]) {
  const clock = fakeClock();
  const logger = collectingLogger();
  const store: DurableStore = memoryStore({ clock });
  const taken: TakenDelivery = {
    ...payment(1),
    token: '1',
    started: 1,
    finished: 0,
    lapsed: false,
    dueSince: 0,
    succeeded: [],
  };
  let tries = 0;
  const writing = writeTransition(
    { store, clock, logger, diagnostics: createDiagnostics(logger), leaseMs: 30_000 },
    taken,
    async () => {
      const answer = answers[Math.min(tries, answers.length - 1)] ?? 'ok';
      tries += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  );
  return { clock, logger, writing, tries: () => tries };
}

const down = new Error('down');

test('is written again while the store is away for a moment', async () => {
  const { clock, logger, writing, tries } = await setUp([down, down, 'ok']);
  await clock.advance(49);
  expect(tries()).toBe(1);
  await clock.advance(1);
  expect(tries()).toBe(2);
  await clock.advance(100);
  expect([await writing, tries()]).toEqual(['ok', 3]);
  expect(logger.withCode('transition_failed')).toMatchObject([
    { level: 'error', facts: { err: down, store: 'memory' } },
    { level: 'error' },
  ]);
});

test('is given up as lost when the lease has lapsed, without spinning', async () => {
  const { clock, writing, tries } = await setUp([down]);
  await clock.advance(30_000);
  expect(await writing).toBe('lost');
  expect(tries()).toBeLessThan(20);
  expect(clock.waiting).toBe(0);
});

test('a lost claim is told once and not tried again', async () => {
  const { logger, writing, tries } = await setUp(['lost']);
  expect([await writing, tries()]).toEqual(['lost', 1]);
  expect(logger.withCode('lease_lost')).toMatchObject([{ level: 'warn' }]);
});
