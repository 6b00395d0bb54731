import { randomUUID } from 'node:crypto';
import type { CheckoutKind, CheckoutTerms } from './params.js';

/**
 * The `Idempotency-Key` of a v2 create. Derived from the order's `reference`, so that a double click, another process
 * and a restart send the same one; without a reference each call has its own, which only its retries share. References
 * are at most 100 ASCII characters by then.
 */
export function idempotencyKeyOf(kind: CheckoutKind, { reference }: CheckoutTerms): string {
  return reference === undefined ? randomUUID() : `qbitflow-kit:${kind}:${reference}`;
}
