import type { Catalogue } from './catalogue.js';

/** English, as far as it is there when all the other words could not be loaded. */
export const bareWords = {
  apiAwayTitle: 'We cannot check your payment right now',
  apiAwayLine:
    'The payment service is not answering at the moment. This does not affect your payment: if you have already paid, please do not pay again.',
  checksAgainLine: 'This page checks again by itself.',
  checkoutFailedTitle: 'The checkout could not be opened',
  checkoutAwayLine: 'Nothing was paid. Please go back to the shop and try again in a moment.',
  backToShop: 'Back to {shop}',
} as const satisfies Partial<Catalogue>;
