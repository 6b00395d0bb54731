import { deepEqual, equal } from 'node:assert/strict';
import type { DeliverySource, LaterWebhook, NewDelivery } from '@qbitflow/core';
import { hasFields, sameBytes } from '../support/asserting.js';
import type { DurableHarness, DurableCase } from '../support/store-harness.js';
import { delivery, keyOf, keysOf, manyBytes } from './delivery.js';
import { LONG_LEASE_MS, buryNext, completeNext, makeTombstones, takeNext } from './taking.js';
import { KNOWN } from './tombstones.js';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => 255 - index);

/** What a success page found of payment 1. */
export const look = (source: DeliverySource = 'return'): NewDelivery =>
  delivery(1, {
    source,
    id: keyOf(1),
    version: 'v1',
    raw: Buffer.from('{"thin":true}'),
    headers: {},
  });

/** The webhook about it, the `number`th one that comes. */
export const webhook = (number: number): NewDelivery => ({
  ...delivery(number, {
    raw: Buffer.concat([EVERY_BYTE, Buffer.from(String(number))]),
    headers: { 'qbitflow-signature': `t=1,v1=${number}`, 'x-odd': `'"\\%{}[]:;,$1 \u00fc` },
  }),
  key: keyOf(1),
  subject: delivery(1).subject,
});

const ownFacts = ({ id, version, receivedAt }: LaterWebhook) => ({ id, version, receivedAt });

/** Asserts what one of them alone brings, field by field. */
export function sameBody(
  actual: LaterWebhook | undefined,
  expected: LaterWebhook,
  what: string,
): void {
  hasFields(actual, ownFacts(expected), what);
  sameBytes(actual?.raw, expected.raw);
  deepEqual({ ...actual?.headers }, expected.headers, what);
}

/** Asserts that the record of the look has this webhook beside it. */
export async function hasBoth(harness: DurableHarness, first: NewDelivery, later: NewDelivery) {
  const stored = await harness.store.get(keyOf(1));
  const { key, subject, type, source } = first;
  hasFields(stored, { key, subject, type, source }, 'the record stays what it was');
  sameBody(stored, first, 'the look');
  sameBody(stored?.webhook, later, 'the webhook beside it');
}

/** Takes delivery 1 and asserts that it comes with the webhook's body. */
export async function takeAsWebhook(harness: DurableHarness, later: NewDelivery): Promise<void> {
  const taken = await takeNext(harness);
  sameBody(taken, later, 'taken');
  hasFields(taken, { key: keyOf(1), type: later.type, subject: later.subject }, 'taken');
  equal(taken.source, 'return', 'the source stays what it was');
}

type State = 'due' | 'running' | 'dead' | 'done';

/** Brings the look's record to a state, by a way that leaves it due again when it is replayed or has lapsed. */
const BRING: Readonly<Record<State, (harness: DurableHarness) => Promise<unknown>>> = {
  due: async () => undefined,
  running: async (harness) => takeNext(harness, { leaseMs: harness.leaseMs }),
  dead: async (harness) => buryNext(harness),
  done: async (harness) => completeNext(harness),
};

function completesWhile(state: State): DurableCase {
  return {
    name: `later webhook: completes what a look recorded while that is ${state}`,
    ...(state === 'done' ? { needs: 'keepsDoneBodies' } : {}),
    async run(harness) {
      const { store } = harness;
      await store.record(look());
      await BRING[state](harness);
      deepEqual(await store.record(webhook(2)), { status: 'duplicate', state });
      equal((await store.get(keyOf(1)))?.state, state);
      await hasBoth(harness, look(), webhook(2));
      if (state === 'dead' || state === 'done') equal(await store.replay(keyOf(1)), true);
      await takeAsWebhook(harness, webhook(2));
      await hasBoth(harness, look(), webhook(2));
    },
  };
}

export const laterWebhookCases: readonly DurableCase[] = [
  completesWhile('due'),
  completesWhile('running'),
  completesWhile('dead'),
  completesWhile('done'),
  {
    name: 'later webhook: the first one wins, of ten at once too',
    async run(harness) {
      const { store } = harness;
      await store.record(look('recovery'));
      const numbers = Array.from({ length: 10 }, (_, index) => index + 2);
      await Promise.all(numbers.map(async (number) => store.record(webhook(number))));
      const id = (await store.get(keyOf(1)))?.webhook?.id;
      const winner = numbers.find((number) => `evt_${number}` === id) ?? 0;
      await hasBoth(harness, look('recovery'), webhook(winner));
      await store.record(webhook(99));
      await hasBoth(harness, look('recovery'), webhook(winner));
      equal((await store.stats()).due, 1);
    },
  },
  {
    name: 'later webhook: at once with the look, takers get its body whichever was first',
    async run(harness) {
      const { store } = harness;
      for (let round = 1; round <= 12; round += 1) {
        const facts = { key: keyOf(round), subject: delivery(round).subject };
        const both = [
          { ...look(), ...facts },
          { ...webhook(200 + round), ...facts },
        ];
        const burst = round % 2 === 0 ? both : both.toReversed();
        const others = [delivery(1_000 + round), delivery(2_000 + round)];
        await Promise.all([...burst, ...others].map(async (one) => store.record(one)));
      }
      for (let round = 1; round <= 12; round += 1) {
        const stored = await store.get(keyOf(round));
        const whole = stored?.source === 'webhook' ? stored : stored?.webhook;
        sameBody(whole, webhook(200 + round), `in round ${round}`);
      }
    },
  },
  {
    name: 'later webhook: what a webhook recorded is never completed',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      await store.record(webhook(2));
      await store.record(look());
      const stored = await store.get(keyOf(1));
      equal(stored?.webhook, undefined);
      sameBody(stored, delivery(1), 'as recorded');
      sameBody(await takeNext(harness), delivery(1), 'taken');
    },
  },
  {
    name: 'later webhook: one look completes no other',
    async run(harness) {
      const { store } = harness;
      await store.record(look());
      await store.record({ ...webhook(2), source: 'recovery' });
      await store.record({ ...webhook(3), source: 'return' });
      equal((await store.get(keyOf(1)))?.webhook, undefined);
      sameBody(await takeNext(harness), look(), 'taken');
    },
  },
  {
    name: 'later webhook: retries and other takers get its body too',
    async run(harness) {
      const { store } = harness;
      await store.record(look());
      const taken = await takeNext(harness);
      await store.record(webhook(2));
      const again = { delayMs: 0, error: 'x', succeeded: ['a'] };
      equal(await store.retry(taken, again), 'ok');
      await takeAsWebhook(harness, webhook(2));
      hasFields(await store.get(keyOf(1)), { started: 2, succeeded: ['a'] }, 'as it was besides');
    },
  },
  {
    name: 'later webhook: list leaves both bodies out, and filters by the record',
    async run(harness) {
      const { store } = harness;
      await store.record(look());
      await store.record(webhook(2));
      const { items } = await store.list({ type: look().type, state: 'due' });
      deepEqual(keysOf(items), [keyOf(1)]);
      equal(items[0]?.raw.length, 0);
      equal(items[0]?.webhook?.raw.length ?? 0, 0);
    },
  },
  {
    name: 'later webhook: an empty and a large body are kept as they are',
    async run(harness) {
      const { store } = harness;
      for (const [number, raw] of [new Uint8Array(0), manyBytes(300_000)].entries()) {
        const facts = { key: keyOf(number), subject: delivery(number).subject };
        await store.record({ ...look(), ...facts });
        await store.record({ ...webhook(50), ...facts, raw });
        sameBytes((await store.get(keyOf(number)))?.webhook?.raw, raw);
        sameBytes((await takeNext(harness)).raw, raw);
      }
    },
  },
  {
    name: 'later webhook: to a tombstone it adds nothing',
    async run(harness) {
      await makeTombstones(harness, [look()]);
      deepEqual(await harness.store.record(webhook(2)), KNOWN);
      equal(await harness.store.get(keyOf(1)), undefined);
    },
  },
  {
    name: 'later webhook: a restart keeps it, and its being the first',
    needs: 'survivesRestart',
    async run(harness) {
      await harness.store.record(look());
      await harness.store.record(webhook(2));
      const store = await harness.reopen();
      sameBody((await store.get(keyOf(1)))?.webhook, webhook(2), 'reopened');
      const [taken] = await store.takeDue({ limit: 1, leaseMs: LONG_LEASE_MS });
      sameBody(taken, webhook(2), 'taken');
      deepEqual(await store.record(webhook(3)), { status: 'duplicate', state: 'running' });
      sameBody((await store.get(keyOf(1)))?.webhook, webhook(2), 'the first one');
    },
  },
];
