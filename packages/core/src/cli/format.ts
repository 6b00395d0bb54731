import { asError, cut } from '../as-error.js';
import { isQBitFlowError } from '../errors.js';
import type { AttemptRecord } from '../store/attempt-record.js';
import type { ListFilter, StoredDelivery, StoreStats } from '../store/durable-store.js';

/** Turns what a store says into lines. */
export interface Format {
  delivery(delivery: StoredDelivery): string;
  /** How the next page is asked for. */
  more(nextCursor: string): string;
  /** What is said, beside the list, of one that is empty; absent where no line says it. */
  nothing?(filter: ListFilter): string;
  details(delivery: StoredDelivery): string;
  stats(stats: StoreStats): string;
  /** What was done: `text` for people, `facts` for programs. */
  done(text: string, facts: Readonly<Record<string, unknown>>): string;
}

const at = (ms: number): string => new Date(ms).toISOString();

/** As much of a reason as a line of a list has room for. */
const SHORT_REASON = 120;

/** For people: columns, and details a line each. */
export const forPeople: Format = {
  delivery({ state, at: time, started, type, key, lastError }) {
    const columns = [state.padEnd(7), at(time), String(started).padStart(2), type.padEnd(28), key];
    const reason = lastError === undefined ? '' : cut(onOneLine(lastError), SHORT_REASON);
    return [...columns, ...(reason === '' ? [] : [reason])].join('  ');
  },
  more: (nextCursor) => `more: --cursor ${nextCursor}`,
  nothing({ limit: _limit, ...filter }) {
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    return isFiltered ? 'no delivery matches' : 'there are no deliveries in this store';
  },
  details(delivery) {
    const { raw, headers: _headers, attempts = [], webhook, ...facts } = delivery;
    const { receivedAt, recordedAt, at: time, leaseUntil, ...plain } = facts;
    const times = { receivedAt: at(receivedAt), recordedAt: at(recordedAt), at: at(time) };
    const held = leaseUntil === undefined ? {} : { leaseUntil: at(leaseUntil) };
    const lines = Object.entries({ ...plain, ...times, ...held }).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name.padEnd(12)} ${textOf(value)}`],
    );
    return [
      ...lines,
      '',
      ...timelineOf(delivery, attempts),
      '',
      Buffer.from(raw).toString('utf8'),
      ...(webhook === undefined ? [] : ['', Buffer.from(webhook.raw).toString('utf8')]),
    ].join('\n');
  },
  stats: (stats) =>
    Object.entries(stats)
      .map(([name, value]) => `${name.padEnd(15)} ${value}`)
      .join('\n'),
  done: (text) => text,
};

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What happened, in its order: attempts have the time of the process that made them, the rest that of the store. */
function timelineOf(
  { receivedAt, recordedAt, at: since, state, webhook, source, duplicates = 0 }: StoredDelivery,
  attempts: readonly AttemptRecord[],
): readonly string[] {
  const webhookCame =
    webhook === undefined ? [] : [`${at(webhook.receivedAt)}  received (webhook ${webhook.id})`];
  const again = duplicates === 0 ? [] : [`came again ${duplicates} times`];
  return [
    `${at(receivedAt)}  received (${source})`,
    `${at(recordedAt)}  recorded`,
    ...webhookCame,
    ...attempts.flatMap(linesOfAttempt),
    ...(state === 'running' ? [] : [`${at(since)}  ${state}`]),
    ...again,
  ];
}

function linesOfAttempt(attempt: AttemptRecord): readonly string[] {
  const { number, startedAt, durationMs, outcome, holder, handlers } = attempt;
  const where = holder === undefined ? '' : ` by ${holder}`;
  const head = `${at(startedAt)}  attempt ${number}${where}: ${outcome} after ${durationMs} ms`;
  const each = handlers.flatMap(({ handler, durationMs: took, error, stack }) => [
    `${' '.repeat(26)}${handler}, ${took} ms: ${error === undefined ? 'succeeded' : onOneLine(error)}`,
    ...(stack === undefined ? [] : [indented(stack)]),
  ]);
  return [head, ...each];
}

function indented(text: string): string {
  return text.replace(/^/gm, ' '.repeat(28));
}

/** For programs: one JSON value a line; bodies are base64. */
export const forPrograms: Format = {
  delivery: ({ raw: _raw, webhook, ...facts }) => {
    const { raw: _webhookRaw, ...came } = webhook ?? {};
    return JSON.stringify(webhook === undefined ? facts : { ...facts, webhook: came });
  },
  more: (nextCursor) => JSON.stringify({ nextCursor }),
  details: ({ raw, webhook, ...facts }) =>
    JSON.stringify({
      ...facts,
      raw: base64(raw),
      ...(webhook === undefined ? {} : { webhook: { ...webhook, raw: base64(webhook.raw) } }),
    }),
  stats: (stats) => JSON.stringify(stats),
  done: (_text, facts) => JSON.stringify(facts),
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const LONGEST_REASON = 500;

/** Why a command failed, on one line, without the user and password of any URL in it. */
export function reasonOf(thrown: unknown): string {
  const error = asError(thrown);
  const said = oneLine(error);
  // What is misconfigured is said in full.
  const isPlain = isQBitFlowError(error) && error.code === 'misconfigured';
  const cause = isPlain || error.cause === undefined ? '' : oneLine(asError(error.cause));
  return cause === '' || said.includes(cause) ? said : `${said} (${cause})`;
}

/** Node's own refusals of connections come as errors without a message. */
function oneLine(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  const text = error.message || (typeof code === 'string' ? code : error.name);
  return withoutPassword(cut(onOneLine(text), LONGEST_REASON));
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** What stands between the scheme and the host of a URL. */
function withoutPassword(text: string): string {
  return text.replace(/([a-z][a-z\d+.-]*:\/{1,2})[^/\s@]*@/gi, '$1…@');
}
