import { inBackground, QBitFlowError, sleep, type Clock } from '@qbitflow/core';
import { checkOut, connect, isDoubtful, release } from './checkout.js';
import type { CheckoutLimits, KeptLoan, Loan } from './checkout.js';
import { createLine } from './line.js';
import type { PostgresClient, PostgresPool } from './pg-types.js';

/** One client of the application's pool that stays with the kit, and the line of those who want it. */
export interface Lane {
  /** The kept client, or any other that the pool has free; without either it waits for the kept one. */
  lend(limits: CheckoutLimits): Promise<Loan>;
  /** The kept client and no other. */
  lendKept(limits: CheckoutLimits): Promise<KeptLoan>;
  /** From now on a client is kept. */
  keep(): void;
  /** Gives it back to the pool, at once or as soon as it comes back. */
  letGo(): void;
}

/** What a lane works with. */
export interface LaneOptions {
  readonly pool: PostgresPool;
  readonly clock: Clock;
  /** The kept client died while nobody used it. */
  readonly onIdleLost: (error: Error) => void;
}

interface Kept {
  readonly client: PostgresClient;
  readonly lost: AbortController;
  readonly onError: (error: Error) => void;
  busy: boolean;
  spoiled: boolean;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** A lane that keeps nothing yet: until it does, its loans are the pool's. */
export function createLane({ pool, clock, onIdleLost }: LaneOptions): Lane {
  const line = createLine<KeptLoan>(clock);
  let kept: Kept | undefined;
  let keeping = false;
  let opening = false;

  const isWanted = (): boolean => keeping && kept === undefined && pool.ending !== true;

  function adopt(client: PostgresClient): void {
    const now: Kept = {
      client,
      lost: new AbortController(),
      busy: false,
      spoiled: false,
      onError(error) {
        // Whoever uses it hears of it by the failure of a statement.
        if (kept !== now || now.busy) return;
        drop(now);
        onIdleLost(error);
      },
    };
    client.on('error', now.onError);
    kept = now;
    settle(now);
  }

  /** To the next in line, or to rest; a client at rest does not keep the process alive. */
  function settle(now: Kept): void {
    now.busy = false;
    if (!keeping) part(now, now.spoiled);
    else if (!line.giveNext(() => loanOf(now))) now.client.unref?.();
  }

  function part(now: Kept, destroy: boolean): void {
    kept = undefined;
    now.client.removeListener('error', now.onError);
    now.client.ref?.();
    release(now.client, destroy);
    now.lost.abort(new Error('the connection is gone, or back in its pool'));
  }

  function drop(now: Kept): void {
    part(now, true);
    void open();
  }

  function loanOf(now: Kept): KeptLoan {
    now.busy = true;
    now.client.ref?.();
    return {
      client: now.client,
      lost: now.lost.signal,
      spoil() {
        now.spoiled = true;
        // Every store on the pool listens on it.
        now.client.setMaxListeners?.(0);
      },
      giveBack(error) {
        if (isDoubtful(error)) drop(now);
        else settle(now);
      },
    };
  }

  async function fromPool(limits: CheckoutLimits): Promise<Loan> {
    const client = await checkOut(pool, limits);
    return {
      client,
      giveBack(error) {
        if (isWanted() && !isDoubtful(error)) adopt(client);
        else release(client, isDoubtful(error));
      },
    };
  }

  /** Fetches a client to keep, again and again; those in line hear of each failure. */
  async function open(): Promise<void> {
    if (opening) return;
    opening = true;
    let pauseMs = FIRST_PAUSE_MS;
    while (isWanted()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        const client = await connect(pool);
        if (isWanted()) adopt(client);
        else release(client);
      } catch (error) {
        line.failAll(error);
        // oxlint-disable-next-line no-await-in-loop -- as above
        await sleep(inBackground(clock), pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
    opening = false;
  }

  return {
    async lend(limits) {
      if (!keeping) return fromPool(limits);
      if (kept?.busy === false) return loanOf(kept);
      return hasRoom(pool) ? fromPool(limits) : line.wait(limits.timeoutMs);
    },
    async lendKept(limits) {
      if (!keeping) throw notKept();
      return kept?.busy === false ? loanOf(kept) : line.wait(limits.timeoutMs);
    },
    keep() {
      keeping = true;
      void open();
    },
    letGo() {
      keeping = false;
      line.failAll(notKept());
      if (kept?.busy === false) part(kept, kept.spoiled);
    },
  };
}

/** Whether the pool gives a client without waiting. What does not tell is taken to be full. */
function hasRoom({ options, totalCount, idleCount = 0, waitingCount = 0 }: PostgresPool): boolean {
  if (totalCount === undefined || waitingCount > 0) return false;
  return idleCount > 0 || totalCount < (options?.max ?? 10);
}

function notKept(): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    'the postgres store gave its connections back: it is being closed, or its pool is',
    { facts: { store: 'postgres' } },
  );
}
