import { parseArgs } from 'node:util';
import { QBitFlowError } from '../errors.js';
import type { DeliveryState, DurableStore, ListFilter } from '../store/durable-store.js';
import { forPeople, forPrograms, type Format } from './format.js';
import { openStore } from './open-store.js';
import { USAGE } from './usage.js';

/** What a command works with. */
export interface Surroundings {
  /** The merchant's project. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
}

interface Command {
  readonly store: DurableStore;
  readonly key: string;
  readonly filter: ListFilter;
  readonly format: Format;
  readonly write: (line: string) => void;
}

const OPTIONS = {
  store: { type: 'string' },
  state: { type: 'string' },
  type: { type: 'string' },
  subject: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const ACTIONS: ReadonlyMap<string, (command: Command) => Promise<number>> = new Map([
  ['list', list],
  ['show', show],
  ['replay', async (command) => said(command, 'replayed', await command.store.replay(command.key))],
  [
    'discard',
    async (command) => said(command, 'discarded', await command.store.discard(command.key)),
  ],
  ['stats', async ({ store, format, write }) => (write(format.stats(await store.stats())), 0)],
]);

/** Runs one command; resolves with the exit code: 0 done, 1 the delivery was not as expected, 2 a wrong call. */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { folder, env, write } = surroundings;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
  });
  const [topic, verb = '', key = ''] = positionals;
  const action = topic === 'deliveries' ? ACTIONS.get(verb) : undefined;
  const spec = values.store ?? env['QBITFLOW_STORE'];
  const needsKey = ['show', 'replay', 'discard'].includes(verb);
  if (values.help || action === undefined || spec === undefined || (needsKey && key === '')) {
    write(USAGE);
    return values.help ? 0 : 2;
  }
  const filter = filterOf(values);
  const { store, close } = await openStore(spec, folder);
  try {
    return await action({
      store,
      key,
      filter,
      write,
      format: values.json ? forPrograms : forPeople,
    });
  } finally {
    await close();
  }
}

function filterOf(values: Readonly<Record<string, string | boolean | undefined>>): ListFilter {
  const { state, type, subject, limit, cursor } = values;
  if (state !== undefined && !isState(state))
    throw new QBitFlowError('misconfigured', '--state is one of due, running, done, dead');
  const text = (value: string | boolean | undefined): string | undefined =>
    typeof value === 'string' ? value : undefined;
  const count = limit === undefined ? undefined : Number(limit);
  if (count !== undefined && !(Number.isInteger(count) && count > 0))
    throw new QBitFlowError('misconfigured', '--limit is a whole number from 1');
  return { state, type: text(type), subject: text(subject), limit: count, cursor: text(cursor) };
}

function isState(value: unknown): value is DeliveryState {
  return value === 'due' || value === 'running' || value === 'done' || value === 'dead';
}

async function list({ store, filter, format, write }: Command): Promise<number> {
  const { items, nextCursor } = await store.list(filter);
  for (const item of items) write(format.delivery(item));
  if (nextCursor !== undefined && format === forPeople) write(`more: --cursor ${nextCursor}`);
  return 0;
}

async function show({ store, key, format, write }: Command): Promise<number> {
  const delivery = await store.get(key);
  write(delivery === undefined ? `no delivery has the key ${key}` : format.details(delivery));
  return delivery === undefined ? 1 : 0;
}

function said({ write, key }: Command, what: string, worked: boolean): number {
  write(worked ? `${key} ${what}` : `${key} is no dead letter, nothing was ${what}`);
  return worked ? 0 : 1;
}
