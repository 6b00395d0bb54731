import type { SessionTerms } from '../state/terms.js';
import { PLAIN, UUID, type Fields } from './read-request.js';

/** What a session sells. */
export type Product = Pick<
  SessionTerms,
  'productId' | 'productUuid' | 'productReference' | 'productName' | 'description' | 'price'
>;

/** Price, in USD, of every product that the sandbox only knows the id of. */
const UNKNOWN_PRICE_USD = 1;
/** Above it a price in the coin's smallest units is no exact number any more. */
const MOST_USD = 1_000_000_000;

/**
 * Reads the product, which must be given in exactly one of three ways: v1's with a number, v2's with a UUID. The sandbox
 * knows every id and reference.
 */
export function readProduct(fields: Fields, idField: 'productId' | 'productUuid'): Product {
  const isV1 = idField === 'productId';
  checkWays(fields, idField);
  const productId = isV1 ? fields.number(idField, { whole: true }) : undefined;
  const productUuid = isV1 ? undefined : fields.text(idField, UUID);
  const productReference = fields.text('productReference', { min: 1, max: 100 });
  const words = isV1 ? {} : PLAIN;
  return {
    productId,
    productUuid,
    productReference,
    productName:
      fields.text('productName', { ...words, min: 2, max: 100 }) ??
      `Product ${productReference ?? productUuid ?? productId ?? ''}`,
    description: fields.text('description', { ...words, min: 2, max: 500 }),
    price: fields.number('price', { above: 0, max: MOST_USD }) ?? UNKNOWN_PRICE_USD,
  };
}

function checkWays(fields: Fields, idField: 'productId' | 'productUuid'): void {
  const inline = fields.has('productName') || fields.has('price');
  const ways = [fields.has(idField), fields.has('productReference'), inline];
  if (ways.filter(Boolean).length !== 1)
    fields.reject(
      idField,
      `exactly one of ${idField}, productReference, or productName with price`,
    );
  if (inline) fields.demand('productName', 'price');
  if (inline && idField === 'productId') fields.demand('description');
  if (!inline && idField === 'productUuid' && fields.has('description'))
    fields.reject('description', 'goes with productName and price only');
}
