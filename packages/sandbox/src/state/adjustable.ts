/** One value that can be changed while the sandbox runs. */
export interface Adjustable<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
}

/** Starts with `first`. */
export function createAdjustable<Value>(first: Value): Adjustable<Value> {
  let current = first;
  return {
    get: () => current,
    set: (value) => {
      current = value;
    },
  };
}
