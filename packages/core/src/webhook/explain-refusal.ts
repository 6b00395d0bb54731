import { cut } from '../as-error.js';
import { QBitFlowError } from '../errors.js';
import { isUnderstoodType, type WebhookEvent } from '../event/types.js';
import type { HttpRequest } from '../http/http.js';
import type { Mode } from '../mode.js';
import { NEWEST } from '../protocol/index.js';
import type { GenerationName, SignatureClues } from '../protocol/generation.js';
import type { SignatureFailure } from '../protocol/signature.js';
import { cluesNamed } from '../protocol/signature-clues.js';
import { SIGNATURE_HEADERS, signaturesIn, SIGNING_SCHEMES } from '../protocol/signing-schemes.js';
import { readReceived } from './parse-event.js';
import type { ReceivedBody } from './body.js';

/** A delivery that was refused, and what it was checked with. */
export interface RefusedDelivery {
  readonly reason: SignatureFailure;
  /** What the check itself noticed. */
  readonly hint: string | undefined;
  readonly request: HttpRequest;
  readonly body: ReceivedBody;
  /** How many secrets were tried; none where the API was asked. */
  readonly secretsTried: number;
  readonly mode: Mode;
  /** Ms since 1970. */
  readonly nowMs: number;
}

/** An unknown sender's megabytes are not read for the sake of a hint. */
const LONGEST_READ_BYTES = 65_536;
/** A clock this far off is nothing to speak of, in s. */
const USUAL_LAG_SECONDS = 5;

/**
 * All that is known of why a delivery was refused: for the merchant's log, never for the sender. What it reads
 * is not verified, so it quotes nothing of it but names and numbers.
 */
export function explainRefusal(refused: RefusedDelivery): QBitFlowError {
  const { reason, hint, secretsTried } = refused;
  const hints = [...(hint === undefined ? [] : [hint]), ...hintsFor(refused)];
  const all = hints.length === 0 ? undefined : hints.join('; ');
  const versions = versionsIn(refused.request);
  const message = `a delivery was refused: ${reason.replaceAll('_', ' ')}${all === undefined ? '' : ` (${all})`}`;
  return new QBitFlowError('invalid_signature', message, {
    facts: { reason, hint: all, signatures: versions.join(' and '), secretsTried },
  });
}

function versionsIn({ headers }: HttpRequest): readonly GenerationName[] {
  return signaturesIn(headers).map(({ name }) => name);
}

function cluesIn(request: HttpRequest): readonly SignatureClues[] {
  return versionsIn(request).map(cluesNamed);
}

function hintsFor(refused: RefusedDelivery): readonly string[] {
  if (refused.reason === 'missing_header') return hintsAboutHeaders(refused);
  if (refused.reason === 'malformed_header') return [hintAboutForm(refused)];
  if (refused.reason !== 'no_matching_signature') return [];
  return [
    hintAboutSecrets(refused),
    ...hintAboutClock(refused),
    ...hintAboutBytes(refused),
    ...cluesIn(refused.request).flatMap(({ oddities }) => oddities(refused.request.headers)),
    ...hintAboutEvent(refused),
  ];
}

/** Proxies and gateways rename headers, or let only those through that they know. */
function hintsAboutHeaders({ request, hint }: RefusedDelivery): readonly string[] {
  const similar = Object.keys(request.headers).filter(
    (name) => /qbitflow|webhook.?signature/i.test(name) && !isSignatureHeader(name),
  );
  const named = similar.slice(0, 3).map((name) => `'${cut(name, 60)}'`);
  const seen = named.length === 0 ? [] : [`what came instead: ${named.join(', ')}`];
  if (hint !== undefined) return seen;
  return [
    `neither ${SIGNING_SCHEMES.map(({ signatureHeader, name }) => `${signatureHeader} (${name})`).join(' nor ')} came: an unknown sender, or a proxy that drops or renames them`,
    ...seen,
  ];
}

function isSignatureHeader(name: string): boolean {
  return SIGNATURE_HEADERS.includes(name.toLowerCase());
}

function hintAboutForm({ request }: RefusedDelivery): string {
  const [first = cluesNamed(NEWEST.name)] = cluesIn(request);
  return first.form;
}

function hintAboutSecrets({ request, secretsTried }: RefusedDelivery): string {
  const signed = `signed the ${versionsIn(request).join(' and the ')} way`;
  if (secretsTried === 0) return `${signed}; the API was asked and says that it is not genuine`;
  const tried = secretsTried === 1 ? 'the one secret' : `${secretsTried} secrets`;
  return `${signed}; ${tried} of this kit tried: compare with the current signing secret of this endpoint`;
}

function hintAboutClock({ request, nowMs }: RefusedDelivery): readonly string[] {
  const seconds = cluesIn(request)[0]?.signedAt(request.headers);
  if (seconds === undefined) return [];
  const age = Math.floor(nowMs / 1000) - seconds;
  if (Math.abs(age) <= USUAL_LAG_SECONDS) return [];
  return [
    `its time is ${Math.abs(age)} s ${age > 0 ? 'behind' : 'ahead of'} this machine's clock, which is allowed`,
  ];
}

function hintAboutBytes({ body, request }: RefusedDelivery): readonly string[] {
  if (body.kind === 'value')
    return ['a body parser had read the body, so its value was checked and not its bytes'];
  const kept = request.rawBody ?? request.body;
  if (typeof kept === 'string')
    return ['its bytes are made of the text that a body parser kept: what that changed is lost'];
  return kept === undefined || kept === null
    ? []
    : ['its bytes are those that a body parser kept: no signature matches what that changed'];
}

/** What reads as an event is most likely QBitFlow's, and the secret another one. */
function hintAboutEvent({ body, mode }: RefusedDelivery): readonly string[] {
  const event = eventIn(body);
  if (event === undefined || !isUnderstoodType(event.type)) return [];
  const { type, test } = event;
  const hint = `its body reads as ${type}: sent by QBitFlow, it was signed with another endpoint's secret`;
  const money = test === true ? 'test' : 'live';
  if (test === undefined || mode === 'both' || money === mode) return [hint];
  return [hint, `it is about ${money} money, and this kit takes ${mode} money`];
}

function eventIn(body: ReceivedBody): WebhookEvent | undefined {
  if (body.kind === 'bytes' && body.bytes.length > LONGEST_READ_BYTES) return undefined;
  try {
    const { parsed } = readReceived(NEWEST.name, body);
    return parsed.ok ? parsed.event : undefined;
  } catch {
    // It is not verified: it may be nested deeper than anything QBitFlow sends.
    return undefined;
  }
}
