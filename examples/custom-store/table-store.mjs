// The full contract, a DurableStore, on a table as every ORM has it: insert unless the key is there, find, and an
// update-where that says how many rows it changed. It is all a store needs to lose nothing and run nothing twice.
import { readPageRequest, toPage } from '@qbitflow/core/store';
import { anew, keyAlone, laterOf, listedOf, now, rowOf } from './rows.mjs';
import { STATES, storedOf, storeRow, typeIs } from './rows.mjs';
import { ready, takeDue } from './taking.mjs';
import { ageMs, change, transitionsOf, write } from './transitions.mjs';

export function tableStore(table) {
  const seen = { state: { oneOf: STATES } };
  const isDead = ({ state }) => state === 'dead';
  const isOver = ({ state }) => state === 'dead' || state === 'done';
  const upTo = (limit) => Math.max(0, Math.floor(limit));

  /** Forgets keys, and first notes until when. */
  async function forget(keepKeysMs, limit) {
    const old = { state: 'key', at: { atMost: now() - ageMs(keepKeysMs) } };
    const rows = await table.find(old, { order: 'at', limit });
    if (rows.length === 0) return 0;
    const newest = rows.at(-1).at;
    await table.update({ key: '', at: { below: newest } }, { at: newest });
    return table.remove({ ...old, key: { oneOf: rows.map(({ key }) => key) } });
  }

  return {
    name: 'table',
    durable: true,
    async init() {
      await table.create();
      await table.insert(storeRow());
    },
    async record(delivery) {
      if (await table.insert(rowOf(delivery))) return { status: 'recorded' };
      const [row] = await table.find({ key: delivery.key });
      // What a look recorded is completed by the first webhook; a key alone stays alone.
      if (delivery.source === 'webhook' && delivery.dead === undefined)
        await change(
          table,
          delivery.key,
          ({ state, source, webhook }) =>
            STATES.includes(state) && source !== 'webhook' && webhook === null,
          () => ({ webhook: laterOf(delivery) }),
        );
      return { status: 'duplicate', state: STATES.includes(row?.state) ? row.state : 'done' };
    },
    takeDue: async (options) => takeDue(table, options),
    ...transitionsOf(table),
    replay: async (key) => change(table, key, isOver, anew),
    discard: async (key) => change(table, key, isDead, () => keyAlone(now())),
    async settleUnhandled({ types, dueForMs, limit }) {
      const old = { ...ready(types), state: 'due', dueSince: { atMost: now() - ageMs(dueForMs) } };
      const rows = await table.find(old, { order: 'at, seq', limit: upTo(limit) });
      const changes = () => ({ state: 'done', at: now(), unhandled: true });
      const settled = await Promise.all(rows.map(async (row) => write(table, row, changes())));
      return settled.filter(Boolean).length;
    },
    get: async (key) => (await table.find({ key, ...seen })).map(storedOf)[0],
    async list({ limit, cursor, unhandled, ...filter }) {
      const request = readPageRequest('table', { limit, cursor });
      const older = request.below === undefined ? {} : { seq: { below: request.below } };
      const wanted = { ...seen, ...filter, ...(unhandled ? { unhandled } : {}) };
      const newest = { order: 'seq DESC', limit: request.limit + 1 };
      const rows = await table.find({ ...wanted, ...older }, newest);
      return toPage('table', request, { rows, read: listedOf, sequenceOf: ({ seq }) => seq });
    },
    async stats({ handled } = {}) {
      const { due = 0, running = 0, done = 0, dead = 0 } = await table.countBy('state');
      const [oldest] = await table.find({ ...ready(), state: 'due' }, { order: 'at' });
      const seenByNobody = await table.count({ state: 'done', unhandled: true });
      const outside =
        handled && 'only' in handled ? { except: handled.only } : { only: handled?.except ?? [] };
      const waiting = await table.count({ state: 'due', type: typeIs(outside) });
      const unhandled = seenByNobody + (handled === undefined ? 0 : waiting);
      const oldestDueAgeMs = oldest ? Math.max(0, now() - oldest.at) : 0;
      return { due, running, done, dead, unhandled, oldestDueAgeMs };
    },
    async prune({ doneForMs, keepKeysMs = Infinity, limit }) {
      const forgotten = await forget(keepKeysMs, upTo(limit));
      const old = { state: 'done', at: { atMost: now() - ageMs(doneForMs) } };
      const rows = await table.find(old, { order: 'at', limit: upTo(limit) });
      // One by one: each key keeps the time when it was done.
      const dropped = await Promise.all(
        rows.map(async (row) => write(table, row, keyAlone(row.at))),
      );
      return forgotten + dropped.filter(Boolean).length;
    },
    knownSince: async () => (await table.find({ key: '' }))[0].at,
    close: async () => undefined, // the connections are the merchant's
  };
}
