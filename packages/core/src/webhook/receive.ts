import { asError, QBitFlowError } from '../errors.js';
import type { HttpRequest, HttpResponse } from '../http/http.js';
import { errorResponse, jsonResponse } from '../http/respond.js';
import { presumedGeneration } from '../protocol/index.js';
import type { Runtime } from '../runtime.js';
import { isPending } from '../settled.js';
import { readRawBody, type ReceivedBody } from './body.js';
import { UnverifiedBytes } from './body-buffer.js';
import { explainRefusal } from './explain-on-demand.js';
import type { Inbox } from './inbox.js';
import { isConnectivityTest, readReceived } from './parse-event.js';
import { answerProbe, isProbe } from './probe.js';
import { toNewDelivery } from './record.js';
import { createVerifier, type RefusedResult } from './verify.js';

/** The first half of a delivery's journey: all that happens before the 200. */
export interface WebhookReceiver {
  /**
   * Answers a webhook request. It always resolves with the answer, and what the delivery says is safe in the store by
   * then.
   */
  readonly handleWebhook: (request: HttpRequest) => Promise<HttpResponse>;
  /** The API is asked about no delivery any more. */
  close(): void;
}

/** What all bodies that are not verified yet may hold together, in bytes; room for four of the largest at least. */
const UNVERIFIED_BYTES = 64 * 1_048_576;

// Made once: this is the hot path, and a forgery shall not cost more than it must.
const RECEIVED = jsonResponse(200, { received: true });
const DUPLICATE = jsonResponse(200, { received: true, duplicate: true });
const REJECTED = errorResponse(new QBitFlowError('invalid_signature', ''));

/** Takes deliveries into an inbox. */
export function createWebhookReceiver(runtime: Runtime, inbox: Inbox): WebhookReceiver {
  const { settings, clock } = runtime;
  const { mode, bodyLimitBytes, bodyTimeoutMs } = settings;
  const limits = { clock, bodyLimitBytes, bodyTimeoutMs };
  const unverified = new UnverifiedBytes(Math.max(UNVERIFIED_BYTES, 4 * bodyLimitBytes));
  const verifier = createVerifier(runtime);
  // Where the platform freezes after the reply.
  const isBeforeReply = settings.processing === 'before-reply';

  async function handleWebhook(request: HttpRequest): Promise<HttpResponse> {
    const held = unverified.open();
    try {
      const { headers } = request;
      if (request.method !== 'POST') throw notAllowed(request.method);
      // What its headers give away is not worth keeping: its body is read past, so that the sender gets the answer.
      const receivedAt = clock.now();
      const claims = verifier.readClaims(headers, receivedAt);
      const early = verifier.refuseUnread(claims);
      const body = await readRawBody(request, limits, { held, discard: early !== undefined });
      const checked = early ?? verifier.verify(claims, request, body);
      const result = isPending(checked) ? await checked : checked;
      held.release();
      if (result.result === 'refused') return await reject(request, body, result);
      if (result.result === 'undecided') throw undecided(result.cause);
      // The signature says that it is genuine, the body what it is: one secret may sign for both generations.
      const reading = readReceived(presumedGeneration(headers, result.version), body);
      const { version, parsed } = reading;
      if (parsed.ok && isProbe(parsed.event))
        return answerProbe(runtime, {
          id: parsed.event.id,
          signedBy: result.version,
          headers,
          body,
        });
      if (isConnectivityTest(headers, result.version, reading)) return RECEIVED;
      const facts = {
        source: 'webhook',
        receivedAt,
        mode,
        version,
        headers,
        body,
        parsed,
      } as const;
      const delivery = toNewDelivery(facts);
      const recording = inbox.record(delivery);
      const outcome = isPending(recording) ? await recording : recording;
      if (isBeforeReply && outcome.status === 'recorded' && delivery.unhandled === undefined)
        await inbox.attempted(delivery.key);
      return outcome.status === 'duplicate' ? DUPLICATE : RECEIVED;
    } catch (error) {
      inbox.report.failed(error);
      return errorResponse(error);
    } finally {
      held.release();
    }
  }

  async function reject(
    request: HttpRequest,
    body: ReceivedBody,
    { reason, hint }: RefusedResult,
  ): Promise<HttpResponse> {
    const { secretsTried } = verifier;
    const reported = inbox.report.rejected(reason, () =>
      explainRefusal({ reason, hint, request, body, secretsTried, mode, nowMs: clock.now() }),
    );
    // What explains the first one is loaded for it: told later, it would be lost where the process ends with the reply.
    if (isPending(reported)) await reported;
    return settings.acknowledge === 'everything' ? RECEIVED : REJECTED;
  }

  return {
    handleWebhook,
    close() {
      verifier.close();
    },
  };
}

function undecided(cause: unknown): QBitFlowError {
  const message = `a delivery could not be verified: ${asError(cause).message}; the sender was asked to come again`;
  return new QBitFlowError('verification_undecided', message, { cause });
}

function notAllowed(method: string): QBitFlowError {
  return new QBitFlowError('method_not_allowed', `webhooks come by POST, this was ${method}`);
}
