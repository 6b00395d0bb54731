/** Why a delivery's signature was not accepted. Goes to the log, never to the sender. */
export type Refusal =
  | 'missing_header'
  | 'malformed_header'
  | 'timestamp_outside_tolerance'
  | 'no_matching_signature'
  | 'unreadable_body';

/** A signature that was not accepted; `hint` names a likely cause for the log. */
export interface FailedSignature {
  readonly result: 'refused';
  readonly reason: Refusal;
  readonly hint?: string;
}

/** Outcome of checking a signature with local secrets. */
export type SignatureCheck = { readonly result: 'genuine' } | FailedSignature;

/** A refusal, with a hint where one is known. */
export function refused(reason: Refusal, hint?: string): FailedSignature {
  return hint === undefined ? { result: 'refused', reason } : { result: 'refused', reason, hint };
}
