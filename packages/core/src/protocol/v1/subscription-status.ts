/** What one of v1's statuses is called by v2, which tells apart how a subscription stands and what its customer has to do. */
export interface StatusInV2 {
  readonly status: string;
  readonly actionRequired?: string;
}

const WORDS: ReadonlyMap<string, StatusInV2> = new Map([
  ['past_due', { status: 'pastDue' }],
  ['trial_expired', { status: 'trialExpired' }],
  // Not statuses of v2: the subscription is active, and will be past due unless its customer does something.
  ['low_on_funds', { status: 'active', actionRequired: 'topUpAllowance' }],
  ['pending', { status: 'active', actionRequired: 'raiseMaximum' }],
]);

/** A status of v1's in v2's words; one newer than this kit stays as sent. */
export function wordOf(status: string): StatusInV2 {
  return WORDS.get(status) ?? { status };
}
