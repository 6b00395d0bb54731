import type { Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { DeliveryState, DurableStore, ListFilter } from '../store/durable-store.js';
import { replayAll as replayFound } from '../bulk.js';
import { replayDelivery } from '../replay-delivery.js';
import { createQBitFlow } from '../qbitflow.js';
import { silentLogger, type Logger } from '../logger.js';
import { forPeople, type Format } from './format.js';

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
export type DeliveryAction = (
  context: CommandContext,
  key: string,
  filter: ListFilter,
) => Promise<number>;

/** What `qbitflow deliveries` can do, by name. */
export const DELIVERY_ACTIONS: ReadonlyMap<string, DeliveryAction> = new Map([
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

async function list(
  { store, format, write }: CommandContext,
  _key: string,
  filter: ListFilter,
): Promise<number> {
  const { items, nextCursor } = await store.list(filter);
  for (const item of items) write(format.delivery(item));
  if (nextCursor !== undefined && format === forPeople) write(`more: --cursor ${nextCursor}`);
  return 0;
}

async function show(
  { store, format, write, complain }: CommandContext,
  key: string,
): Promise<number> {
  const delivery = await store.get(key);
  if (delivery === undefined) complain(`no delivery has the key ${key}`);
  else write(format.details(delivery));
  return delivery === undefined ? 1 : 0;
}

async function replay(context: CommandContext, key: string, filter: ListFilter): Promise<number> {
  if (key === '') return replayAll(context, filter);
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
  const isRenamed = isReplayed && outcome.key !== key;
  return answer(context, key, isRenamed ? `replayed as ${outcome.key}` : 'replayed', isReplayed);
}

async function replayAll({ store, write }: CommandContext, filter: ListFilter): Promise<number> {
  const { type = '' } = filter;
  // Which money the handlers take is known where they run: what was kept away is replayed key by key.
  const { changed } = await replayFound(store, { unhandled: true, type }, { mode: undefined });
  write(`${changed} of type ${type} replayed`);
  return 0;
}

async function discard(context: CommandContext, key: string): Promise<number> {
  return answer(context, key, 'discarded', await context.store.discard(key));
}

async function stats({ store, format, write }: CommandContext): Promise<number> {
  write(format.stats(await store.stats()));
  return 0;
}

function answer(
  { write, complain }: CommandContext,
  key: string,
  what: string,
  worked: boolean,
): number {
  if (worked) write(`${key} ${what}`);
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
    context.write(`${seen} events seen, ${recorded} recorded, ${known} known${left}`);
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
    context.write(`${reference.uuid}: ${outcome?.status ?? 'nothing final to record'}`);
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
