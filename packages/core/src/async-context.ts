import type { AsyncResource } from 'node:async_hooks';

/** Looked up, not imported: a runtime without async contexts has none to keep apart, and the kit works there as well. */
const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks');

/**
 * Made where this module is loaded, not where a kit is created: many an app creates its kit in its first request, and
 * would then run every handler in that request's context.
 */
const origin = newResource();

function newResource(): AsyncResource | undefined {
  return hooks === undefined ? undefined : new hooks.AsyncResource('QBitFlow');
}

/**
 * Runs `work` outside any async context: what it starts (timers, connections, handlers) sees no request's
 * `AsyncLocalStorage`, keeps none of its state alive and belongs to none of its traces. Whoever awaits the result stays
 * in their own. For work that serves many, or goes on when its caller has gone.
 */
export function detached<Result>(work: () => Result): Result {
  if (origin === undefined) return work();
  // In a resource of its own: `enterWith` in a handler, or in what instruments a client, would change `origin` for good.
  return origin.runInAsyncScope(inResourceOfItsOwn<Result>, undefined, work);
}

function inResourceOfItsOwn<Result>(work: () => Result): Result {
  const resource = newResource();
  return resource === undefined ? work() : resource.runInAsyncScope(work);
}

/** The same function, always called in the async context of this moment, whoever calls it. */
export function inThisContext<Args extends readonly unknown[], Result>(
  callback: (...args: Args) => Result,
): (...args: Args) => Result {
  const resource = newResource();
  if (resource === undefined) return callback;
  return (...args) => resource.runInAsyncScope(() => callback(...args));
}
