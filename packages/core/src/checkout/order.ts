import { createHash, randomUUID } from 'node:crypto';
import type { ApiGeneration } from '../api/client.js';
import type { CheckoutKind, CheckoutTerms } from './params.js';
import { createBodyV1 } from './v1/create-body.js';
import { createBodyV2 } from './v2/create-body.js';

/** One checkout as it is asked for: the same order on the same terms has the same fingerprint in every process. */
export interface Order {
  readonly kind: CheckoutKind;
  readonly reference: string | undefined;
  /** What is sent. */
  readonly body: object;
  /** Of the kind and all that is sent: it changes with any of the terms. */
  readonly fingerprint: string;
}

const DIGEST_LENGTH = 22;

/** The order that checked parameters are for. */
export function orderOf(
  kind: CheckoutKind,
  terms: CheckoutTerms,
  generation: ApiGeneration,
): Order {
  const body = generation === 'v1' ? createBodyV1(terms) : createBodyV2(terms);
  const digest = createHash('sha256')
    .update(`${kind} ${JSON.stringify(body)}`)
    .digest('base64url');
  return {
    kind,
    reference: terms.reference,
    body,
    fingerprint: digest.slice(0, DIGEST_LENGTH),
  };
}

/**
 * The `Idempotency-Key` of a v2 create: kind, reference, terms and a generation, which counts the sessions of these
 * terms that are over. Every process comes to the same one, so a double click and a restart open no second session.
 * Without a reference each call has a key of its own, which only its retries share.
 */
export function idempotencyKeyOf(order: Order, generation: number): string {
  const { kind, reference, fingerprint } = order;
  if (reference === undefined) return randomUUID();
  return `qbitflow-kit:${kind}:${reference}:${fingerprint}:${generation}`;
}

/** Where an order's checkout is created, below the API's base. */
export function createPathOf({ kind }: Order): string {
  return `/transaction/session-checkout/new/${kind}`;
}
