import { detached } from '../async-context.js';
import type { Clock } from '../clock.js';
import { startsNothing } from '../settled.js';
import type { DurableStore, NewDelivery } from './durable-store.js';
import type { IdempotencyStore } from './idempotency-store.js';
import { memoryStore } from './memory-store.js';
import { sharedStore } from './shared-on-demand.js';

/** The durable inbox of a kit that was given this store, or none. */
export function resolveStore(
  given: DurableStore | IdempotencyStore | undefined,
  clock: Clock,
): DurableStore {
  if (given === undefined) return detachedStore(memoryStore({ clock }));
  return detachedStore('takeDue' in given ? given : sharedStore(given, clock));
}

/**
 * A store whose work belongs to no request: it writes the records of many in one statement, opens connections that
 * outlive whoever came first, and listens for as long as the kit is open. What a handler does in a transaction stays in
 * the handler's own context.
 */
function detachedStore(store: DurableStore): DurableStore {
  if (startsNothing(store)) return store;
  const asKnown = putsReferences(store) ? same : withoutReference;
  // oxlint-disable-next-line typescript/unbound-method -- bound again below
  const { init, schema, onDue, completeWithin, transaction, putNote, notes } = store;
  return {
    name: store.name,
    durable: store.durable,
    record: (delivery, options) => detached(() => store.record(asKnown(delivery), options)),
    takeDue: (options) => detached(() => store.takeDue(options)),
    extend: (claim, options) => detached(() => store.extend(claim, options)),
    complete: (claim, progress) => detached(() => store.complete(claim, progress)),
    retry: (claim, options) => detached(() => store.retry(claim, options)),
    bury: (claim, options) => detached(() => store.bury(claim, options)),
    replay: (key) => detached(() => store.replay(key)),
    discard: (key) => detached(() => store.discard(key)),
    settleUnhandled: (options) => detached(() => store.settleUnhandled(options)),
    get: (key) => detached(() => store.get(key)),
    list: (filter) => detached(() => store.list(filter)),
    stats: (options) => detached(() => store.stats(options)),
    prune: (options) => detached(() => store.prune(options)),
    knownSince: () => detached(() => store.knownSince()),
    close: () => detached(() => store.close()),
    ...(schema && { schema: () => detached(() => schema.call(store)) }),
    ...(init && { init: (start) => detached(() => init.call(store, start)) }),
    ...(onDue && { onDue: (listener) => detached(() => onDue.call(store, listener)) }),
    ...(putNote && { putNote: (...note) => detached(() => putNote.apply(store, note)) }),
    ...(notes && { notes: (prefix) => detached(() => notes.call(store, prefix)) }),
    ...(completeWithin && { completeWithin: completeWithin.bind(store) }),
    ...(transaction && { transaction: transaction.bind(store) }),
  };
}

/**
 * A store that was written before there were references may have a column for each field that it is given, and none for
 * this one: it would refuse every delivery. Notes came with them.
 */
function putsReferences(store: DurableStore): boolean {
  return store.putNote !== undefined;
}

const same = (delivery: NewDelivery): NewDelivery => delivery;

function withoutReference({ reference: _reference, ...delivery }: NewDelivery): NewDelivery {
  return delivery;
}
