/** For two module formats: a store may have been built against the other one. */
const VALUE = Symbol.for('@qbitflow/core/settled');

/**
 * A promise of what is there already. For a store in this process that never waits: the kit then goes on in the same step,
 * without a timer and five promises, 6 µs of every delivery. Whoever awaits it sees a promise like any other.
 */
export function settled<Value extends object | string>(value: Value): Promise<Value> {
  return Object.assign(Promise.resolve(value), { [VALUE]: value });
}

/** What is there already, or its promise. */
export type Soon<Value> = Value | Promise<Value>;

/** The value of a promise that {@link settled} made, else the promise itself. */
export function soon<Value extends object | string>(promise: Promise<Value>): Soon<Value> {
  const value: unknown = Reflect.get(promise, VALUE);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `settled` put it there, with the promise's own type
  return value === undefined ? promise : (value as Value);
}

/** Whether it has to be waited for. */
export function isPending<Value>(value: Soon<Value>): value is Promise<Value> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

const STARTS_NOTHING = Symbol.for('@qbitflow/core/starts-nothing');

/** Marks a store none of whose methods leaves anything behind: no timer, connection or promise that goes on after its call. */
export function startingNothing<Store extends object>(store: Store): Store {
  // Not enumerable: whoever spreads it into a store of their own has methods of their own.
  return Object.defineProperty(store, STARTS_NOTHING, { value: true });
}

/** Whether it was marked itself; what merely inherits from a marked one was not. */
export function startsNothing(store: object): boolean {
  return Object.hasOwn(store, STARTS_NOTHING);
}
