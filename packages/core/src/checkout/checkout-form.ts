import type { ApiGeneration } from '../api/client.js';
import type { CheckoutKind } from './params.js';

/** Which checkout is being opened, and where: what its fields are, and what they may be, depends on it. */
export interface CheckoutForm {
  readonly generation: ApiGeneration;
  readonly kind: CheckoutKind;
  /** Whose money, where the API key says so; else it is the API's to judge. */
  readonly mode?: 'live' | 'test' | undefined;
  /** Where the routes are mounted, without a slash at its end. */
  readonly publicUrl?: string | undefined;
}
