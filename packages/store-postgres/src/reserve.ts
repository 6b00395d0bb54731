import { inBackground, sleep, storeUnavailable, type Clock } from '@qbitflow/core/store';
import { STORE, within, type TimeLimits } from './errors.js';
import {
  acquire,
  connect,
  isDoubtful,
  release,
  type KeptLoan,
  type LaneName,
  type Loan,
  type PostgresClient,
  type PostgresPool,
} from './pool.js';

/**
 * The clients of one pool that stay with the kit, so that handlers may hold all the others: one records and renews
 * leases, the other moves work on. Every store on the pool shares them.
 */
export interface Reserve {
  /**
   * From now on `onIdleLost` is called when an idle client is lost. A pool without a listener ends the process when one
   * dies, and so does a client that is out. Returns a function that stops it.
   */
  join(onIdleLost: (error: Error) => void): () => void;
  /** Keeps its clients until the last caller's answer has been called. */
  keep(): () => void;
  lend(lane: LaneName, limits: TimeLimits): Promise<Loan>;
  lendKept(lane: LaneName, limits: TimeLimits): Promise<KeptLoan>;
}

/** On the pool itself, because every copy of this package has to find it there. */
const RESERVE = Symbol.for('@qbitflow/store-postgres/reserve/1');

const LOOK_MS = 1_000;
const LOOKS_BETWEEN_BEATS = 10;
const BEAT_MS = 5_000;

/** How many clients are kept of a pool of `max`: the application must be left one. */
export const keptOf = ({ options }: PostgresPool): number =>
  Math.max(Math.min((options?.max ?? 10) - 1, 2), 0);

/** The pool's reserve, made by the first that asks. */
export function reserveOf(pool: PostgresPool, clock: Clock): Reserve {
  const there: unknown = Reflect.get(pool, RESERVE);
  if (isReserve(there)) return there;
  const made = createReserve(pool, clock);
  // A pool that cannot be marked is not shared: each store then keeps its own.
  Reflect.defineProperty(pool, RESERVE, { value: made, configurable: true });
  return made;
}

function isReserve(value: unknown): value is Reserve {
  return typeof value === 'object' && value !== null && 'lendKept' in value;
}

function createReserve(pool: PostgresPool, clock: Clock): Reserve {
  const members = new Set<(error: Error) => void>();
  const guarded = new WeakSet();
  const record = createLane(pool, clock, onIdleLost);
  const work = keptOf(pool) > 1 ? createLane(pool, clock, onIdleLost) : record;
  const lanes: Readonly<Record<LaneName, Lane>> = { record, work };
  let keepers = 0;
  let watching: AbortController | undefined;

  function onIdleLost(error: Error): void {
    for (const onLost of members) onLost(error);
  }

  /** A client that a handler holds while its connection is lost fails its statements, and must not end the process. */
  function onAcquire(client: Pick<PostgresClient, 'on'>): void {
    if (guarded.has(client)) return;
    guarded.add(client);
    client.on('error', () => undefined);
  }

  function letGo(): void {
    watching?.abort();
    watching = undefined;
    for (const lane of new Set([record, work])) lane.letGo();
  }

  /** A pool that is ended waits for every client: only the pool itself knows. */
  async function watch(signal: AbortSignal): Promise<void> {
    for (let looks = 1; !signal.aborted; looks += 1) {
      if (pool.ending === true) return letGo();
      if (looks % LOOKS_BETWEEN_BEATS === 0) void beat();
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await sleep(inBackground(clock), LOOK_MS, signal);
    }
  }

  /** A connection that died without a word is found out by asking only, better now than by a delivery. */
  async function beat(): Promise<void> {
    await Promise.all(
      [...new Set([record, work])].map(async (lane) => isAlive(lane, inBackground(clock))),
    );
  }

  return {
    join(onLost) {
      if (members.size === 0) {
        pool.on('error', onIdleLost);
        pool.on('acquire', onAcquire);
      }
      members.add(onLost);
      return () => {
        if (!members.delete(onLost) || members.size > 0) return;
        pool.removeListener('error', onIdleLost);
        pool.removeListener('acquire', onAcquire);
        Reflect.deleteProperty(pool, RESERVE);
      };
    },
    keep() {
      // A pool of one is left to whoever needs it.
      if (keptOf(pool) === 0) return () => undefined;
      keepers += 1;
      if (watching === undefined) {
        watching = new AbortController();
        for (const lane of new Set([record, work])) lane.keep();
        void watch(watching.signal);
      }
      let over = false;
      return () => {
        if (over) return;
        over = true;
        keepers -= 1;
        if (keepers === 0) letGo();
      };
    },
    lend: async (name, limits) => lanes[name].lend(limits),
    lendKept: async (name, limits) => lanes[name].lendKept(limits),
  };
}

async function isAlive(lane: Lane, clock: Clock): Promise<void> {
  try {
    const limits = { clock, timeoutMs: BEAT_MS };
    const loan = await lane.lendKept(limits);
    try {
      const types = { getTypeParser: () => String };
      await within(limits, loan.client.query({ text: 'SELECT 1', values: [], types }));
      loan.giveBack();
    } catch (error) {
      loan.giveBack(error);
    }
  } catch {
    // Busy, gone or given back: whoever has it finds out.
  }
}

/** One client of the application's pool that stays with the kit, and the queue of those who want it. */
interface Lane {
  /** The kept client, or any other that the pool has free; without either it waits for the kept one. */
  lend(limits: TimeLimits): Promise<Loan>;
  /** The kept client and no other. */
  lendKept(limits: TimeLimits): Promise<KeptLoan>;
  /** From now on a client is kept. */
  keep(): void;
  /** Gives it back to the pool, at once or as soon as it comes back. */
  letGo(): void;
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

/**
 * A lane that keeps nothing yet: until it does, its loans are the pool's. `onIdleLost` is called when the kept client
 * died while it was not in use.
 */
function createLane(pool: PostgresPool, clock: Clock, onIdleLost: (error: Error) => void): Lane {
  const queue = createWaitQueue<KeptLoan>(clock);
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
        // Where it is in use, a statement fails.
        if (kept !== now || now.busy) return;
        drop(now);
        onIdleLost(error);
      },
    };
    client.on('error', now.onError);
    kept = now;
    settle(now);
  }

  /** To the next in queue, or to rest; a client at rest does not keep the process alive. */
  function settle(now: Kept): void {
    now.busy = false;
    if (!keeping) part(now, now.spoiled);
    else if (!queue.giveNext(() => loanOf(now))) now.client.unref?.();
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

  async function fromPool(limits: TimeLimits): Promise<Loan> {
    const client = await acquire(pool, limits);
    return {
      client,
      giveBack(error) {
        if (isWanted() && !isDoubtful(error)) adopt(client);
        else release(client, isDoubtful(error));
      },
    };
  }

  /** Fetches a client to keep, again and again; those in queue hear of each failure. */
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
        queue.failAll(error);
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
      return hasRoom(pool) ? fromPool(limits) : queue.wait(limits.timeoutMs);
    },
    async lendKept(limits) {
      if (!keeping) throw notKept();
      return kept?.busy === false ? loanOf(kept) : queue.wait(limits.timeoutMs);
    },
    keep() {
      keeping = true;
      void open();
    },
    letGo() {
      keeping = false;
      queue.failAll(notKept());
      if (kept?.busy === false) part(kept, kept.spoiled);
    },
  };
}

/** Whether the pool gives a client without waiting. What does not tell is taken to be full. */
function hasRoom({ options, totalCount, idleCount = 0, waitingCount = 0 }: PostgresPool): boolean {
  if (totalCount === undefined || waitingCount > 0) return false;
  return idleCount > 0 || totalCount < (options?.max ?? 10);
}

function notKept() {
  return storeUnavailable(STORE, 'gave its connections back: it is being closed, or its pool is');
}

/** Callers that wait for one thing, first come first served. */
interface WaitQueue<Thing extends { giveBack(): void }> {
  /** Resolves when its turn has come; rejects after `timeoutMs`. */
  wait(timeoutMs: number): Promise<Thing>;
  /** To whoever is first; `false` when none waits. */
  giveNext(make: () => Thing): boolean;
  failAll(error: unknown): void;
}

/** An empty queue. */
function createWaitQueue<Thing extends { giveBack(): void }>(clock: Clock): WaitQueue<Thing> {
  const waiting: { give(thing: Thing): void; fail(error: unknown): void }[] = [];
  return {
    async wait(timeoutMs) {
      const turn = new Promise<Thing>((give, fail) => waiting.push({ give, fail }));
      const own = waiting.at(-1);
      try {
        return await within({ clock, timeoutMs }, turn);
      } catch (error) {
        const place = waiting.findIndex((waiter) => waiter === own);
        if (place !== -1) waiting.splice(place, 1);
        // Its turn may have come in the very moment that it gave up.
        turn.then(
          (late) => {
            late.giveBack();
          },
          () => undefined,
        );
        throw error;
      }
    },
    giveNext(make) {
      const next = waiting.shift();
      next?.give(make());
      return next !== undefined;
    },
    failAll(error) {
      for (const waiter of waiting.splice(0)) waiter.fail(error);
    },
  };
}
