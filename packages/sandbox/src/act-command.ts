import { parseArgs } from 'node:util';
import { askSandbox, sandboxUrl } from './ask-sandbox.js';
import { sessionActions } from './checkout/session-actions.js';
import { misconfigured } from './errors.js';
import type { Session } from './state/sessions.js';
import { DAY_MS } from './time.js';
import { nearest } from './trigger/nearest.js';
import { type FieldChanges, readAssignment } from './trigger/set-fields.js';

/** What `qbitflow-sandbox act` and `advance` ask for. */
export type ActCommand =
  | { readonly do: 'act-help' }
  | {
      readonly do: 'act';
      readonly action: string;
      readonly uuid: string;
      readonly input: FieldChanges;
      readonly sandbox: URL;
    }
  | { readonly do: 'advance'; readonly advanceMs: number; readonly sandbox: URL };

/** Understands what follows `act`. Throws an error whose message is fit to be printed as it is. */
export function parseAct(args: readonly string[]): ActCommand {
  const { values, positionals } = parse(args);
  if (values.help === true) return { do: 'act-help' };
  const [action, uuid, ...fields] = positionals;
  if (action === undefined || uuid === undefined)
    throw misconfigured(
      'give an action and a session, such as: act refund pay@…; act --help lists the actions',
    );
  assertAction(action);
  const input = Object.fromEntries(fields.map(readAssignment));
  return { do: 'act', action, uuid, input, sandbox: sandboxUrl(values.sandbox) };
}

/** Understands what follows `advance`. Throws an error whose message is fit to be printed as it is. */
export function parseAdvance(args: readonly string[]): ActCommand {
  const { values, positionals } = parse(args);
  if (values.help === true) return { do: 'act-help' };
  const [length, ...more] = positionals;
  const advanceMs = more.length === 0 ? lengthMs(length) : undefined;
  if (advanceMs === undefined)
    throw misconfigured('give one length of time, such as: advance 30d (s, m, h, d or ms)');
  return { do: 'advance', advanceMs, sandbox: sandboxUrl(values.sandbox) };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { sandbox: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
}

function assertAction(action: string): void {
  const names = sessionActions.map(({ name }) => name);
  if (names.some((name) => name === action)) return;
  throw misconfigured(
    `there is no action ${JSON.stringify(action)}: did you mean ${nearest(action, names).join(', ')}? All: qbitflow-sandbox act --help`,
  );
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: DAY_MS / 24,
  d: DAY_MS,
};

function lengthMs(length = ''): number | undefined {
  const [, count, unit = 'ms'] = /^(\d{1,15})(ms|s|m|h|d)?$/.exec(length) ?? [];
  return count === undefined ? undefined : Number(count) * (UNIT_MS[unit] ?? 1);
}

/** Does it in a running sandbox, and says in one line what came of it. Rejects in words fit to be printed. */
export async function runAct(
  command: Exclude<ActCommand, { readonly do: 'act-help' }>,
): Promise<string> {
  if (command.do === 'advance') {
    const { advanceMs, sandbox } = command;
    const body = { advanceMs };
    const { now } = await askSandbox(sandbox, { path: '/clock', body, isAnswer: isClock });
    return `it is ${now}`;
  }
  const { action, uuid, input: body, sandbox } = command;
  const path = `/sessions/${encodeURIComponent(uuid)}/${action}`;
  const { session } = await askSandbox(sandbox, { path, body, isAnswer: isOutcome });
  const { status, subscription } = session;
  return `session ${status}${subscription === undefined ? '' : `, ${subscription.status}`} ${session.uuid}`;
}

function isClock(value: unknown): value is { readonly now: string } {
  return typeof Reflect.get(Object(value), 'now') === 'string';
}

function isOutcome(value: unknown): value is { readonly session: Session } {
  const session: unknown = Reflect.get(Object(value), 'session');
  return typeof Reflect.get(Object(session), 'uuid') === 'string';
}

const actionLines = sessionActions
  .map(({ name, summary, fields }) => {
    const line = `    ${name.padEnd(16)}${summary}`;
    const given = fields.map((field) => `${field.name}: ${field.hint}`).join('; ');
    return given === '' ? line : `${line}\n${' '.repeat(20)}${given}`;
  })
  .join('\n');

/** What `act --help` and `advance --help` print. */
export const ACT_HELP = `Does something with a session of a running sandbox, or moves its clock.

  qbitflow-sandbox act pay pay@…
  qbitflow-sandbox act refund pay@… percent=50
  qbitflow-sandbox advance 30d

  --sandbox <url>         the running sandbox (default: http://127.0.0.1:4242)
  -h, --help              this text

  actions, with what they can be told as field=value:
${actionLines}

  Everything that comes due while the clock is moved happens in its order: bills, retries, ends of trials, expiries.
`;
