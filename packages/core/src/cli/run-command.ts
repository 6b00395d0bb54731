import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { systemClock, type Clock, withTimeout } from '../clock.js';
import { asError, QBitFlowError } from '../errors.js';
import type { DurableStore } from '../store/durable-store.js';
import { type CommandCall, type CommandOptions, parseCommandLine } from './command-line.js';
import {
  DELIVERY_ACTIONS,
  filterOf,
  recheckCommand,
  recoverCommand,
  STATES_OF_BULK,
} from './commands.js';
import { forPeople, forPrograms } from './format.js';
import { openStore } from './open-store.js';

/** What a command works with. */
export interface Surroundings {
  /** The merchant's project. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
  /** Where it says why something was not done. @default write */
  readonly complain?: ((line: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** That of the command itself, for `--version`. @default not known */
  readonly version?: string | undefined;
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** @default this process's */
  readonly nodeVersion?: string | undefined;
}

type Run = Extract<CommandCall, { readonly do: 'run' }>;
type Patience = <T>(what: 'answer', work: () => Promise<T>) => Promise<T>;
type Command = (store: DurableStore, patiently: Patience) => Promise<number>;

/** Runs one command; resolves with the exit code: 0 done, 1 the delivery was not as expected, 2 a wrong call. */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { write, complain = write, version = 'unknown' } = surroundings;
  const call = parseCommandLine(args);
  if (call.do === 'run') return run(call, withEnvFile(surroundings, call.options['env-file']));
  if (call.do === 'help') write(call.text);
  else if (call.do === 'version') write(version);
  else complain(call.do === 'refuse' ? call.problem : call.text);
  return call.do === 'help' || call.do === 'version' ? 0 : 2;
}

/** What is set goes before what a file says, as with Node's own `--env-file`. */
function withEnvFile(surroundings: Surroundings, file: string | undefined): Surroundings {
  if (file === undefined) return surroundings;
  try {
    const variables = parseEnv(readFileSync(resolve(surroundings.folder, file), 'utf8'));
    return { ...surroundings, env: { ...variables, ...surroundings.env } };
  } catch (cause) {
    const message = `--env-file cannot be read: ${asError(cause).message}`;
    throw new QBitFlowError('misconfigured', message, { cause });
  }
}

async function run(call: Run, surroundings: Surroundings): Promise<number> {
  const { env, write, complain = write } = surroundings;
  const spec = call.options.store || env['QBITFLOW_STORE'] || undefined;
  if (call.name === 'doctor') {
    // None of the other commands needs it.
    const { doctorCommand } = await import('./doctor/doctor.js');
    return doctorCommand(call.options, surroundings);
  }
  const command = commandOf(call, surroundings);
  const problem =
    typeof command === 'string'
      ? command
      : spec === undefined
        ? 'say which store: --store or QBITFLOW_STORE'
        : undefined;
  if (problem !== undefined || spec === undefined || typeof command === 'string') {
    complain(`qbitflow ${call.name}: ${problem} (qbitflow ${call.name} --help)`);
    return 2;
  }
  return withStore(spec, { ...surroundings, isNewFine: OF_NEW_STORES.has(call.name) }, command);
}

/** Commands that a store which has never been opened is made for; others have nothing to find there. */
const OF_NEW_STORES: ReadonlySet<string> = new Set(['recover', 'recheck']);

/** A store may hang at anything, and the operator, or a cron job's mail, has to say so. */
const LONGEST_MS = { open: 30_000, answer: 120_000, close: 10_000 } as const;

async function withStore(
  spec: string,
  { folder, isNewFine, clock = systemClock }: Surroundings & { readonly isNewFine: boolean },
  command: Command,
): Promise<number> {
  async function patiently<T>(what: keyof typeof LONGEST_MS, work: () => Promise<T>): Promise<T> {
    const timeoutMs = LONGEST_MS[what];
    return withTimeout({ clock, timeoutMs, late: () => hangs(what, timeoutMs) }, work);
  }
  const { store, close } = await patiently('open', async () =>
    openStore(spec, { folder, isNewFine }),
  );
  let code: number;
  try {
    code = await command(store, patiently);
  } catch (error) {
    // Why the command failed is what counts, not that the store does not close either.
    await patiently('close', close).catch(() => undefined);
    throw error;
  }
  await patiently('close', close);
  return code;
}

function hangs(what: string, timeoutMs: number): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `the store did not ${what} within ${timeoutMs / 1_000} s: is it running and reachable?`,
  );
}

/** What a call does with a store, or what is wrong with the call. */
function commandOf(
  { name, operand, options }: Run,
  { env, write, complain = write, clock = systemClock }: Surroundings,
): Command | string {
  const { since = '', type, json, yes } = options;
  const format = json ? forPrograms : forPeople;
  const context = { env, write, complain, clock, format };
  // The kit itself limits its calls to the API and to the store: a walk through the log may take its time.
  if (name === 'recover') return async (store) => recoverCommand({ ...context, store }, since);
  if (name === 'recheck')
    return async (store) => recheckCommand({ ...context, store }, { uuid: operand, type });
  const [, verb = ''] = name.split(' ');
  const action = DELIVERY_ACTIONS.get(verb);
  const states = STATES_OF_BULK.get(verb);
  const isBulk = operand === '' && states !== undefined;
  if (action === undefined || (isBulk && !isForAll(states, options)))
    return `say which: a <key>, or --state ${(states ?? []).join('|')} for all that match`;
  const filter = filterOf(options, clock.now());
  const about = { key: operand, filter, isConfirmed: yes };
  // Each step of a bulk action has the store's own limits: all of them together may take their time.
  if (isBulk) return async (store) => action({ ...context, store }, about);
  return async (store, patiently) =>
    patiently('answer', async () => action({ ...context, store }, about));
}

/** Whether a call without a key says enough to mean all that match. */
function isForAll(states: readonly string[], { state, unhandled, type }: CommandOptions): boolean {
  if (state !== undefined && states.includes(state)) return true;
  const isOfDone = states.includes('done');
  return isOfDone && state === undefined && unhandled === true && type !== undefined;
}
