import { createHash } from 'node:crypto';
import { isUint8Array } from 'node:util/types';
import { UNREADABLE_TYPE } from '../event/keys.js';
import type { WebhookEvent } from '../event/types.js';
import { headerOf, type HttpHeaders } from '../http/http.js';
import type { Generation } from '../protocol/generation.js';
import { fingerprint, parseJson, wellFormed } from '../protocol/json.js';
import { type BodyReading, readBody } from '../protocol/parse-body.js';
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

/** Reads a body of either generation as an event, without a kit. It does not verify: do that first. */
export function parseEvent({ version = 'v2', body }: ParseEventOptions): ParseResult {
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
export function readReceived(presumed: Generation, body: ReceivedBody): BodyReading {
  if (body.kind === 'value') return readBody(presumed, wellFormed(body.value));
  const json = parseJson(body.bytes);
  if (json.ok) return readBody(presumed, json.value);
  return { version: presumed, parsed: unreadable('the body is not JSON') };
}

/**
 * Facts about a body that could not be read: never the key of a readable one, so it stands in nobody's way. Equal
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

/** v1's name of the dashboard's connectivity test, where a transaction's id would be. */
const TEST_ID = 'test-webhook-id';

/**
 * Whether a verified delivery is v1's connectivity test, which is nobody's payment: by `X-Webhook-Id`, or by the id in
 * its body where it comes with v2's headers. v2 has an event of its own for that.
 */
export function isConnectivityTest(
  headers: HttpHeaders,
  signedBy: Generation,
  { version, parsed }: BodyReading,
): boolean {
  const isOfV1 = signedBy === 'v1' || version === 'v1';
  if (isOfV1 && headerOf(headers, 'x-webhook-id') === TEST_ID) return true;
  return parsed.ok && parsed.event.version === 'v1' && parsed.event.raw['uuid'] === TEST_ID;
}
