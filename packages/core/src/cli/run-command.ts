import { parseArgs } from 'node:util';
import { systemClock, type Clock } from '../clock.js';
import { asError } from '../errors.js';
import type { DurableStore } from '../store/durable-store.js';
import { ACTIONS_WITH_KEY, DELIVERY_ACTIONS, filterOf } from './deliveries.js';
import { forPeople, forPrograms } from './format.js';
import { openStore } from './open-store.js';
import { recheckCommand, recoverCommand } from './recover.js';
import { USAGE } from './usage.js';

/** What a command works with. */
export interface Surroundings {
  /** The merchant's project. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
  readonly clock?: Clock | undefined;
}

const OPTIONS = {
  store: { type: 'string' },
  state: { type: 'string' },
  type: { type: 'string' },
  subject: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  since: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Call = ReturnType<typeof parseStrictly>;
type Command = (store: DurableStore) => Promise<number>;

/** Runs one command; resolves with the exit code: 0 done, 1 the delivery was not as expected, 2 a wrong call. */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { folder, env, write } = surroundings;
  const call = parse(args);
  if ('problem' in call) {
    write(`${call.problem}\n\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = call;
  const spec = values.store ?? env['QBITFLOW_STORE'];
  const command = values.help ? undefined : commandOf(positionals, values, surroundings);
  if (command === undefined || spec === undefined) {
    write(USAGE);
    return values.help ? 0 : 2;
  }
  const { store, close } = await openStore(spec, folder);
  try {
    return await command(store);
  } finally {
    await close();
  }
}

function parse(args: readonly string[]): Call | { readonly problem: string } {
  try {
    return parseStrictly(args);
  } catch (error) {
    return { problem: asError(error).message };
  }
}

function parseStrictly(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

function commandOf(
  [topic, first = '', second = '']: readonly string[],
  values: Call['values'],
  { env, write, clock = systemClock }: Surroundings,
): Command | undefined {
  const { since, type } = values;
  if (topic === 'recover' && since !== undefined)
    return async (store) => recoverCommand({ store, env, write, now: clock.now() }, since);
  if (topic === 'recheck' && first !== '')
    return async (store) =>
      recheckCommand({ store, env, write, now: clock.now() }, { uuid: first, type });
  const action = topic === 'deliveries' ? DELIVERY_ACTIONS.get(first) : undefined;
  if (action === undefined || (ACTIONS_WITH_KEY.has(first) && second === '')) return undefined;
  const filter = filterOf(values);
  const format = values.json ? forPrograms : forPeople;
  return async (store) => action({ store, key: second, filter, format, write });
}
