/**
 * Whether the hot path takes its shortcuts: the usual header read by one expression, a schema's quick yes, a store's answer
 * without a promise. Each has a full way beside it that decides the same; tests set this symbol before they load the kit,
 * and run the same suites without any shortcut.
 */
export const takesShortcuts =
  Reflect.get(globalThis, Symbol.for('@qbitflow/core/no-shortcuts')) !== true;
