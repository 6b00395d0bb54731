import { QBitFlowError } from '../errors.js';
import type { DeliveryState, DurableStore, ListFilter } from '../store/durable-store.js';
import { replayDelivery, replayUnhandled } from '../deliveries.js';
import { forPeople, type Format } from './format.js';

/** One call of `qbitflow deliveries`. */
export interface DeliveriesCommand {
  readonly store: DurableStore;
  readonly key: string;
  readonly filter: ListFilter;
  readonly format: Format;
  readonly write: (line: string) => void;
  /** For why something was not done. */
  readonly complain: (line: string) => void;
}

/** What can be done with deliveries; each resolves with the exit code. */
export const DELIVERY_ACTIONS: ReadonlyMap<
  string,
  (command: DeliveriesCommand) => Promise<number>
> = new Map([
  ['list', list],
  ['show', show],
  ['replay', replay],
  ['discard', discard],
  ['stats', stats],
]);

/** Actions that are about one delivery. */
export const ACTIONS_WITH_KEY: ReadonlySet<string> = new Set(['show', 'replay', 'discard']);

/** The filter of the options given; throws `misconfigured` for a state or a limit that cannot be. */
export function filterOf(
  values: Readonly<Record<string, string | boolean | undefined>>,
): ListFilter {
  const { state, type, subject, limit, cursor, unhandled } = values;
  if (state !== undefined && !isState(state))
    throw new QBitFlowError('misconfigured', '--state is one of due, running, done, dead');
  const text = (value: string | boolean | undefined): string | undefined =>
    typeof value === 'string' ? value : undefined;
  const count = limit === undefined ? undefined : Number(limit);
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw new QBitFlowError('misconfigured', '--limit is a whole number from 1');
  return {
    state,
    type: text(type),
    subject: text(subject),
    unhandled: unhandled === true ? true : undefined,
    limit: count,
    cursor: text(cursor),
  };
}

function isState(value: unknown): value is DeliveryState {
  return value === 'due' || value === 'running' || value === 'done' || value === 'dead';
}

async function list({ store, filter, format, write }: DeliveriesCommand): Promise<number> {
  const { items, nextCursor } = await store.list(filter);
  for (const item of items) write(format.delivery(item));
  if (nextCursor !== undefined && format === forPeople) write(`more: --cursor ${nextCursor}`);
  return 0;
}

async function show(command: DeliveriesCommand): Promise<number> {
  const { store, key, format, write, complain } = command;
  const delivery = await store.get(key);
  if (delivery === undefined) complain(`no delivery has the key ${key}`);
  else write(format.details(delivery));
  return delivery === undefined ? 1 : 0;
}

async function replay(command: DeliveriesCommand): Promise<number> {
  const { store, key, complain } = command;
  if (key === '') return replayAll(command);
  const outcome = await replayDelivery(store, key);
  if (outcome.status === 'unreadable') {
    complain(
      `${key} still cannot be read (${outcome.problem}), nothing was replayed: update the kit, or discard it`,
    );
    return 1;
  }
  if (outcome.status === 'known') {
    complain(`${key} says what is known as ${outcome.key} already, nothing was replayed`);
    return 1;
  }
  const isRenamed = outcome.status === 'replayed' && outcome.key !== key;
  return said(
    command,
    isRenamed ? `replayed as ${outcome.key}` : 'replayed',
    outcome.status === 'replayed',
  );
}

async function replayAll({ store, filter, write }: DeliveriesCommand): Promise<number> {
  const { type = '' } = filter;
  // Which money the handlers take is known where they run: what was kept away is handed over key by key.
  const replayed = await replayUnhandled(store, type, undefined);
  write(`${replayed} of type ${type} replayed`);
  return 0;
}

async function discard(command: DeliveriesCommand): Promise<number> {
  return said(command, 'discarded', await command.store.discard(command.key));
}

async function stats({ store, format, write }: DeliveriesCommand): Promise<number> {
  write(format.stats(await store.stats()));
  return 0;
}

function said({ write, complain, key }: DeliveriesCommand, what: string, worked: boolean): number {
  if (worked) write(`${key} ${what}`);
  else complain(`${key} is no dead letter, nothing was ${what}`);
  return worked ? 0 : 1;
}
