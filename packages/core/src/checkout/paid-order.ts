import { QBitFlowError } from '../errors.js';

/** Whose session it is that stands in the way of another one. */
export interface PaidSession {
  readonly uuid: string;
  readonly reference: string | undefined;
}

/** The error for an order that needs no checkout any more. */
export function alreadyPaid({ uuid, reference }: PaidSession): QBitFlowError {
  return new QBitFlowError(
    'already_paid',
    `this order is paid already (${uuid}), so no checkout was opened: show the customer that it is paid, and sell anything more under a new reference`,
    { facts: { reference, uuid } },
  );
}

/** The error for an order that somebody pays at this moment, on a page whose link is not known here. */
export function paymentInProgress({ uuid, reference }: PaidSession): QBitFlowError {
  return new QBitFlowError(
    'payment_in_progress',
    `this order is being paid (${uuid}), so no checkout was opened: show the customer its status, its webhook tells how it ends`,
    { facts: { reference, uuid } },
  );
}
