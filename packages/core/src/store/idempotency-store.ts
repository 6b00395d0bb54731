import type { Clock } from '../clock.js';
import { asError, QBitFlowError } from '../errors.js';
import type {
  DurableStore,
  NewDelivery,
  RecordOptions,
  RecordOutcome,
  TakenDelivery,
} from './durable-store.js';
import { memoryStore } from './memory-store.js';

/**
 * The smallest store: remembers which keys are done, so that several instances do not run one event twice.
 * Anything with an atomic "set if absent" can be one; the work itself waits in memory.
 *
 * ```text
 *  absent ── claim ──▶ running ── complete ──▶ done
 *     ▲                  │  ▲
 *     └──── release ─────┘  └── claim, once the lease has lapsed (a new token)
 * ```
 *
 * - **lease**: how long a claim holds (ms) before another process may claim the key.
 * - **token**: names one claim. `complete` and `release` with an outdated token change nothing and say `false`.
 */
export interface IdempotencyStore {
  /** Claims a key in one atomic step. Of any number of claims at once, one is `claimed`. */
  claim(key: string, options: { readonly leaseMs: number }): Promise<ClaimResult>;
  /** running → done. `false`: the lease lapsed and another process has the key. */
  complete(key: string, token: string): Promise<boolean>;
  /** running → absent, so that the key can be claimed again. `false` as above. */
  release(key: string, token: string): Promise<boolean>;
}

/** The three answers to a claim. */
export type ClaimResult =
  | { readonly status: 'claimed'; readonly token: string }
  | { readonly status: 'running' }
  | { readonly status: 'done' };

/** What {@link sharedMemoryStore} needs. */
export interface SharedMemoryStoreOptions {
  readonly clock: Clock;
  /** How long a crashed instance's claims keep others from an event, in ms. @default 3,600,000 */
  readonly claimMs?: number;
  /** Where the work waits. @default one of its own */
  readonly memory?: DurableStore;
}

interface HeldClaim {
  readonly token: string;
  readonly until: number;
}

const HOUR_MS = 3_600_000;
/** How soon a key that another instance holds is looked at again, in ms: it may end without having handled it. */
const LOOK_AGAIN_MS = 60_000;

/**
 * A memory store whose dedupe is shared through a merchant's {@link IdempotencyStore}: several instances run one event
 * once. Only the keys are shared: work that waits here is gone with this process, like the memory store's.
 */
export function sharedMemoryStore(
  claims: IdempotencyStore,
  { clock, claimMs = HOUR_MS, memory = memoryStore({ clock }) }: SharedMemoryStoreOptions,
): DurableStore {
  const held = new Map<string, HeldClaim>();
  /** Done for everybody, and due once more by an operator's word. */
  const replayed = new Set<string>();

  async function claim(key: string): Promise<'claimed' | 'running' | 'done'> {
    const result = await claims.claim(key, { leaseMs: claimMs });
    if (result.status === 'claimed')
      held.set(key, { token: result.token, until: clock.now() + claimMs });
    return result.status;
  }

  async function release(key: string): Promise<void> {
    const mine = held.get(key);
    held.delete(key);
    if (mine !== undefined) await claims.release(key, mine.token);
  }

  async function record(delivery: NewDelivery, options?: RecordOptions): Promise<RecordOutcome> {
    const { key, source, unhandled } = delivery;
    const known = await memory.get(key);
    // No handler of any instance may see it: there is nothing to share.
    if (known !== undefined || unhandled !== undefined) return memory.record(delivery, options);
    const status = await claim(key);
    // Perhaps another instance is at it; perhaps a claim whose answer was lost holds it. Only the sender can tell, by
    // coming again. A look may rest: it acknowledges nothing.
    if (status === 'running' && source === 'webhook') throw heldElsewhere(key);
    if (status !== 'claimed') return { status: 'duplicate', state: status };
    try {
      return await memory.record(delivery, options);
    } catch (error) {
      await release(key);
      throw error;
    }
  }

  /** A retry may come after the claim has lapsed: then it is claimed again, or waits for what becomes of who has it. */
  async function mayRun(taken: TakenDelivery): Promise<boolean> {
    const { key } = taken;
    const mine = held.get(key);
    if (replayed.has(key) || (mine !== undefined && mine.until > clock.now())) return true;
    const status = await claim(key);
    if (status === 'claimed') return true;
    held.delete(key);
    if (status === 'done') await memory.complete(taken, { succeeded: [] });
    else await putOff(taken, LOOK_AGAIN_MS, 'another instance holds its key');
    return false;
  }

  async function putOff(taken: TakenDelivery, delayMs: number, error: string): Promise<void> {
    await memory.retry(taken, { delayMs, counted: false, error, succeeded: [] });
  }

  /** What may run now. What could not be asked about is handed back: no handler of it has been started. */
  async function allowed(batch: readonly TakenDelivery[]): Promise<readonly TakenDelivery[]> {
    const checks = await Promise.allSettled(batch.map(mayRun));
    const failures: unknown[] = [];
    const runnable: TakenDelivery[] = [];
    for (const [index, taken] of batch.entries()) {
      const check = checks[index];
      if (check?.status === 'fulfilled' && check.value) runnable.push(taken);
      if (check?.status !== 'rejected') continue;
      failures.push(check.reason);
      await putOff(taken, 0, asError(check.reason).message);
    }
    if (runnable.length === 0 && failures.length > 0) throw asError(failures[0]);
    return runnable;
  }

  /** Whether no other process runs the key: a claim that lapsed under a long handler is taken back. */
  async function finish(key: string, token: string): Promise<boolean> {
    if (await claims.complete(key, token)) return true;
    const again = await claims.claim(key, { leaseMs: claimMs });
    if (again.status !== 'claimed') return again.status === 'done';
    return claims.complete(key, again.token);
  }

  /** What this process ends without having handled: another one, or a later delivery, may have it. */
  async function releaseWaiting(): Promise<void> {
    await Promise.allSettled(
      [...held.keys()].map(async (key) => {
        if ((await memory.get(key))?.state !== 'running') await release(key);
      }),
    );
  }

  return {
    ...memory,
    name: 'idempotency',
    record,
    takeDue: async (options) => allowed(await memory.takeDue(options)),
    async complete(taken, progress) {
      const mine = held.get(taken.key);
      // First the key that others see: if that fails the transition is tried again.
      const ours = mine === undefined || (await finish(taken.key, mine.token));
      held.delete(taken.key);
      replayed.delete(taken.key);
      const outcome = await memory.complete(taken, progress);
      return ours ? outcome : 'lost';
    },
    async replay(key) {
      const wasDone = (await memory.get(key))?.state === 'done';
      const isDue = await memory.replay(key);
      if (isDue && wasDone) replayed.add(key);
      return isDue;
    },
    async discard(key) {
      const mine = held.get(key);
      const discarded = await memory.discard(key);
      // Discarded for every instance: its key stays known.
      if (discarded && mine !== undefined) await finish(key, mine.token);
      if (discarded) held.delete(key);
      return discarded;
    },
    close: releaseWaiting,
  };
}

function heldElsewhere(key: string): QBitFlowError {
  return new QBitFlowError(
    'claim_held',
    'another process holds the claim on this key, or the answer to a claim was lost: until it is done or its lease has lapsed the sender is asked to come again',
    { facts: { key } },
  );
}
