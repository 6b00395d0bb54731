import { bounded } from '../event/keys.js';
import type { WebhookEvent } from '../event/types.js';
import type { Mode } from '../mode.js';
import type { NewDelivery } from '../store/durable-store.js';

/** Names of their own: what is kept away can never hold the key of what is wanted, here or by another process. */
const PREFIXES = { test: 'test-money:', live: 'live-money:' } as const;

type Money = keyof typeof PREFIXES;

/** What the record of an event that is kept away says instead. */
export type KeptAway = Required<Pick<NewDelivery, 'key' | 'unhandled'>>;

/**
 * Test money must not ship goods, nor real money vanish among tests: an event that says whose it is reaches handlers
 * only where the kit takes that. What does not say reaches them, and so does the dashboard's test of an endpoint.
 */
export function keepAway({ type, test, key }: WebhookEvent, mode: Mode): KeptAway | undefined {
  if (test === undefined || mode === 'both' || type === 'webhook.test') return undefined;
  const money: Money = test ? 'test' : 'live';
  if (money === mode) return undefined;
  return {
    key: bounded(PREFIXES[money] + key),
    unhandled: `${money} money, and this kit takes ${mode} money only`,
  };
}

/** Whose money a recorded key is about, where it was kept away for that. */
export function moneyOf(key: string): Money | undefined {
  if (key.startsWith(PREFIXES.test)) return 'test';
  return key.startsWith(PREFIXES.live) ? 'live' : undefined;
}
