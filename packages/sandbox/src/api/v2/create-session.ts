import { canonicalJson } from '@qbitflow/core';
import type { Context } from 'koa';
import { CheckoutError } from '../../checkout/checkout-error.js';
import { openSession } from '../../checkout/open-session.js';
import type { KeyedCreate, Machine } from '../../machine.js';
import { rfc3339 } from '../../rfc3339.js';
import type { Session, SessionKind } from '../../state/session.js';
import type { JsonObject } from '../../wire/cast.js';
import { ValidationError } from '../api-error.js';
import { readJson } from '../read-json.js';
import { readTermsV2 } from './read-terms.js';

/** How long a create is remembered by its key, as at QBitFlow: 24 h, in ms. */
const KEY_LIFE_MS = 24 * 3_600_000;

/** `POST …/new/payment` and `…/new/subscription`: 201, for 24 hours the same session for the same `Idempotency-Key`. */
export async function createSessionV2(
  machine: Machine,
  kind: SessionKind,
  context: Context,
): Promise<void> {
  const body = await readJson(context);
  const key = idempotencyKey(context);
  const fingerprint = `${kind} ${canonicalJson(body)}`;
  const answer = earlier(machine, key, fingerprint) ?? answerOf(open(machine, kind, body));
  remember(machine, key, { fingerprint, answer });
  context.status = 201;
  context.body = answer;
}

function answerOf({ link, uuid, expiresAt }: Session): JsonObject {
  return { link, uuid, expiresAt: rfc3339(expiresAt) };
}

function idempotencyKey(context: Context): string | undefined {
  const key = context.headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)))
    return key;
  throw new ValidationError([
    { field: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters, no spaces' },
  ]);
}

function earlier(
  machine: Machine,
  key: string | undefined,
  fingerprint: string,
): JsonObject | undefined {
  const create = key === undefined ? undefined : machine.keyedCreates.get(key);
  if (create === undefined || machine.settings.clock.now() - create.at >= KEY_LIFE_MS)
    return undefined;
  if (create.fingerprint === fingerprint) return create.answer;
  throw new CheckoutError('key_reused', 'this Idempotency-Key came before, with another request');
}

/** Only what succeeded is remembered, and a replay does not make the memory younger. */
function remember(
  { keyedCreates, settings }: Machine,
  key: string | undefined,
  create: Omit<KeyedCreate, 'at'>,
): void {
  if (key === undefined || keyedCreates.get(key)?.answer === create.answer) return;
  keyedCreates.set(key, { ...create, at: settings.clock.now() });
}

function open(machine: Machine, kind: SessionKind, body: JsonObject): Session {
  const terms = readTermsV2(body, kind, machine.settings.priceCapUsd);
  const { reference } = terms;
  if (reference !== undefined && machine.sessions.findHolder(reference) !== undefined)
    throw new CheckoutError('reference_taken', `the reference ${reference} is taken already`);
  return openSession(machine, terms);
}
