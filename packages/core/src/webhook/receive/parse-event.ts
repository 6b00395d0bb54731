import { createHash } from 'node:crypto';
import type { WebhookEvent } from '../../event/types.js';
import type { ParseResult } from '../../wire/parse-result.js';
import { parseBody } from '../../wire/parse-body.js';
import { parseJson } from './parse-json.js';
import type { ReceivedBody } from './read-raw-body.js';

/** What {@link parseEvent} takes. */
export interface ParseEventOptions {
  readonly version: 'v1' | 'v2';
  /** The body as received, or the value a parser made of it. */
  readonly body: Uint8Array | string | object;
}

/** Reads a body of either generation as an event, without a kit. It does not verify: do that first. */
export function parseEvent({ version, body }: ParseEventOptions): ParseResult {
  if (typeof body === 'string') return parseBytes(version, Buffer.from(body, 'utf8'));
  if (body instanceof Uint8Array) return parseBytes(version, Buffer.from(body));
  return parseBody(version, body);
}

/** Reads what `readRawBody` found as an event. */
export function parseReceived(version: 'v1' | 'v2', body: ReceivedBody): ParseResult {
  return body.kind === 'bytes' ? parseBytes(version, body.bytes) : parseBody(version, body.value);
}

function parseBytes(version: 'v1' | 'v2', bytes: Buffer): ParseResult {
  const json = parseJson(bytes);
  return json.ok ? parseBody(version, json.value) : { ok: false, problem: 'the body is not JSON' };
}

/** Facts about a body that could not be read: never the key of a readable one, so it stands in nobody's way. */
export function unreadableFacts(bytes: Uint8Array): Pick<WebhookEvent, 'id' | 'key' | 'subject'> {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const key = `unreadable:${digest}`;
  return { id: key, key, subject: key };
}
