import { createHmac } from 'node:crypto';
import type { Clock } from '@qbitflow/core';
import type { Ids } from '../ids.js';
import type { SandboxEvent } from '../state/events.js';
import { canonicalJson } from './canonical-json.js';

/** How long a secret still signs after its rotation, as at QBitFlow: 24 h, in ms. */
const GRACE_MS = 24 * 3_600_000;

/** The endpoint's signing secrets. */
export interface Secrets {
  /** The newest. */
  readonly current: () => string;
  /** All that sign now, the newest first. */
  readonly active: () => readonly string[];
  /** Makes `secret`, or a new one, the current one and returns it; the one before keeps signing for 24 hours. */
  readonly rotate: (secret?: string) => string;
}

/** Starts with one secret. */
export function createSecrets(first: string, clock: Clock, ids: Ids): Secrets {
  let current = first;
  let previous: { readonly secret: string; readonly until: number } | undefined;
  return {
    current: () => current,
    active: () =>
      previous !== undefined && clock.now() < previous.until
        ? [current, previous.secret]
        : [current],
    rotate(secret = `whsec_${ids.hex(32)}`) {
      previous = { secret: current, until: clock.now() + GRACE_MS };
      current = secret;
      return secret;
    },
  };
}

/** A request ready to be sent. */
export interface SignedDelivery {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Signs an event as its generation does, as of `timestamp` (Unix seconds). v2 signs with all the secrets, the newest
 * first; v1's one header takes the newest.
 */
export function sign(
  { version, text }: SandboxEvent,
  secrets: readonly string[],
  timestamp: number,
): SignedDelivery {
  const body = Buffer.from(text, 'utf8');
  const headers =
    version === 'v1' ? headersV1(body, secrets, timestamp) : headersV2(body, secrets, timestamp);
  return {
    headers: {
      'user-agent': 'qbitflow-sandbox',
      'content-length': String(body.byteLength),
      'content-type': 'application/json',
      ...headers,
    },
    body,
  };
}

/** Over the value, not the bytes: whoever parsed the body can still check it. */
function headersV1(body: Buffer, [secret = '']: readonly string[], timestamp: number) {
  const value: unknown = JSON.parse(body.toString('utf8'));
  return {
    'x-webhook-signature-256': `sha256=${digestOf(secret, timestamp, canonicalJson(value))}`,
    'x-webhook-timestamp': String(timestamp),
    'x-webhook-id': headerIn(value, 'uuid') ?? headerIn(value, 'subscriptionUUID') ?? '',
  };
}

/** Over the bytes as they are sent. */
function headersV2(body: Buffer, secrets: readonly string[], timestamp: number) {
  const value: unknown = JSON.parse(body.toString('utf8'));
  const digests = secrets.map((secret) => `v1=${digestOf(secret, timestamp, body)}`);
  return {
    'qbitflow-signature': [`t=${timestamp}`, ...digests].join(','),
    'qbitflow-event-id': headerIn(value, 'id') ?? '',
    'qbitflow-event-type': headerIn(value, 'type') ?? '',
    'qbitflow-webhook-version': 'v2',
  };
}

/** A field that can stand in a header: those are ASCII. */
function headerIn(value: unknown, field: string): string | undefined {
  const text: unknown = Array.isArray(value) ? undefined : Reflect.get(Object(value), field);
  return typeof text === 'string' && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}

/** HMAC-SHA256 over `<timestamp>.<signed>`, in lower-case hex; the whole text of the secret is the key. */
export function digestOf(
  secret: string,
  timestamp: string | number,
  signed: string | Buffer,
): string {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(signed).digest('hex');
}
