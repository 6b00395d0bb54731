import { toSafeKey } from './event/keys.js';
import type { WebhookEvent } from './event/types.js';
import type { NewDelivery } from './store/durable-store.js';

/** Which money a kit takes: real, test, or both. */
export type Mode = 'live' | 'test' | 'both';

/** `sk_<uuid>_<test|live>_<secret>`; the digits of older keys may be followed by the same. */
const KEY = /^sk_[0-9a-f-]+_(live|test)_/i;
/** This machine under the names that URL parsing leaves: IPv4 in dotted decimals, IPv6 shortened. */
const LOOPBACK =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:.+\])$/;

/** The mode that a key's shape says; `undefined` when it says none. */
export function modeOfKey(apiKey: string | undefined): 'live' | 'test' | undefined {
  const said = KEY.exec(apiKey ?? '')?.[1]?.toLowerCase();
  return said === 'live' || said === 'test' ? said : undefined;
}

/** The mode of a kit that was told none: the key's where its shape says, `both` for an API on this machine, else `live`. */
export function modeOf(apiKey: string | undefined, baseUrl: string): Mode {
  const said = modeOfKey(apiKey);
  if (said !== undefined) return said;
  return isThisMachine(new URL(baseUrl)) ? 'both' : 'live';
}

/** Whether a URL names this machine itself. */
export function isThisMachine({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

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
    key: toSafeKey(PREFIXES[money] + key),
    unhandled: `${money} money, and this kit takes ${mode} money only`,
  };
}

/** Whose money a recorded key is about, where it was kept away for that. */
export function moneyOf(key: string): Money | undefined {
  if (key.startsWith(PREFIXES.test)) return 'test';
  return key.startsWith(PREFIXES.live) ? 'live' : undefined;
}
