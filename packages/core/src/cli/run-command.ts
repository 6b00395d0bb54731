import { parseArgs } from 'node:util';
import { systemClock, type Clock, withTimeout } from '../clock.js';
import { asError, QBitFlowError } from '../errors.js';
import type { DurableStore } from '../store/durable-store.js';
import {
  ACTIONS_WITH_KEY,
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
}

/** What `qbitflow --help` prints. */
const USAGE = `qbitflow: look after the deliveries in a store, and fetch back what was missed

  qbitflow deliveries list [filter] [--limit <n>] [--cursor <cursor>] --store <store>
  qbitflow deliveries show <key> --store <store>       one delivery: its timeline, attempts, body
  qbitflow deliveries replay <key> --store <store>     make a dead or done delivery due again
  qbitflow deliveries replay --state dead|done [filter] --yes --store <store>
                                                       all that match; without --yes it says how many
  qbitflow deliveries replay --unhandled --type <type> --store <store>
                                                       all of a type that were done without a handler
  qbitflow deliveries discard <key> --store <store>    forget a dead letter for good
  qbitflow deliveries discard --state dead [filter] --yes --store <store>
  qbitflow deliveries stats --store <store>
  qbitflow recover --since <time> --store <store>      fetch back from v2's event log what webhooks missed
  qbitflow recheck <uuid> [--type <type>] --store <store>
                                                       ask about one transaction (v1 has no event log)

  filter    --state due|running|done|dead, --type <type>, --subject <id>, --reference <your own>,
            --error <part of the reason>, --since <time>, --until <time> (when it was recorded),
            --unhandled (done without a handler)
  --store   sqlite:<file>, redis://…, postgres://…, or a file of yours that exports \`store\`;
            default: QBITFLOW_STORE
  recover and recheck take QBITFLOW_API_KEY and QBITFLOW_BASE_URL; what they record is handled by
  whichever process runs your handlers on that store
  <time>    RFC 3339, or a number of hours back such as 36h
  --json    one JSON value a line, for programs; the last line of a page that is not the last
            is {"nextCursor":"…"}

  Exit code: 0 done, 1 not done, 2 a wrong call; why is said on stderr`;

const OPTIONS = {
  store: { type: 'string' },
  state: { type: 'string' },
  type: { type: 'string' },
  unhandled: { type: 'boolean' },
  subject: { type: 'string' },
  limit: { type: 'string' },
  cursor: { type: 'string' },
  reference: { type: 'string' },
  error: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Call = ReturnType<typeof parseStrictly>;
type Patience = <T>(what: 'answer', work: () => Promise<T>) => Promise<T>;
type Command = (store: DurableStore, patiently: Patience) => Promise<number>;

/** Runs one command; resolves with the exit code: 0 done, 1 the delivery was not as expected, 2 a wrong call. */
export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { env, write, complain = write } = surroundings;
  const call = parse(args);
  if ('problem' in call) {
    complain(`${call.problem}\n\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = call;
  if (values.help) {
    write(USAGE);
    return 0;
  }
  const spec = values.store || env['QBITFLOW_STORE'];
  const command = commandOf(positionals, values, surroundings);
  if (command === undefined || spec === undefined || spec === '') {
    complain(
      command === undefined ? USAGE : `say which store: --store or QBITFLOW_STORE\n\n${USAGE}`,
    );
    return 2;
  }
  return withStore(spec, surroundings, command);
}

/** A store may hang at anything, and the operator, or a cron job's mail, has to say so. */
const LONGEST_MS = { open: 30_000, answer: 120_000, close: 10_000 } as const;

async function withStore(
  spec: string,
  { folder, clock = systemClock }: Surroundings,
  command: Command,
): Promise<number> {
  async function patiently<T>(what: keyof typeof LONGEST_MS, work: () => Promise<T>): Promise<T> {
    const timeoutMs = LONGEST_MS[what];
    return withTimeout({ clock, timeoutMs, late: () => hangs(what, timeoutMs) }, work);
  }
  const { store, close } = await patiently('open', async () => openStore(spec, folder));
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
  { env, write, complain = write, clock = systemClock }: Surroundings,
): Command | undefined {
  const { since, type } = values;
  const format = values.json ? forPrograms : forPeople;
  const context = { env, write, complain, clock, format };
  // The kit itself limits its calls to the API and to the store: a walk through the log may take its time.
  if (topic === 'recover' && since !== undefined)
    return async (store) => recoverCommand({ ...context, store }, since);
  if (topic === 'recheck' && first !== '')
    return async (store) => recheckCommand({ ...context, store }, { uuid: first, type });
  const action = topic === 'deliveries' ? DELIVERY_ACTIONS.get(first) : undefined;
  const isBulk = second === '' && isForAll(first, values);
  if (action === undefined || (second === '' && ACTIONS_WITH_KEY.has(first) && !isBulk))
    return undefined;
  const filter = filterOf(values, clock.now());
  const about = { key: second, filter, isConfirmed: values.yes };
  // Each step of a bulk action has the store's own limits: all of them together may take their time.
  if (isBulk) return async (store) => action({ ...context, store }, about);
  return async (store, patiently) =>
    patiently('answer', async () => action({ ...context, store }, about));
}

/** Whether a call without a key says enough to mean all that match. */
function isForAll(action: string, { state, unhandled, type }: Call['values']): boolean {
  if (state !== undefined && STATES_OF_BULK.get(action)?.includes(state) === true) return true;
  return action === 'replay' && state === undefined && unhandled === true && type !== undefined;
}
