/** Why a session cannot do what was asked; each API generation words it in its own way. */
export type CheckoutProblem =
  'unknown' | 'already_sent' | 'expired' | 'reference_taken' | 'key_reused' | 'not_possible';

/** Thrown by everything in this folder. */
export class CheckoutError extends Error {
  override readonly name = 'CheckoutError';

  constructor(
    readonly problem: CheckoutProblem,
    message: string,
  ) {
    super(message);
  }
}
