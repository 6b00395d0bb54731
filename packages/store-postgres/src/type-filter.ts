import type { TypeFilter } from '@qbitflow/core';

/** A filter as two values: whether the types are those wanted or those not wanted, and the types. */
export interface Filter {
  readonly only: boolean;
  readonly types: readonly string[];
}

/** `undefined` is every type. */
export function filterOf(filter: TypeFilter | undefined): Filter {
  if (filter === undefined) return { only: false, types: [] };
  return 'only' in filter
    ? { only: true, types: filter.only }
    : { only: false, types: filter.except };
}
