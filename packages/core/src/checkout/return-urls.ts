import type { FieldError } from '../api/api-error.js';
import { isQBitFlowError } from '../errors.js';
import type { CheckoutForm } from './checkout-form.js';
import { returnUrl } from './return-url.js';

/** The two addresses customers come back to, as they are sent: absolute, placeholders in them, braces literal. */
export interface ReturnUrls {
  readonly successUrl?: string | undefined;
  readonly cancelUrl?: string | undefined;
}

const LONGEST_V2 = 2_048;

/**
 * Completes the given addresses: paths go below `publicUrl`, which also stands in for missing ones. `faults` tells what
 * cannot be used; what is no text is told of elsewhere.
 */
export function returnUrlsOf(
  given: Readonly<Record<string, unknown>>,
  form: CheckoutForm,
): { readonly urls: ReturnUrls; readonly faults: readonly FieldError[] } {
  const faults: FieldError[] = [];
  const complete = (field: keyof ReturnUrls, ownRoute: string): string | undefined => {
    const text = given[field] ?? (form.publicUrl === undefined ? undefined : ownRoute);
    if (typeof text !== 'string') return undefined;
    const { url, message } = completed(text, form);
    if (message !== undefined) faults.push({ field, message });
    return url;
  };
  const successUrl = complete('successUrl', '/success');
  const cancelUrl = complete('cancelUrl', '/cancel');
  return {
    urls: {
      ...(successUrl === undefined ? {} : { successUrl }),
      ...(cancelUrl === undefined ? {} : { cancelUrl }),
    },
    faults,
  };
}

interface Completed {
  readonly url?: string;
  readonly message?: string;
}

function completed(text: string, form: CheckoutForm): Completed {
  const { publicUrl } = form;
  if (text.startsWith('/') && publicUrl === undefined) return { message: PATH_WITHOUT_PUBLIC_URL };
  try {
    const url = returnUrl(text.startsWith('/') ? `${publicUrl ?? ''}${text}` : text);
    const message = faultOf(url, form);
    return message === undefined ? { url } : { message };
  } catch (error) {
    if (!isQBitFlowError(error)) throw error;
    return { message: `cannot be used: ${error.message}` };
  }
}

function faultOf(url: string, { generation, mode }: CheckoutForm): string | undefined {
  if (generation === 'v2' && url.length > LONGEST_V2)
    return `is ${url.length} characters long with its placeholders, and QBitFlow takes ${LONGEST_V2}: keep what it carries under your order, and send the reference only`;
  if (generation === 'v2' && mode === 'live' && !url.startsWith('https:'))
    return 'must start with https:// in live mode: use the public address of your shop, or a test key';
  return undefined;
}

const PATH_WITHOUT_PUBLIC_URL =
  'is a path, and where the routes are mounted is not known: give createQBitFlow a publicUrl, e.g. https://shop.example/qbitflow, or write the whole address out';
