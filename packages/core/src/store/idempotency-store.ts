/**
 * The smallest store: remembers which keys are done, so that several instances do not run one event twice.
 * Anything with an atomic "set if absent" can be one; the work itself waits in memory.
 *
 * ```text
 *  absent ── claim ──▶ running ── complete ──▶ done
 *     ▲                  │  ▲
 *     └──── release ─────┘  └── claim, once the lease has lapsed (a new token)
 * ```
 *
 * - **lease**: how long a claim holds (ms) before another process may claim the key.
 * - **token**: names one claim. `complete` and `release` with an outdated token change nothing and say `false`.
 */
export interface IdempotencyStore {
  /** Claims a key in one atomic step. Of any number of claims at once, one is `claimed`. */
  claim(key: string, options: { readonly leaseMs: number }): Promise<ClaimResult>;
  /** running → done. `false`: the lease lapsed and somebody else has the key. */
  complete(key: string, token: string): Promise<boolean>;
  /** running → absent, so that the key can be claimed again. `false` as above. */
  release(key: string, token: string): Promise<boolean>;
}

/** The three answers to a claim. */
export type ClaimResult =
  | { readonly status: 'claimed'; readonly token: string }
  | { readonly status: 'running' }
  | { readonly status: 'done' };
