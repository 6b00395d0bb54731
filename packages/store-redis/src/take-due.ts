import { randomUUID } from 'node:crypto';
import type { TakenDelivery, TakeOptions } from '@qbitflow/core';
import { readFacts, readNames } from './delivery-fields.js';
import { countOf, writeDelay } from './numbers.js';
import { retry } from './retry.js';
import { arrayOf, bytesOf, numberOf, optionalTextOf, textOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { TAKE_DUE } from './script/take.js';
import { typeArguments } from './script/types.js';

/** One script keeps everybody else waiting. */
const TAKE_MOST = 10_000;

/**
 * Takes up to `limit` deliveries that are due or whose lease lapsed, oldest first, each under a token of its own. What
 * may not be taken (other types, subjects that are excluded or met before, waits) costs nothing, however much there is.
 */
export async function takeDue(run: Run, options: TakeOptions): Promise<readonly TakenDelivery[]> {
  const limit = countOf('limit', options.limit, TAKE_MOST);
  const lapsedLimit = countOf('lapsedLimit', options.lapsedLimit ?? limit, TAKE_MOST);
  const args = [
    String(limit),
    writeDelay('leaseMs', options.leaseMs),
    randomUUID(),
    String(lapsedLimit),
    ...typeArguments(options.types),
    ...(options.exceptSubjects ?? []),
  ];
  if (limit === 0) return [];
  for (;;) {
    // One script moves a bounded number of lapsed leases and ended waits; only when there are no more is nothing due.
    // oxlint-disable-next-line no-await-in-loop -- each script goes on where the one before ended
    const reply = await run(TAKE_DUE, args, (late) => {
      handBack(run, late).catch(ignore);
    });
    const [taken, more] = arrayOf(reply);
    const deliveries = arrayOf(taken).map(readTaken);
    if (deliveries.length > 0 || numberOf(more) === 0) return deliveries;
  }
}

function readTaken(reply: unknown): TakenDelivery {
  const [key, token, fresh, started, finished, since, succeeded, facts, webhook, headers, raw] =
    arrayOf(reply);
  const own = readFacts(facts, headers);
  const later = optionalTextOf(webhook);
  const { id, version, receivedAt } = later === undefined ? own : readFacts(later, headers);
  return {
    key: textOf(key),
    ...own,
    id,
    version,
    receivedAt,
    raw: bytesOf(raw),
    token: textOf(token),
    started: numberOf(started),
    finished: numberOf(finished),
    lapsed: numberOf(fresh) === 0,
    dueSince: numberOf(since),
    succeeded: readNames(succeeded),
  };
}

/** A client that queues while offline sends the take when nobody waits for it any more; nobody would hold the leases. */
async function handBack(run: Run, late: unknown): Promise<void> {
  const [taken] = arrayOf(late);
  const options = { delayMs: 0, error: 'taken too late', counted: false, succeeded: [] };
  await Promise.all(
    arrayOf(taken).map(async (delivery) => {
      const [key, token] = arrayOf(delivery);
      return retry(run, { key: textOf(key), token: textOf(token) }, options);
    }),
  );
}

function ignore(): void {
  // A lease that cannot be handed back lapses by itself.
}
