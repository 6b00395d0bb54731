// The full contract, a DurableStore, on a table as every ORM has it: insert unless the key is there, find, and an
// update-where that says how many rows it changed. It is all a store needs to lose nothing and run nothing twice.
import { randomUUID } from 'node:crypto';
import { listedOf, now, rowOf, storedOf, takenOf } from './rows.mjs';
import { change, transitionsOf, write } from './transitions.mjs';

export function tableStore(table) {
  const isDead = ({ state }) => state === 'dead';
  const anew = () => ({ state: 'due', at: now(), started: 0, finished: 0 });

  async function take(row, leaseMs) {
    // A start that never ended: the kit counts the next one itself, just before it runs the delivery alone.
    const lapsed = row.started > row.finished;
    const startsCounted = lapsed ? 0 : 1;
    const started = row.started + startsCounted;
    const claim = { token: randomUUID(), state: 'running', at: now() + leaseMs };
    const changes = { ...claim, started, startsCounted };
    return (await write(table, row, changes)) ? [takenOf({ ...row, ...changes }, lapsed)] : [];
  }

  return {
    name: 'table',
    durable: true,
    init: async () => table.create(),
    async record(delivery) {
      if (await table.insert(rowOf(delivery))) return { status: 'recorded' };
      const [row] = await table.find({ key: delivery.key });
      return { status: 'duplicate', state: row?.state ?? 'done' };
    },
    async takeDue({ limit, leaseMs }) {
      const due = { state: { oneOf: ['due', 'running'] }, at: { atMost: now() } };
      const rows = await table.find(due, { order: 'at, seq', limit });
      return (await Promise.all(rows.map(async (row) => take(row, leaseMs)))).flat();
    },
    ...transitionsOf(table),
    replay: async (key) => change(table, key, isDead, anew),
    discard: async (key) => (await table.remove({ key, state: 'dead' })) === 1,
    get: async (key) => (await table.find({ key })).map(storedOf)[0],
    async list({ limit = 50, cursor, ...filter }) {
      const most = Math.min(limit, 1_000);
      const older = cursor === undefined ? {} : { seq: { below: cursor } };
      const newest = { order: 'seq DESC', limit: most + 1 };
      const rows = await table.find({ ...filter, ...older }, newest);
      const items = rows.slice(0, most);
      const more = rows.length > most ? { nextCursor: items.at(-1).seq } : {};
      return { items: items.map(listedOf), ...more };
    },
    async stats() {
      const { due = 0, running = 0, done = 0, dead = 0 } = await table.countBy('state');
      const [oldest] = await table.find({ state: 'due', at: { atMost: now() } }, { order: 'at' });
      return { due, running, done, dead, oldestDueAgeMs: oldest ? now() - oldest.at : 0 };
    },
    async prune({ doneForMs, limit }) {
      const old = await table.find({ state: 'done', at: { atMost: now() - doneForMs } }, { limit });
      return table.remove({ state: 'done', key: { oneOf: old.map(({ key }) => key) } });
    },
    close: async () => undefined, // the connections are the merchant's
  };
}
