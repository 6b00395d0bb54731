import type { Clock } from '../clock.js';
import { asError } from '../errors.js';
import type { DurableStore, NewDelivery, RecordOutcome, TakenDelivery } from './durable-store.js';
import type { IdempotencyStore } from './idempotency-store.js';
import { memoryStore } from './memory-store.js';

/** What {@link sharedMemoryStore} needs. */
export interface SharedMemoryStoreOptions {
  readonly clock: Clock;
  /** How long a crashed instance's claims keep others from an event, in ms. @default 3,600,000 */
  readonly claimMs?: number;
}

interface HeldClaim {
  readonly token: string;
  readonly until: number;
}

const HOUR_MS = 3_600_000;

/**
 * A memory store whose dedupe is shared through a merchant's {@link IdempotencyStore}: several instances run one event
 * once. Only the keys are shared: work that waits here is gone with this process, like the memory store's.
 */
export function sharedMemoryStore(
  claims: IdempotencyStore,
  { clock, claimMs = HOUR_MS }: SharedMemoryStoreOptions,
): DurableStore {
  const memory = memoryStore({ clock });
  const held = new Map<string, HeldClaim>();

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

  async function record(delivery: NewDelivery): Promise<RecordOutcome> {
    const known = await memory.get(delivery.key);
    if (known !== undefined) return { status: 'duplicate', state: known.state };
    const status = await claim(delivery.key);
    if (status !== 'claimed') return { status: 'duplicate', state: status };
    try {
      return await memory.record(delivery);
    } catch (error) {
      await release(delivery.key);
      throw error;
    }
  }

  /** A retry may come after the claim has lapsed: then it is claimed again, or left to who has it now. */
  async function mayRun(taken: TakenDelivery): Promise<boolean> {
    const mine = held.get(taken.key);
    if (mine !== undefined && mine.until > clock.now()) return true;
    if ((await claim(taken.key)) === 'claimed') return true;
    held.delete(taken.key);
    await memory.complete(taken, { succeeded: [] });
    return false;
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
      const { message: error } = asError(check.reason);
      await memory.retry(taken, { delayMs: 0, counted: false, error, succeeded: [] });
    }
    if (runnable.length === 0 && failures.length > 0) throw asError(failures[0]);
    return runnable;
  }

  /** Whether nobody else runs the key: a claim that lapsed under a long handler is taken back. */
  async function finish(key: string, token: string): Promise<boolean> {
    if (await claims.complete(key, token)) return true;
    const again = await claims.claim(key, { leaseMs: claimMs });
    if (again.status !== 'claimed') return again.status === 'done';
    return claims.complete(key, again.token);
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
      const outcome = await memory.complete(taken, progress);
      return ours ? outcome : 'lost';
    },
    async discard(key) {
      const discarded = await memory.discard(key);
      if (discarded) await release(key);
      return discarded;
    },
  };
}
