import { createHash } from 'node:crypto';
import type { Clock } from '@qbitflow/core';
import type { JsonObject } from '../wire/canonical-json.js';
import { BoundedMap } from './registry.js';

/** How long a create is remembered by its key, as at QBitFlow: 24 h, in ms. */
const KEY_LIFE_MS = 24 * 3_600_000;

/** A create that succeeded. */
export interface KeyedCreate {
  /** Tells what was asked. */
  readonly fingerprint: string;
  /** What was answered, and is answered again whatever became of the session. */
  readonly answer: JsonObject;
}

/** The creates that carried an `Idempotency-Key`, by the key. */
export interface KeyedCreates {
  /** The create that succeeded under a key within the last 24 hours. */
  readonly find: (key: string) => KeyedCreate | undefined;
  /** Keeps what succeeded. */
  readonly keep: (key: string, create: KeyedCreate) => void;
  /** Keys of creates that are being worked on. */
  readonly inUse: Set<string>;
}

/** No creates yet; at most `limit` are kept. */
export function createKeyedCreates(limit: number, clock: Clock): KeyedCreates {
  const creates = new BoundedMap<KeyedCreate & { readonly at: number }>(limit);
  return {
    find(key) {
      const create = creates.get(key);
      return create === undefined || clock.now() - create.at >= KEY_LIFE_MS ? undefined : create;
    },
    keep(key, create) {
      creates.set(key, { ...create, at: clock.now() });
    },
    inUse: new Set(),
  };
}

/** A short text that is the same for the same request: bodies can be a megabyte long. */
export function fingerprintOf(...request: readonly string[]): string {
  return createHash('sha256').update(request.join(' ')).digest('hex');
}
