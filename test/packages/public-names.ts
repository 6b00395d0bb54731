/** Values that @qbitflow/core still exports for compatibility: they belong to `/adapter` or `/store`. */
export const movedNames: readonly string[] = [];
