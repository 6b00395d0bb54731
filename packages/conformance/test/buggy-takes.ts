import type { DurableStore, TypeFilter } from '@qbitflow/core';
import type { ModelData } from '../support/model/data.js';

/** A case-insensitive collation: a filter by type finds its neighbours. */
export function foldsTypes(store: DurableStore, { rows }: ModelData): DurableStore {
  const folded = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  const fold = (types: TypeFilter | undefined): TypeFilter | undefined => {
    if (types === undefined) return undefined;
    const known = [...rows.values()].map(({ delivery }) => delivery.type);
    const names = folded('only' in types ? types.only : types.except);
    const found = known.filter((type) => names.has(type.toLowerCase()));
    return 'only' in types ? { only: found } : { except: found };
  };
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, types: fold(options.types) }),
    settleUnhandled: async (options) =>
      store.settleUnhandled({ ...options, types: fold(options.types) ?? options.types }),
  };
}
