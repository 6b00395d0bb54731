import type { FieldError } from '../api/api-error.js';
import { isQBitFlowError } from '../errors.js';
import { invalidCheckout } from './invalid-checkout.js';
import type { CheckoutTerms } from './params.js';
import { returnUrl } from './return-url.js';

/** The two addresses customers come back to, as they are sent: absolute, placeholders in them, braces literal. */
export interface ReturnUrls {
  readonly successUrl?: string | undefined;
  readonly cancelUrl?: string | undefined;
}

/**
 * Completes the given addresses: paths go below `publicUrl` (no slash at its end), which also stands in for missing
 * ones. Throws `invalid_checkout` for what is no http(s) address.
 */
export function returnUrlsOf(terms: CheckoutTerms, publicUrl: string | undefined): ReturnUrls {
  const faults: FieldError[] = [];
  function complete(field: keyof ReturnUrls, ownRoute: string): string | undefined {
    const given = terms[field] ?? (publicUrl === undefined ? undefined : ownRoute);
    if (given === undefined) return undefined;
    if (given.startsWith('/') && publicUrl === undefined) {
      faults.push({ field, message: PATH_WITHOUT_PUBLIC_URL });
      return undefined;
    }
    try {
      return returnUrl(given.startsWith('/') ? `${publicUrl ?? ''}${given}` : given);
    } catch (error) {
      if (!isQBitFlowError(error)) throw error;
      faults.push({ field, message: `cannot be used: ${error.message}` });
      return undefined;
    }
  }
  const urls = {
    successUrl: complete('successUrl', '/success'),
    cancelUrl: complete('cancelUrl', '/cancel'),
  };
  if (faults.length > 0) throw invalidCheckout(faults);
  return urls;
}

const PATH_WITHOUT_PUBLIC_URL =
  'is a path, and where the routes are mounted is not known: give createQBitFlow a publicUrl, e.g. https://shop.example/qbitflow, or write the whole address out';
