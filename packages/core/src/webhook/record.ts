import { withTimeout } from '../clock.js';
import { isQBitFlowError, QBitFlowError } from '../errors.js';
import { toSafeKey, recordedTypeOf, UNREADABLE_TYPE } from '../event/keys.js';
import { traceContextOf } from '../event/handlers.js';
import type { WebhookEvent } from '../event/types.js';
import type { HttpHeaders } from '../http/http.js';
import type { GenerationName } from '../protocol/generation.js';
import { SIGNATURE_HEADERS } from '../protocol/index.js';
import { filledHeader } from '../protocol/signature.js';
import { storableText } from '../store-kit/delivery-codec.js';
import type { DeliverySource, NewDelivery } from '../store/durable-store.js';
import { type Mode, keepAway } from '../mode.js';
import type { ParseResult } from '../protocol/parse-result.js';
import { unreadableFacts } from './parse-event.js';
import type { Runtime } from '../runtime.js';
import { isPending, type Soon } from '../settled.js';
import type { ReceivedBody } from './body.js';

/** What is known of a delivery before it is recorded. */
export interface ReceivedDelivery {
  /** What the body is as far as can be told; an event that was understood says it itself. */
  readonly version: GenerationName;
  readonly source: DeliverySource;
  readonly headers: HttpHeaders;
  readonly body: ReceivedBody;
  readonly parsed: ParseResult;
  readonly receivedAt: number;
  /** Whose events the handlers may see. */
  readonly mode: Mode;
}

/** The record of a delivery: due, or dead from the start when its body could not be read. */
export function toNewDelivery(received: ReceivedDelivery): NewDelivery {
  const { source, body, parsed, receivedAt } = received;
  const raw = body.kind === 'bytes' ? body.bytes : Buffer.from(JSON.stringify(body.value), 'utf8');
  const headers = keptHeaders(received.headers);
  if (!parsed.ok) {
    const { id, key, subject } = unreadableFacts(raw);
    const facts = { key, subject, id, type: UNREADABLE_TYPE, dead: parsed.problem };
    return { ...facts, version: received.version, source, raw, headers, receivedAt };
  }
  const { event } = parsed;
  const { key, subject, version } = event;
  const id = toSafeKey(event.id);
  const type = event.type === 'unknown' ? toSafeKey(recordedTypeOf(event.sentType)) : event.type;
  const away = keepAway(event, received.mode);
  const reference = referenceOf(event);
  // Field by field: on Node 20 a spread before further fields takes longer than the signature's check.
  const facts = {
    key,
    subject,
    id,
    type,
    version,
    source,
    raw,
    headers,
    receivedAt,
    reference,
    event,
  };
  return away === undefined ? facts : { ...facts, ...away, event: undefined };
}

const LONGEST_REFERENCE = 256;

/** The merchant's own word for what the event is about, where every store can keep it as it is. */
function referenceOf({ data }: WebhookEvent): string | undefined {
  if (typeof data !== 'object' || data === null || !('reference' in data)) return undefined;
  const { reference } = data;
  const isKept =
    typeof reference === 'string' &&
    reference !== '' &&
    reference.length <= LONGEST_REFERENCE &&
    storableText(reference) === reference;
  return isKept ? reference : undefined;
}

/** What it takes to verify the delivery again, every signature it came with, and to link to its trace. */
function keptHeaders(headers: HttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of SIGNATURE_HEADERS) {
    const value = filledHeader(headers, name);
    if (value !== undefined) kept[name] = value;
  }
  return Object.assign(kept, traceContextOf(headers));
}

/**
 * Has the store do something before an answer is given: one that has not answered after `recordTimeoutMs` is an outage like any
 * other, and fails with `store_unavailable`, so that the sender comes again.
 */
export function askStore<Outcome>(
  runtime: Runtime,
  what: string,
  ask: () => Soon<Outcome>,
): Soon<Outcome> {
  try {
    const asked = ask();
    return isPending(asked) ? inTime(runtime, what, asked) : asked;
  } catch (cause) {
    throw failureOf(runtime, what, cause);
  }
}

async function inTime<Outcome>(
  runtime: Runtime,
  what: string,
  asked: Promise<Outcome>,
): Promise<Outcome> {
  const { store, clock, settings } = runtime;
  const timeoutMs = settings.recordTimeoutMs;
  const late = (): QBitFlowError =>
    unavailable(store.name, `did not ${what} within ${timeoutMs} ms`, undefined);
  try {
    return await withTimeout({ clock, timeoutMs, late }, () => asked);
  } catch (cause) {
    throw failureOf(runtime, what, cause);
  }
}

function failureOf({ store }: Runtime, what: string, cause: unknown): QBitFlowError {
  return isQBitFlowError(cause) ? cause : unavailable(store.name, `did not ${what}`, cause);
}

function unavailable(name: string, what: string, cause: unknown): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `the ${name} store ${what}: is it running and reachable? The sender was asked to come again`,
    { cause, facts: { store: name } },
  );
}
