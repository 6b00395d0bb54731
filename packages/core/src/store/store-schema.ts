/** Versions of a store's schema, from 1. */
export interface StoreSchema {
  /** That of the data that is there; `undefined` where there is none yet. */
  readonly found: number | undefined;
  /** That which the store's package works with, and `init` makes. */
  readonly current: number;
}
