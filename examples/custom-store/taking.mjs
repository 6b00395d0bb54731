// Which rows a taker gets. The conditions are the database's to apply: what may not be taken costs no more than skipping it.
import { randomUUID } from 'node:crypto';
import { now, takenOf, typeIs } from './rows.mjs';
import { waitMs, write } from './transitions.mjs';

/** Due ones, and running ones whose lease has lapsed: `notBefore` is 0 for what may be taken at once. */
export const ready = (types) => ({
  state: { oneOf: ['due', 'running'] },
  notBefore: { atMost: now() },
  type: typeIs(types),
});

async function takeRow(table, row, leaseMs) {
  // A start that never ended: the kit counts the next one itself, just before it runs the delivery alone.
  const lapsed = row.started > row.finished;
  const changes = {
    token: randomUUID(),
    state: 'running',
    at: now() + leaseMs,
    notBefore: now() + leaseMs,
    started: row.started + (lapsed ? 0 : 1),
    startedBefore: row.started,
    unfinished: true,
  };
  return (await write(table, row, changes)) ? takenOf({ ...row, ...changes }, lapsed) : undefined;
}

/** One a subject: each round leaves out the subjects that were found, until there is enough or nothing is left. */
export async function takeDue(table, options) {
  const { types, exceptSubjects = [], limit, lapsedLimit = limit } = options;
  const leaseMs = waitMs(options.leaseMs);
  const subjects = new Set(exceptSubjects);
  const taken = [];
  while (taken.length < limit) {
    let lapsedLeft = lapsedLimit - taken.filter(({ lapsed }) => lapsed).length;
    const rows = await table.find(
      {
        ...ready(types),
        subject: { noneOf: [...subjects] },
        unfinished: lapsedLeft > 0 ? undefined : false,
      },
      { order: 'at, seq', limit: Math.ceil(limit - taken.length) },
    );
    if (rows.length === 0) break;
    for (const row of rows) {
      if (subjects.has(row.subject) || (row.unfinished && lapsedLeft <= 0)) continue;
      const delivery = await takeRow(table, row, leaseMs);
      if (delivery === undefined) continue;
      subjects.add(row.subject);
      taken.push(delivery);
      if (delivery.lapsed) lapsedLeft -= 1;
    }
  }
  return taken;
}
