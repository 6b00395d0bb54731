import type { Clock } from '../../clock.js';
import { isQBitFlowError, QBitFlowError } from '../../errors.js';
import { headerOf, type HttpHeaders } from '../../http.js';
import type {
  DeliverySource,
  DurableStore,
  NewDelivery,
  RecordOutcome,
} from '../../store/durable-store.js';
import type { ParseResult } from '../../wire/parse-result.js';
import { unreadableFacts } from './parse-event.js';
import type { ReceivedBody } from './read-raw-body.js';

/** Headers that are kept with a delivery, enough to verify and to read it again. */
const KEPT_HEADERS = [
  'content-type',
  'user-agent',
  'qbitflow-signature',
  'qbitflow-event-id',
  'qbitflow-event-type',
  'qbitflow-webhook-version',
  'x-webhook-signature-256',
  'x-webhook-timestamp',
  'x-webhook-id',
] as const;

/** What is known of a delivery before it is recorded. */
export interface ReceivedDelivery {
  readonly version: 'v1' | 'v2';
  readonly source: DeliverySource;
  readonly headers: HttpHeaders;
  readonly body: ReceivedBody;
  readonly parsed: ParseResult;
  readonly receivedAt: number;
}

/** The record of a delivery: due, or dead from the start when its body could not be read. */
export function toNewDelivery(received: ReceivedDelivery): NewDelivery {
  const { version, source, body, parsed, receivedAt } = received;
  const raw = body.kind === 'bytes' ? body.bytes : Buffer.from(JSON.stringify(body.value), 'utf8');
  const shared = { version, source, raw, receivedAt, headers: keptHeaders(received.headers) };
  if (!parsed.ok)
    return { ...shared, ...unreadableFacts(raw), type: 'unreadable', dead: parsed.problem };
  const { id, key, subject } = parsed.event;
  const type = parsed.event.type === 'unknown' ? parsed.event.sentType : parsed.event.type;
  return { ...shared, id, key, subject, type, event: parsed.event };
}

function keptHeaders(headers: HttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headerOf(headers, name);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Where deliveries are recorded, and how long that may take. */
export interface Recorder {
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly recordTimeoutMs: number;
}

/**
 * Records a delivery, or fails with `store_unavailable` after `recordTimeoutMs` so that the sender comes again. A
 * record that succeeds after that is a duplicate by then, and harmless.
 */
export async function recordDelivery(
  recorder: Recorder,
  delivery: NewDelivery,
): Promise<RecordOutcome> {
  const { store, clock, recordTimeoutMs } = recorder;
  return new Promise<RecordOutcome>((resolve, reject) => {
    const cancel = clock.after(recordTimeoutMs, () => {
      reject(unavailable(store.name, `did not record within ${recordTimeoutMs} ms`, undefined));
    });
    store.record(delivery).then(
      (outcome) => {
        cancel();
        resolve(outcome);
      },
      (cause: unknown) => {
        cancel();
        reject(isQBitFlowError(cause) ? cause : unavailable(store.name, 'did not record', cause));
      },
    );
  });
}

function unavailable(name: string, what: string, cause: unknown): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `the ${name} store ${what}: is it running and reachable? The sender was asked to come again`,
    { cause, facts: { store: name } },
  );
}
