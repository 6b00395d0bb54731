import type { ApiGeneration } from '../api/client.js';
import type { CheckoutForm } from './checkout-form.js';
import type { CheckoutKind } from './params.js';
import { paramNamesOf } from './params-schema.js';

/** Names other payment APIs and older QBitFlow integrations use. */
const CURES: ReadonlyMap<string, string> = new Map([
  ['webhookUrl', 'is not sent: set the address of your webhook in the QBitFlow dashboard'],
  ['idempotencyKey', 'is not yours to set: it is derived from reference'],
  ['currency', 'is not known: prices are in USD'],
  ['amount', 'is not known: did you mean price (in USD)?'],
  ['metadata', 'is not known: keep what you need under your order, and send its id as reference'],
]);

/** Says why a checkout does not take a field, and what to write instead. */
export function explainUnknownField(field: string, { generation, kind }: CheckoutForm): string {
  const names = (of: ApiGeneration, its: CheckoutKind) => paramNamesOf(of, its).includes(field);
  if (kind === 'payment' && names(generation, 'subscription'))
    return 'is for subscriptions: use createSubscription (or kind: "subscription")';
  if (kind === 'subscription' && names(generation, 'payment'))
    return 'is for payments: QBitFlow takes none on subscriptions';
  const other = generation === 'v1' ? 'v2' : 'v1';
  if (names(other, 'subscription') || names(other, 'payment')) return ofTheOther(field, generation);
  const cure = CURES.get(field);
  if (cure !== undefined) return cure;
  const meant = closest(field, paramNamesOf(generation, kind));
  return meant === undefined ? 'is not known' : `is not known: did you mean ${meant}?`;
}

function ofTheOther(field: string, generation: ApiGeneration): string {
  if (generation === 'v2') return 'belongs to v1: on a baseUrl that ends in /v2 use productUuid';
  const instead = field === 'productUuid' ? ': on a baseUrl that ends in /v1 use productId' : '';
  return `belongs to v2${instead}`;
}

function closest(field: string, names: readonly string[]): string | undefined {
  const plain = plainOf(field);
  const ranked = names
    .map((name) => ({ name, distance: distanceOf(plain, plainOf(name)) }))
    .toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= 2 ? best.name : undefined;
}

/** `customerUUID`, `customer_uuid` and `customerUuid` are one name to whoever types them. */
function plainOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 40);
}

/** How many letters must change, come or go (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [line, letter] of Array.from(a).entries()) {
    let left = line + 1;
    const next = [left];
    for (const [column, other] of Array.from(b).entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      left = Math.min(changed, left + 1, (row[column + 1] ?? 0) + 1);
      next.push(left);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
