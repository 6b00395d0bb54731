import type { Clock } from '../clock.js';
import { asError, QBitFlowError } from '../errors.js';
import type { HttpRequest, HttpResponse } from '../http/http.js';
import { presumedGeneration } from '../protocol/generation.js';
import type { Mode } from '../mode.js';
import { acknowledge, acknowledgeOnly, refuse, REFUSED } from '../http/respond.js';
import { isConnectivityTest, readReceived } from './parse-event.js';
import { explainRefusal } from './explain-refusal.js';
import { readRawBody, type ReceivedBody, type BodyLimits } from './body.js';
import { recordDelivery, type Recorder, toNewDelivery } from './record.js';
import type { ReceiveReport } from './report.js';
import { refuseUnread, type Verdict, type Verifier, verifyDelivery } from './verify.js';
import type { HeldBytes, UnverifiedBytes } from './body-buffer.js';

/** What receiving needs. */
export interface Receiver {
  readonly clock: Clock;
  /** Whose events the handlers may see. */
  readonly mode: Mode;
  readonly limits: BodyLimits;
  readonly unverified: UnverifiedBytes;
  readonly verifier: Verifier;
  readonly recorder: Recorder;
  readonly report: ReceiveReport;
  /** Waits for the attempt at a delivery before it is answered, where the platform freezes after the reply. */
  readonly beforeReply: ((key: string) => Promise<void>) | undefined;
  /** Whether strangers are answered 200 too. */
  readonly acknowledgeEverything: boolean;
}

/**
 * The first half of a delivery's journey: all that happens before the 200. It always resolves with the answer, and
 * what the delivery says is safe in the store by then.
 */
export async function receive(receiver: Receiver, request: HttpRequest): Promise<HttpResponse> {
  const held = receiver.unverified.open();
  try {
    return await take(receiver, request, held);
  } catch (error) {
    receiver.report.failed(error);
    return refuse(error);
  } finally {
    held.release();
  }
}

async function take(
  receiver: Receiver,
  request: HttpRequest,
  held: HeldBytes,
): Promise<HttpResponse> {
  if (request.method !== 'POST') throw notAllowed(request.method);
  const { headers } = request;
  // What its headers give away is not worth keeping: its body is read past, so that the sender hears the answer.
  const refused = refuseUnread(receiver.verifier, headers);
  const body = await readRawBody(request, receiver.limits, {
    held,
    discard: refused !== undefined,
  });
  const verdict = refused ?? (await verifyDelivery(receiver.verifier, request, body));
  held.release();
  if (verdict.result === 'refused') return turnAway(receiver, { request, body, ...verdict });
  if (verdict.result === 'undecided') throw undecided(verdict.cause);
  // The signature says that it is genuine, the body what it is: one secret may sign for both generations.
  const reading = readReceived(presumedGeneration(headers, verdict.version), body);
  if (isConnectivityTest(headers, verdict.version, reading)) return acknowledgeOnly();
  const { version, parsed } = reading;
  const receivedAt = receiver.clock.now();
  const origin = { source: 'webhook', receivedAt, mode: receiver.mode } as const;
  const delivery = toNewDelivery({ ...origin, version, headers, body, parsed });
  const outcome = await recordDelivery(receiver.recorder, delivery);
  receiver.report.recorded(delivery, outcome);
  if (outcome.status === 'recorded' && delivery.unhandled === undefined)
    await receiver.beforeReply?.(delivery.key);
  return acknowledge(outcome);
}

function turnAway(
  { report, verifier, mode, clock, acknowledgeEverything }: Receiver,
  refused: Extract<Verdict, { result: 'refused' }> & {
    readonly request: HttpRequest;
    readonly body: ReceivedBody;
  },
): HttpResponse {
  const { reason, hint, request, body } = refused;
  const secretsTried = verifier.keys?.length ?? 0;
  report.refused(reason, () =>
    explainRefusal({ reason, hint, request, body, secretsTried, mode, nowMs: clock.now() }),
  );
  return acknowledgeEverything ? acknowledgeOnly() : REFUSED;
}

function undecided(cause: unknown): QBitFlowError {
  const message = `a delivery could not be verified: ${asError(cause).message}; the sender was asked to come again`;
  return new QBitFlowError('verification_undecided', message, { cause });
}

function notAllowed(method: string): QBitFlowError {
  return new QBitFlowError('method_not_allowed', `webhooks come by POST, this was ${method}`);
}
