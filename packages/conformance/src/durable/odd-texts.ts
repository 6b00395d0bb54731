import { deepEqual, equal, match } from 'node:assert/strict';
import { hasFields, sameMembers } from '../support/asserting.js';
import { ODD_TEXTS } from '../support/odd-texts.js';
import type { DurableCase } from '../support/store-harness.js';
import { delivery, keyOf, keysOf } from './delivery.js';
import { makeTombstones, recordAtOnce, takeAll, takeNext } from './taking.js';
import { KNOWN } from './tombstones.js';

/** Handlers are named by the merchant. */
const ODD_NAMES = ['a,b', 'a', '"b"', "o'clock", '{x}', 'back\\slash', 'gr\u00f6\u00dfe', '', ' '];

/** U+0000 and a lone surrogate: some databases refuse them, and a reason must never stop a delivery. */
const ODD_REASON = 'start\u0000\ud800\n\u20ac\u{1f600} end';

const odd = (text: string, index: number) =>
  delivery(index, { key: text, subject: text, id: `evt_${index}` });

export const oddTextCases: readonly DurableCase[] = [
  {
    name: 'odd texts: keys of any printable ASCII up to 512 characters are kept apart',
    async run({ store }) {
      const all = ODD_TEXTS.map(odd);
      const record = async () => Promise.all(all.map(async (one) => store.record(one)));
      for (const outcome of await record()) deepEqual(outcome, { status: 'recorded' });
      for (const outcome of await record())
        deepEqual(outcome, { status: 'duplicate', state: 'due' });
      const taken = await takeAll([store], { limit: 20, most: all.length });
      sameMembers(keysOf(taken), ODD_TEXTS, 'the keys taken');
      const outcomes = taken.map(async (claim) => store.complete(claim, { succeeded: [] }));
      for (const outcome of await Promise.all(outcomes)) equal(outcome, 'ok');
      for (const { key, id } of all)
        hasFields(await store.get(key), { key, id, state: 'done' }, `get ${key}`);
    },
  },
  {
    name: 'odd texts: replay and discard reach no other key',
    async run({ store }) {
      const all = ODD_TEXTS.map((text, index) => ({ ...odd(text, index), dead: 'unreadable' }));
      await Promise.all(all.map(async (one) => store.record(one)));
      for (const [index, { key }] of all.entries())
        equal(await (index % 2 === 0 ? store.replay(key) : store.discard(key)), true, key);
      for (const [index, { key, id }] of all.entries()) {
        const found = await store.get(key);
        if (index % 2 === 0) hasFields(found, { key, id, state: 'due' }, `replayed ${key}`);
        else equal(found, undefined, `discarded ${key}`);
      }
    },
  },
  {
    name: 'odd texts: a key that was pruned or discarded stands for no other',
    async run(harness) {
      const { store } = harness;
      const all = ODD_TEXTS.map(odd);
      const pruned = all.filter((_, index) => index % 3 === 0);
      const discarded = all.filter((_, index) => index % 3 === 1);
      await makeTombstones(harness, pruned);
      await recordAtOnce(
        harness,
        discarded.map((one) => ({ ...one, dead: 'unreadable' })),
      );
      for (const { key } of discarded) equal(await store.discard(key), true, key);
      for (const [index, one] of all.entries()) {
        const expected = index % 3 === 2 ? { status: 'recorded' } : KNOWN;
        deepEqual(await store.record(one), expected, one.key);
      }
    },
  },
  {
    name: 'odd texts: filters match whole texts literally',
    async run({ store }) {
      const all = ODD_TEXTS.map((text, index) => ({ ...odd(text, index), type: text }));
      await Promise.all(all.map(async (one) => store.record(one)));
      for (const { key, type, subject } of all) {
        deepEqual(keysOf((await store.list({ type })).items), [key], `by type ${type}`);
        deepEqual(keysOf((await store.list({ subject })).items), [key], `by subject ${subject}`);
      }
    },
  },
  {
    name: 'odd texts: names of handlers come back as they are',
    async run(harness) {
      await harness.store.record(delivery(1));
      const [first = '', ...others] = ODD_NAMES;
      const taken = await takeNext(harness);
      await harness.store.extend(taken, { leaseMs: harness.leaseMs, succeeded: [first] });
      await harness.store.retry(taken, { delayMs: 0, error: 'x', succeeded: others });
      sameMembers((await takeNext(harness)).succeeded, ODD_NAMES, 'the names taken');
    },
  },
  {
    name: 'odd texts: a reason of any characters never stops a delivery',
    async run(harness) {
      const { store } = harness;
      await store.record(delivery(1));
      const outcome = await store.retry(await takeNext(harness), {
        delayMs: 0,
        error: ODD_REASON,
        succeeded: [],
      });
      equal(outcome, 'ok');
      match((await store.get(keyOf(1)))?.lastError ?? '', /^start[^]*\n\u20ac\u{1f600} end$/u);
      const taken = await takeNext(harness);
      equal(await store.bury(taken, { error: ODD_REASON, succeeded: [] }), 'ok');
      match((await store.get(keyOf(1)))?.lastError ?? '', /^start[^]*\n\u20ac\u{1f600} end$/u);
    },
  },
];
