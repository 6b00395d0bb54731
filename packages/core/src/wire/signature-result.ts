/** Why a delivery's signature was not accepted. Goes to the log, never to the sender. */
export type Refusal =
  | 'missing_header'
  | 'malformed_header'
  | 'timestamp_outside_tolerance'
  | 'no_matching_signature'
  | 'unreadable_body';

/** Outcome of checking a signature with local secrets; `hint` names a likely cause for the log. */
export type SignatureCheck =
  | { readonly result: 'genuine' }
  | { readonly result: 'refused'; readonly reason: Refusal; readonly hint?: string };

/** A refusal, with a hint where one is known. */
export function refused(reason: Refusal, hint?: string): SignatureCheck {
  return hint === undefined ? { result: 'refused', reason } : { result: 'refused', reason, hint };
}
