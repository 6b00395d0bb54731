import { createHash } from 'node:crypto';
import { isUint8Array } from 'node:util/types';
import { UNREADABLE_TYPE } from '../event/keys.js';
import type { WebhookEvent } from '../event/types.js';
import type { HttpHeaders } from '../http/http.js';
import type { GenerationName } from '../protocol/generation.js';
import { type BodyReading, generationNamed, NEWEST, readBody } from '../protocol/index.js';
import { fingerprint, parseJson, wellFormed } from '../protocol/json.js';
import { type ParseResult, unreadable } from '../protocol/parse-result.js';
import type { ReceivedBody } from './body.js';

/** What {@link parseEvent} takes. */
export interface ParseEventOptions {
  /**
   * What the sender says the body is, or whose signature it has. A hint only: which generation's body it is, the body
   * itself decides (`event.version`), because one secret may sign for both.
   * @default 'v2'
   */
  readonly version?: 'v1' | 'v2' | undefined;
  /** The body as received, or the value a parser made of it. */
  readonly body: Uint8Array | string | object;
}

/**
 * Reads a body of either generation as an event, without a kit. It does not verify: use {@link verifySignature} first.
 * Never throws; what cannot be read has `ok: false` and says why.
 * @example
 * ```js
 * import { parseEvent } from '@qbitflow/core';
 * import { fixtures } from '@qbitflow/core/testing';
 *
 * const parsed = parseEvent({ body: fixtures.v2['payment.completed']() });
 * if (parsed.ok && parsed.event.type === 'payment.completed') console.log(parsed.event.data.uuid);
 * ```
 */
export function parseEvent({ version = NEWEST.name, body }: ParseEventOptions): ParseResult {
  return readReceived(version, toReceivedBody(body)).parsed;
}

/** A body as a merchant's code has it. */
export function toReceivedBody(body: Uint8Array | string | object): ReceivedBody {
  if (typeof body === 'string') return { kind: 'bytes', bytes: Buffer.from(body, 'utf8') };
  if (isUint8Array(body))
    return { kind: 'bytes', bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
  return { kind: 'value', value: body };
}

/** Reads what `readRawBody` found; `presumed` names the generation of what has neither one's shape. */
export function readReceived(presumed: GenerationName, body: ReceivedBody): BodyReading {
  if (body.kind === 'value') return readBody(presumed, wellFormed(body.value));
  const json = parseJson(body.bytes);
  if (json.ok) return readBody(presumed, json.value);
  return { version: presumed, parsed: unreadable('the body is not JSON') };
}

/**
 * Facts about a body that could not be read: never the key of a readable one, so it blocks no delivery. Equal
 * values have one key: who holds a signed body must not fill the store by writing its value in other ways.
 */
export function unreadableFacts(bytes: Buffer): Pick<WebhookEvent, 'id' | 'key' | 'subject'> {
  const key = `${UNREADABLE_TYPE}:${digestOf(bytes)}`;
  return { id: key, key, subject: key };
}

function digestOf(bytes: Buffer): string {
  const json = parseJson(bytes);
  try {
    if (json.ok) return fingerprint(json.value);
  } catch {
    // Too deep, or a number beyond float64: v1 cannot have signed it, and v2 signs the bytes.
  }
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/**
 * Whether a verified delivery is a connectivity test that is no event, by what either the signature's generation or the
 * body's goes by.
 */
export function isConnectivityTest(
  headers: HttpHeaders,
  signedBy: GenerationName,
  { version, parsed }: BodyReading,
): boolean {
  const raw = parsed.ok ? parsed.event.raw : undefined;
  return (
    generationNamed(version).isConnectivityTest(headers, raw) ||
    generationNamed(signedBy).isConnectivityTest(headers, undefined)
  );
}
