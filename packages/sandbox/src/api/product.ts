import type { SessionTerms } from '../state/session.js';
import type { Fields, TextRule } from './fields.js';

/** What a session sells. */
export type Product = Pick<
  SessionTerms,
  'productId' | 'productUuid' | 'productReference' | 'productName' | 'description' | 'price'
>;

/** Price, in USD, of every product that the sandbox is only told the id of. */
const UNKNOWN_PRICE_USD = 1;

/** What a UUID may be. */
export const UUID: TextRule = {
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  hint: 'a UUID',
};

/** What v2 takes in names and descriptions. */
const PLAIN: TextRule = {
  pattern: /^[^\p{Cc}<>{}[\]\\|;"~^`]*$/u,
  hint: 'without control characters and < > { } [ ] \\ | ; " ~ ^ `',
};

/**
 * Reads the product, which must be given in exactly one of three ways: v1's with a number, v2's with a UUID. The sandbox
 * knows every id and reference.
 */
export function readProduct(fields: Fields, idField: 'productId' | 'productUuid'): Product {
  const isV1 = idField === 'productId';
  const inline = fields.has('productName') || fields.has('price');
  const ways = [fields.has(idField), fields.has('productReference'), inline];
  if (ways.filter(Boolean).length !== 1)
    fields.refuse(
      idField,
      `exactly one of ${idField}, productReference, or productName with price`,
    );
  if (inline) {
    const wanted = isV1 ? ['productName', 'description', 'price'] : ['productName', 'price'];
    for (const field of wanted) if (!fields.has(field)) fields.refuse(field, 'is required');
  } else if (!isV1 && fields.has('description')) {
    fields.refuse('description', 'goes with productName and price only');
  }
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
    price: fields.number('price', { above: 0 }) ?? UNKNOWN_PRICE_USD,
  };
}
