import type { Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { DeliveryState, DurableStore, ListFilter } from '../store/durable-store.js';
import { type BulkFilter, discardAll, replayAll } from '../bulk.js';
import { replayDelivery } from '../replay-delivery.js';
import { createQBitFlow } from '../qbitflow.js';
import { silentLogger, type Logger } from '../logger.js';
import type { Format } from './format.js';

/** What commands work with. */
export interface CommandContext {
  readonly store: DurableStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly format: Format;
  readonly write: (line: string) => void;
  /** For why something was not done, and for what an operator should know. */
  readonly complain: (line: string) => void;
}

/** What is done with deliveries: with the one under `key`, or with those that the filter lets through. Resolves with the exit code. */
export type DeliveryAction = (context: CommandContext, call: Call) => Promise<number>;

/** What an action is about. */
export interface Call {
  /** Empty where the filter says it. */
  readonly key: string;
  readonly filter: ListFilter;
  /** Whether more than one may be changed. */
  readonly isConfirmed: boolean;
}

/** What `qbitflow deliveries` can do, by name. */
export const DELIVERY_ACTIONS: ReadonlyMap<string, DeliveryAction> = new Map([
  ['list', list],
  ['show', show],
  ['replay', replay],
  ['discard', discard],
  ['stats', stats],
]);

/** Actions that may be done to all of a state that a filter finds, and to which states. */
export const STATES_OF_BULK: ReadonlyMap<string, readonly string[]> = new Map([
  ['replay', ['dead', 'done']],
  ['discard', ['dead']],
]);

/** The filter of the options given; throws `misconfigured` for a state, a time or a limit that cannot be. */
export function filterOf(
  values: Readonly<Record<string, string | boolean | undefined>>,
  now: number,
): ListFilter {
  const { state, limit, unhandled } = values;
  if (state !== undefined && !isState(state))
    throw new QBitFlowError('misconfigured', '--state is one of due, running, done, dead');
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const count = limit === undefined ? undefined : Number(limit);
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw new QBitFlowError('misconfigured', '--limit is a whole number from 1');
  return {
    state,
    type: text('type'),
    subject: text('subject'),
    reference: text('reference'),
    error: text('error'),
    recordedFrom: momentOf('since', text('since'), now),
    recordedUntil: momentOf('until', text('until'), now),
    unhandled: unhandled === true ? true : undefined,
    limit: count,
    cursor: text('cursor'),
  };
}

function isState(value: unknown): value is DeliveryState {
  return value === 'due' || value === 'running' || value === 'done' || value === 'dead';
}

/** A point in time, in ms since 1970. */
function momentOf(name: string, said: string | undefined, now: number): number | undefined {
  if (said === undefined) return undefined;
  const time = timeOf(said, now);
  const moment = typeof time === 'number' ? time : Date.parse(time);
  if (!Number.isNaN(moment)) return moment;
  throw new QBitFlowError(
    'misconfigured',
    `--${name} is a time such as 2026-10-01T12:00:00Z, or a number of hours back such as 36h`,
  );
}

async function list(
  { store, format, write, complain }: CommandContext,
  { filter }: Call,
): Promise<number> {
  const { items, nextCursor } = await store.list(filter);
  for (const item of items) write(format.delivery(item));
  if (nextCursor !== undefined) write(format.more(nextCursor));
  else if (items.length === 0 && format.nothing !== undefined) complain(format.nothing(filter));
  return 0;
}

async function show(
  { store, format, write, complain }: CommandContext,
  { key }: Call,
): Promise<number> {
  const delivery = await store.get(key);
  if (delivery === undefined) complain(`no delivery has the key ${key}`);
  else write(format.details(delivery));
  return delivery === undefined ? 1 : 0;
}

async function replay(context: CommandContext, call: Call): Promise<number> {
  const { key } = call;
  if (key === '') return replayFound(context, call);
  const { store, complain } = context;
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
  const isReplayed = outcome.status === 'replayed';
  const as = isReplayed && outcome.key !== key ? outcome.key : undefined;
  return answer(context, { key, what: 'replayed', as }, isReplayed);
}

/** Which money the handlers take is known where they run: what was kept away is replayed key by key. */
const MODE = { mode: undefined } as const;

async function replayFound(context: CommandContext, call: Call): Promise<number> {
  const { store, format, write } = context;
  const { state, type, ...others } = call.filter;
  const isByType = type !== undefined && state === undefined && onlyUnhandled(others);
  const what = isByType ? `of type ${type} replayed` : 'replayed';
  // All of a type that no handler has seen are handed to one at a word: nothing was done for any of them.
  return inBulk(context, isByType ? { ...call, isConfirmed: true } : call, async (filter) => {
    const found = await replayAll(store, filter, MODE);
    write(format.done(`${found.changed} ${what}`, { replayed: found.changed, ...found }));
  });
}

function onlyUnhandled({ unhandled, ...others }: ListFilter): boolean {
  return unhandled === true && Object.values(others).every((value) => value === undefined);
}

async function discard(context: CommandContext, call: Call): Promise<number> {
  const { store, format, write } = context;
  const { key } = call;
  if (key !== '') return answer(context, { key, what: 'discarded' }, await store.discard(key));
  return inBulk(context, call, async (filter) => {
    const found = await discardAll(store, filter);
    write(format.done(`${found.changed} discarded`, { discarded: found.changed, ...found }));
  });
}

/** Does it to all that the filter finds: to more than one only where that was confirmed. */
async function inBulk(
  { store, complain }: CommandContext,
  { filter, isConfirmed }: Call,
  work: (filter: BulkFilter) => Promise<void>,
): Promise<number> {
  const { limit, cursor, ...all } = filter;
  if (limit !== undefined || cursor !== undefined)
    throw new QBitFlowError('misconfigured', 'without a key it is all that match: no page of them');
  const matches = isConfirmed ? 1 : await countUpTo(store, all);
  if (matches > 1) {
    const many = matches > MOST_COUNTED ? `more than ${MOST_COUNTED}` : String(matches);
    complain(`${many} deliveries match, nothing was changed: add --yes to do it to all of them`);
    return 1;
  }
  await work(all);
  return 0;
}

const MOST_COUNTED = 100_000;

/** How many match, roughly once there are more than anybody wants to know. */
async function countUpTo(store: DurableStore, filter: BulkFilter): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list({ ...filter, limit: 1_000, cursor });
    count += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== undefined && count <= MOST_COUNTED);
  return count;
}

async function stats({ store, format, write }: CommandContext): Promise<number> {
  write(format.stats(await store.stats()));
  return 0;
}

function answer(
  { format, write, complain }: CommandContext,
  {
    key,
    what,
    as,
  }: { readonly key: string; readonly what: string; readonly as?: string | undefined },
  worked: boolean,
): number {
  const facts = { key, status: what, ...(as === undefined ? {} : { as }) };
  if (worked) write(format.done(`${key} ${what}${as === undefined ? '' : ` as ${as}`}`, facts));
  else complain(`${key} is no dead letter, nothing was ${what}`);
  return worked ? 0 : 1;
}

const HOUR_MS = 3_600_000;

/** Walks the event log back to `since` and says what was found. */
export async function recoverCommand(context: CommandContext, since: string): Promise<number> {
  return withKit(context, async (kit) => {
    const found = await kit.recover({ since: timeOf(since, context.clock.now()) });
    const { seen, recorded, known, tooOld } = found;
    const left = tooOld === undefined ? '' : `, ${tooOld} older than the store's memory and left`;
    context.write(
      context.format.done(`${seen} events seen, ${recorded} recorded, ${known} known${left}`, {
        ...found,
      }),
    );
    return 0;
  });
}

/** Asks about one transaction and says what became of it. */
export async function recheckCommand(
  context: CommandContext,
  reference: { readonly uuid: string; readonly type?: string | undefined },
): Promise<number> {
  return withKit(context, async (kit) => {
    const outcome = await kit.recheck(reference);
    const text = `${reference.uuid}: ${outcome?.status ?? 'nothing final to record'}`;
    const facts = { uuid: reference.uuid, status: outcome?.status ?? null };
    context.write(context.format.done(text, facts));
    return 0;
  });
}

/** The handlers are in another process: this one records only. */
async function withKit(
  { store, env, complain }: CommandContext,
  work: (kit: ReturnType<typeof createQBitFlow>) => Promise<number>,
): Promise<number> {
  const apiKey = env['QBITFLOW_API_KEY'];
  if (apiKey === undefined || apiKey === '')
    throw new QBitFlowError('misconfigured', 'set QBITFLOW_API_KEY: the API is asked with it');
  const baseUrl = env['QBITFLOW_BASE_URL'] || undefined;
  const logger: Logger = {
    ...silentLogger,
    warn({ code }, message) {
      // Said by the process that runs the handlers.
      if (code !== 'store_forgets') complain(message);
    },
  };
  const asking = { apiKey, baseUrl, webhookSecret: false } as const;
  return work(createQBitFlow({ ...asking, store, logger, processing: 'elsewhere' }));
}

function timeOf(since: string, now: number): string | number {
  const hours = /^(\d+)h$/.exec(since)?.[1];
  return hours === undefined ? since : now - Number(hours) * HOUR_MS;
}
