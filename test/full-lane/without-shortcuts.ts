// Read before a kit is loaded: everything goes the full way then, see packages/core/src/shortcuts.ts.
Reflect.set(globalThis, Symbol.for('@qbitflow/core/no-shortcuts'), true);
