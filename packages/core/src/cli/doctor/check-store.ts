import { randomUUID } from 'node:crypto';
import { processesIn, NOTES } from '../../activity/notes.js';
import { withTimeout } from '../../clock.js';
import { QBitFlowError } from '../../errors.js';
import { silentLogger, type LogMethod } from '../../logger.js';
import type { DurableStore } from '../../store/durable-store.js';
import { reasonOf } from '../format.js';
import { findStore, type OpenedStore } from '../open-store.js';
import { fail, type Finding, ok, quoted, skipped, warn } from './finding.js';
import type { KitFacts } from './probe-answer.js';
import type { SetUp } from './set-up.js';

/** How long a store may take for one answer, in ms. */
const PATIENCE_MS = 10_000;

/** Looks into the store: whether it can be worked with, whether somebody does, and what waits in it. */
export async function* checkStore(
  setUp: SetUp,
  kit: KitFacts | undefined,
): AsyncGenerator<Finding, void> {
  const { store: spec, folder, clock } = setUp;
  if (spec === undefined) {
    yield skipped(
      'store',
      'give --store sqlite:<file>, redis://…, postgres://… or a file that exports it, or QBITFLOW_STORE',
    );
    return;
  }
  const patiently: Patience = async (what, work) =>
    withTimeout({ clock, timeoutMs: PATIENCE_MS, late: () => hangs(what) }, work);
  let opened: OpenedStore;
  try {
    opened = await patiently('open', async () => findStore(spec, { folder, isNewFine: false }));
  } catch (error) {
    yield fail('store', reasonOf(error));
    return;
  }
  const { store, close } = opened;
  try {
    yield* lookInto(store, kit, patiently);
  } finally {
    await patiently('close', close).catch(() => undefined);
  }
}

type Patience = <T>(what: string, work: () => Promise<T>) => Promise<T>;

function hangs(what: string): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `it did not ${what} within ${PATIENCE_MS / 1_000} s: is it running and reachable?`,
  );
}

async function* lookInto(
  store: DurableStore,
  kit: KitFacts | undefined,
  patiently: Patience,
): AsyncGenerator<Finding, void> {
  const risks: string[] = [];
  const note: LogMethod = (_facts, message) => void risks.push(quoted(message));
  try {
    const schema = await patiently('answer', async () => schemaOf(store));
    yield ok('store', `${store.name} answers`);
    if (schema !== undefined) yield schema;
    // Opening it would make a schema, or change the one that is there.
    if (schema?.status === 'fail') return;
    const start = { concurrency: 0, logger: { ...silentLogger, warn: note } };
    await patiently('open', async () => store.init?.(start));
  } catch (error) {
    yield fail('store', reasonOf(error));
    return;
  }
  yield* aboutDurability(store, kit, risks);
  for (const [check, ask] of [
    ['writable', write],
    ['worker', findWorkers],
    ['inbox', countInbox],
  ] as const) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one line after the other
      yield await patiently('answer', async () => ask(store, kit));
    } catch (error) {
      yield fail(check, reasonOf(error));
    }
  }
}

async function schemaOf(store: DurableStore): Promise<Finding | undefined> {
  const schema = await store.schema?.();
  if (schema === undefined) return undefined;
  const { found, current } = schema;
  if (found === undefined)
    return fail('schema', 'there is none yet', 'start your app once: the kit makes it');
  if (found < current)
    return fail(
      'schema',
      `it is of version ${found}, and this package works with ${current}`,
      'start your app with this version of the package, which brings it up to date',
    );
  if (found > current)
    return fail(
      'schema',
      `it is of version ${found}, and this package knows ${current}`,
      `a newer @qbitflow/store-${store.name} made it: update the one here`,
    );
  return ok('schema', `of version ${found}, as this package has it`);
}

function* aboutDurability(
  { name, durable }: DurableStore,
  kit: KitFacts | undefined,
  risks: readonly string[],
): Generator<Finding, void> {
  if (kit?.store !== undefined && kit.store !== name)
    yield warn(
      'store',
      `this is ${name}, and the kit behind the URL keeps its deliveries in ${kit.store}`,
      'give the store that the app has, or the app this store',
    );
  for (const risk of risks) yield warn('durable', risk);
  if (!durable)
    yield warn(
      'durable',
      `${name} forgets what was not handled when its process ends`,
      'use sqliteStore, redisStore or postgresStore',
    );
  else if (risks.length === 0) yield ok('durable', 'what is recorded outlives the process');
}

const TEXT = 'written by qbitflow doctor';

/** Writes a note, reads it and takes it back. */
async function write(store: DurableStore): Promise<Finding> {
  if (store.putNote === undefined || store.notes === undefined) {
    // It keeps no notes: discarding what is not there asks for the right to write, and changes nothing.
    await store.discard(`doctor:${randomUUID()}`);
    return ok('writable', 'a change of nothing was taken');
  }
  const name = `doctor/${randomUUID()}`;
  await store.putNote(name, TEXT, { keepMs: PATIENCE_MS });
  const found = await store.notes(name);
  await store.putNote(name, '', { keepMs: 0 });
  return found.some(({ text }) => text === TEXT)
    ? ok('writable', 'a note was written, read and taken back')
    : fail(
        'writable',
        'a note was written, and is not there',
        'it may be a replica that lags behind: give the primary',
      );
}

async function findWorkers(store: DurableStore, kit: KitFacts | undefined): Promise<Finding> {
  if (store.notes === undefined)
    return skipped('worker', 'this store keeps no notes about who works with it');
  if (kit?.processing === 'before-reply')
    return skipped('worker', 'the kit runs its handlers before each answer: none need be there');
  const processes = processesIn(await store.notes(NOTES.process));
  const workers = processes.filter(({ concurrency }) => concurrency > 0).map(({ name }) => name);
  const shown = [...workers.slice(0, 3), ...(workers.length > 3 ? ['…'] : [])].join(', ');
  if (workers.length > 0)
    return ok(
      'worker',
      `${workers.length === 1 ? '1 process runs' : `${workers.length} processes run`} handlers: ${shown}`,
    );
  const receivers = processes.length === 0 ? '' : ` (${processes.length} only take deliveries in)`;
  return fail(
    'worker',
    `no process runs handlers on this store${receivers}`,
    "start the app, and let it call qbitflow.start() without processing: 'elsewhere'; one that has just started says so within ten seconds",
  );
}

const LONG_MS = 300_000;

async function countInbox(store: DurableStore): Promise<Finding> {
  const { due, dead, unhandled, oldestDueAgeMs } = await store.stats();
  const faults = [
    ...(oldestDueAgeMs > LONG_MS
      ? [`${due} due, the oldest for ${Math.round(oldestDueAgeMs / 60_000)} min`]
      : []),
    ...(dead > 0 ? [`${dead} dead (qbitflow deliveries list --state dead)`] : []),
    ...(unhandled > 0
      ? [`${unhandled} that no handler has seen (qbitflow deliveries list --unhandled)`]
      : []),
  ];
  if (faults.length > 0) return warn('inbox', faults.join('; '));
  return ok('inbox', `${due === 0 ? 'nothing waits' : `${due} due`}, no dead letters`);
}
