import { canonicalJson } from '@qbitflow/core';
import type { Context } from 'koa';
import { CheckoutError } from '../../checkout/checkout-error.js';
import { openSession } from '../../checkout/open-session.js';
import type { Machine } from '../../machine.js';
import { rfc3339 } from '../../rfc3339.js';
import type { Session, SessionKind } from '../../state/session.js';
import type { JsonObject } from '../../wire/cast.js';
import { ValidationError } from '../api-error.js';
import { readJson } from '../read-json.js';
import { readTermsV2 } from './read-terms.js';

/** `POST …/new/payment` and `…/new/subscription`: 201, the same session for the same `Idempotency-Key`. */
export async function createSessionV2(
  machine: Machine,
  kind: SessionKind,
  context: Context,
): Promise<void> {
  const body = await readJson(context);
  const key = idempotencyKey(context);
  const fingerprint = `${kind} ${canonicalJson(body)}`;
  const session = earlier(machine, key, fingerprint) ?? open(machine, kind, body);
  if (key !== '') machine.keyedCreates.set(key, { fingerprint, sessionUuid: session.uuid });
  context.status = 201;
  context.body = {
    link: session.link,
    uuid: session.uuid,
    expiresAt: rfc3339(session.expiresAt),
  };
}

function idempotencyKey(context: Context): string {
  const key = context.get('idempotency-key');
  if (/^[\x20-\x7e]{0,255}$/.test(key)) return key;
  throw new ValidationError([
    { field: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters' },
  ]);
}

function earlier(machine: Machine, key: string, fingerprint: string): Session | undefined {
  const create = machine.keyedCreates.get(key);
  if (create === undefined) return undefined;
  if (create.fingerprint === fingerprint) return machine.sessions.find(create.sessionUuid);
  throw new CheckoutError('key_reused', 'this Idempotency-Key came before, with another request');
}

function open(machine: Machine, kind: SessionKind, body: JsonObject): Session {
  const terms = readTermsV2(body, kind, machine.settings.priceCapUsd);
  const { reference } = terms;
  if (reference !== undefined && machine.sessions.findByReference(reference) !== undefined)
    throw new CheckoutError('reference_taken', `the reference ${reference} is taken already`);
  return openSession(machine, terms);
}
