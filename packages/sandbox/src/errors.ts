import { QBitFlowError } from '@qbitflow/core';

/** What an option or a setter throws for what cannot work. */
export function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', message);
}

/** The same for a name that is not among those there are. */
export function unknownName(kind: string, name: string, known: readonly string[]): QBitFlowError {
  return misconfigured(
    `there is no ${kind} ${JSON.stringify(name)}: choose from ${known.join(', ')}`,
  );
}

/** Why a session cannot do what was asked; each API generation words it in its own way. */
export type CheckoutProblem =
  'unknown' | 'already_sent' | 'expired' | 'not_possible' | 'invalid_input';

/** Thrown by everything that a customer or a merchant does with a session. */
export class CheckoutError extends Error {
  override readonly name = 'CheckoutError';

  constructor(
    readonly problem: CheckoutProblem,
    message: string,
  ) {
    super(message);
  }
}
