import { createHash } from 'node:crypto';
import type { WebhookEvent } from '../event/types.js';
import type { HttpHeaders, HttpResponse } from '../http/http.js';
import { jsonResponse } from '../http/respond.js';
import type { GenerationName } from '../protocol/generation.js';
import { filledHeader } from '../protocol/signature.js';
import { SIGNATURE_HEADERS } from '../protocol/signing-schemes.js';
import type { Runtime } from '../runtime.js';
import type { ReceivedBody } from './body.js';

/** What the id of a probe begins with: the ids of QBitFlow's own events begin otherwise (`evt_`). */
export const PROBE_ID = 'doctor_';

/**
 * Whether a verified event is a probe of `qbitflow doctor`. It stands in the signed body: without the secret nobody makes a
 * delivery pass for a probe, and a header that somebody adds on the way changes nothing.
 */
export function isProbe(event: WebhookEvent): boolean {
  return event.type === 'webhook.test' && event.id.startsWith(PROBE_ID);
}

/** How a probe arrived. */
export interface ReceivedProbe {
  readonly id: string;
  /** Whose signature verified. */
  readonly signedBy: GenerationName;
  readonly headers: HttpHeaders;
  readonly body: ReceivedBody;
}

/**
 * Answers a probe: nothing is recorded and no handler runs. What it tells of the kit goes to whoever has the secret, and
 * is no secret itself, because a probe can be sent again until its signature is too old.
 */
export function answerProbe(
  { settings, store, clock, diagnostics }: Runtime,
  { id, signedBy, headers, body }: ReceivedProbe,
): HttpResponse {
  const { mode, processing, publicUrl } = settings;
  diagnostics.log('probe_answered', { id });
  const probe = {
    id,
    signedBy,
    body: body.kind,
    signatures: SIGNATURE_HEADERS.filter((name) => filledHeader(headers, name) !== undefined),
    // Of a body that a parser has read there are no bytes to compare.
    sha256: body.kind === 'bytes' ? sha256(body.bytes) : undefined,
    nowMs: clock.now(),
    store: store.name,
    durable: store.durable,
    mode,
    processing,
    publicUrl,
  };
  return jsonResponse(200, { received: true, probe }, { 'cache-control': 'no-store' });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
