import type { SessionTerms } from '../state/session.js';
import type { Fields } from './fields.js';

/** What a session sells. */
export type Product = Pick<
  SessionTerms,
  'productId' | 'productUuid' | 'productReference' | 'productName' | 'description' | 'price'
>;

/** What the generations want differently. */
export interface ProductRules {
  readonly idField: 'productId' | 'productUuid';
  readonly descriptionRequired: boolean;
  readonly priceCapUsd: number;
}

/** Price, in USD, of every product that the sandbox is only told the id of. */
const UNKNOWN_PRICE_USD = 1;

/** Reads the product, which must be given in exactly one of three ways. The sandbox knows every id and reference. */
export function readProduct(fields: Fields, rules: ProductRules): Product {
  const { idField, descriptionRequired, priceCapUsd } = rules;
  const inline = fields.has('productName') || fields.has('price');
  const ways = [fields.has(idField), fields.has('productReference'), inline];
  if (ways.filter(Boolean).length !== 1)
    fields.refuse(
      idField,
      `exactly one of ${idField}, productReference, or productName with price`,
    );
  if (inline) {
    const wanted = descriptionRequired
      ? ['productName', 'description', 'price']
      : ['productName', 'price'];
    for (const field of wanted) if (!fields.has(field)) fields.refuse(field, 'is required');
  }
  const productId = idField === 'productId' ? fields.number(idField, { whole: true }) : undefined;
  const productUuid = idField === 'productUuid' ? fields.text(idField, { min: 1 }) : undefined;
  const productReference = fields.text('productReference', { min: 1, max: 100 });
  return {
    productId,
    productUuid,
    productReference,
    productName:
      fields.text('productName', { min: 2, max: 100 }) ??
      `Product ${productReference ?? productUuid ?? productId ?? ''}`,
    description: fields.text('description', { min: descriptionRequired ? 2 : 0, max: 500 }),
    price: fields.number('price', { above: 0, max: priceCapUsd }) ?? UNKNOWN_PRICE_USD,
  };
}
