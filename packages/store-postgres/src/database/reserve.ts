import { inBackground, sleep, type Clock } from '@qbitflow/core';
import type { CheckoutLimits, KeptLoan, LaneName, Loan } from './checkout.js';
import { within } from './deadline.js';
import { createLane, type Lane } from './lane.js';
import type { PostgresClient, PostgresPool } from './pg-types.js';

/**
 * The clients of one pool that stay with the kit, so that handlers may hold all the others: one records and renews
 * leases, the other moves work on. Every store on the pool shares them.
 */
export interface Reserve {
  /**
   * Hears of lost idle clients from now on. A pool nobody listens to ends the process when one dies, and so does a
   * client that is out. Returns how to stop.
   */
  join(onIdleLost: (error: Error) => void): () => void;
  /** Keeps its clients until the last caller's answer has been called. */
  keep(): () => void;
  lend(lane: LaneName, limits: CheckoutLimits): Promise<Loan>;
  lendKept(lane: LaneName, limits: CheckoutLimits): Promise<KeptLoan>;
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
  const record = createLane({ pool, clock, onIdleLost });
  const work = keptOf(pool) > 1 ? createLane({ pool, clock, onIdleLost }) : record;
  const lanes: Readonly<Record<LaneName, Lane>> = { record, work };
  let keepers = 0;
  let watching: AbortController | undefined;

  function onIdleLost(error: Error): void {
    for (const tell of members) tell(error);
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

  /** A pool that is ended waits for every client: nobody but the pool itself tells. */
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
    join(tell) {
      if (members.size === 0) {
        pool.on('error', onIdleLost);
        pool.on('acquire', onAcquire);
      }
      members.add(tell);
      return () => {
        if (!members.delete(tell) || members.size > 0) return;
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
      await within(clock, BEAT_MS, loan.client.query({ text: 'SELECT 1', values: [], types }));
      loan.giveBack();
    } catch (error) {
      loan.giveBack(error);
    }
  } catch {
    // Busy, gone or given back: whoever has it finds out.
  }
}
