/** A deep copy of a JSON value. jsdom has no `structuredClone`. */
export function copyOf<Value>(value: Value): Value {
  return globalThis.structuredClone?.(value) ?? JSON.parse(JSON.stringify(value));
}
