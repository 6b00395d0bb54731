import { bareWords } from '../bare-words.js';
import type { Catalogue } from '../catalogue.js';

/** English. The other languages have the same words; a test compares them. */
export const words = {
  ...bareWords,
  paidTitle: 'Payment received',
  paidLine: 'Thank you. Your payment is complete.',
  paidAfterCancelTitle: 'Your payment has arrived',
  paidAfterCancelLine:
    'You left the checkout, but your payment had already been sent. It is complete; you do not need to pay again.',
  subscribedTitle: 'Subscription confirmed',
  subscribedLine: 'Thank you. Your subscription is set up.',
  subscribedAfterCancelLine:
    'You left the checkout, but your subscription had already been confirmed. You do not need to do anything else.',

  waitingTitle: 'Waiting for your payment',
  waitingLine: 'We have not seen the final confirmation yet. This usually takes a few minutes.',
  toPayLine: 'We have not seen your payment yet.',
  sentLine:
    'Your payment is on its way. We are waiting for it to appear on the network, which usually takes a minute or two.',
  confirmingLine:
    'The network is confirming your payment. This usually takes a few minutes, and longer when the network is busy.',
  tellsLine: 'Once you have paid, this page says so by itself.',
  closeLine: 'You can also close this page and come back later.',
  leftTitle: 'No payment yet',
  leftLine:
    'You left the checkout, and no payment has arrived. If you did pay, this page will say so by itself in a moment.',
  attemptFailedTitle: 'Not paid yet',
  attemptFailedLine: 'The last attempt did not go through. You can try again in the checkout.',
  crowdedTitle: 'Checking takes a little longer',
  crowdedLine:
    'Many payments are being checked at the moment. If you have already paid, please do not pay again.',

  failedTitle: 'Payment not completed',
  failedLine: 'This payment did not go through. You can go back to the shop and try again.',
  expiredTitle: 'Checkout expired',
  expiredLine:
    'This checkout ended without a payment. You can go back to the shop and start again.',
  paidAnywayLine: 'If you did pay, please contact the shop.',
  unknownTitle: 'Payment not found',
  unknownLine: 'We know of no payment under this link. If you have paid, please contact the shop.',
  invalidTitle: 'This link is incomplete',
  invalidLine: 'It names no payment. Please use the link from the checkout, or contact the shop.',

  toCheckout: 'Continue to the checkout',
  checkoutFailedLine: 'Nothing was paid. Please contact the shop.',
  noOrderLine:
    'This order could not be found, and nothing was paid. Please go back to the shop and try again.',

  contactShop: 'Contact {shop}',
  tryAgain: 'Try again',
  returnToCheckout: 'Return to the checkout',
  checkAgain: 'Check again',
  manageSubscription: 'Manage subscription',
  managePayment: 'Manage payment',
  printReceipt: 'Print receipt',
  seeOnExplorer: 'View on the block explorer',
  copy: 'Copy',
  copied: 'Copied',
  copyReference: 'Copy order reference',
  copyPaymentId: 'Copy payment ID',
  copySubscriptionId: 'Copy subscription ID',
  copyTransaction: 'Copy transaction hash',

  receipt: 'Receipt',
  orderReference: 'Order reference',
  paymentId: 'Payment ID',
  subscriptionId: 'Subscription ID',
  date: 'Date',
  paidWith: 'Paid with',
  network: 'Network',
  transaction: 'Transaction',
  price: 'Price',
  trialEnds: 'Trial ends',
  nextBill: 'Next payment',
  testPayment: 'Test payment: no real money',

  progress: 'Progress',
  stepToPay: 'Waiting for you to pay',
  stepOpened: 'Checkout opened',
  stepSent: 'Payment sent',
  stepConfirming: 'Being confirmed',
  stepPaid: 'Paid',
  stepSubscribed: 'Subscribed',

  iconPaid: 'Paid',
  iconWaiting: 'Waiting',
  iconAttention: 'Attention',
  iconFailed: 'Failed',
  iconExpired: 'Expired',
  iconUnknown: 'Not found',

  pageTitle: '{title} – {shop}',
  usd: '{amount} USD',
  dateInUtc: '{date} (UTC)',
  priceEvery: '{price} {period}',
  trialUntil: 'Free trial until {date}',
  trialLasts: 'Free trial: {duration}',

  everySeconds: { 1: 'every second', other: 'every {count} seconds' },
  everyMinutes: { 1: 'every minute', other: 'every {count} minutes' },
  everyHours: { 1: 'every hour', other: 'every {count} hours' },
  everyDays: { 1: 'every day', other: 'every {count} days' },
  everyWeeks: { 1: 'every week', other: 'every {count} weeks' },
  everyMonths: { 1: 'every month', other: 'every {count} months' },
  everyYears: { 1: 'every year', other: 'every {count} years' },
} as const satisfies Catalogue;
