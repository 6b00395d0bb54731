import * as z from 'zod';
import { ApiError } from '../api/api-error.js';
import type { ApiClient } from '../api/client.js';
import { QBitFlowError } from '../errors.js';
import { assertKnownOptions } from '../known-options.js';
import { lazily } from '../lazily.js';
import { EVENT_LOG } from '../protocol/v2/api.js';
import type { Runtime } from '../runtime.js';
import { eventTime } from './happened-at.js';
import type { LookOutcome, Looks } from './looks.js';

/** What to fetch back. */
export interface RecoverOptions {
  /** Events created at or after this are looked at: a Date, ms since 1970, or RFC 3339 text. */
  readonly since: Date | number | string;
  /** Ends the walk early; what was recorded until then stays. */
  readonly signal?: AbortSignal | undefined;
}

/** What a recovery found. */
export interface RecoveryReport {
  /** Events of the log that were looked at. */
  readonly seen: number;
  /** Of these, what the store lacked and has now. */
  readonly recorded: number;
  /** What was there already. */
  readonly known: number;
  /**
   * What happened before the store's memory begins, or does not say when: it may have been handled and forgotten, and
   * was left to its webhook. Absent when there was none.
   */
  readonly tooOld?: number | undefined;
  /** Whether the walk reached `since` or the log's end; `false` when it was ended early. */
  readonly complete: boolean;
}

const PAGE = 100;

const COUNTED_AS = {
  recorded: 'recorded',
  duplicate: 'known',
  too_old: 'tooOld',
  undated: 'tooOld',
} as const satisfies Record<LookOutcome['status'], keyof RecoveryReport>;

const pageSchema = lazily(() =>
  z.looseObject({
    // What is wrong inside an event is found, and kept, where it is recorded: it must not stop the walk.
    items: z.array(z.looseObject({ createdAt: z.unknown().optional() })),
    nextCursor: z.string().nullish(),
  }),
);

/**
 * Walks v2's event log, newest first, and records what the store lacks, for the same handlers under the same keys; what
 * is older than the store's memory is counted only. It may run at any time, twice at once and on every instance.
 * Rejects with `ApiError` when the log cannot be read.
 */
export async function recover(
  runtime: Runtime,
  looks: Looks,
  options: RecoverOptions,
): Promise<RecoveryReport> {
  assertKnownOptions('recover', options, ['since', 'signal']);
  const { since, signal } = { ...options };
  const { tooOld, ...found } = await walk(runtime, looks, toMs(since), signal);
  if (tooOld === 0) return found;
  runtime.diagnostics.emit('look_left', { source: 'recovery', reason: 'too_old', count: tooOld });
  return { ...found, tooOld };
}

async function walk(
  { api, clock }: Runtime,
  looks: Looks,
  start: number,
  signal: AbortSignal | undefined,
): Promise<RecoveryReport & { readonly tooOld: number }> {
  const found = { seen: 0, recorded: 0, known: 0, tooOld: 0 };
  const pagesRead = new Set<string | undefined>();
  let cursor: string | undefined;
  do {
    if (pagesRead.has(cursor)) throw unreadable('goes round in circles');
    pagesRead.add(cursor);
    const page = signal?.aborted === true ? undefined : await readPage(api, cursor, signal);
    if (page === undefined) return { ...found, complete: false };
    for (const item of page.items) {
      if (isBefore(item.createdAt, start)) return { ...found, complete: true };
      if (signal?.aborted === true) return { ...found, complete: false };
      const happenedAt = eventTime(item, clock.now());
      const { status } = await looks.record({ body: item, happenedAt, source: 'recovery' });
      found.seen += 1;
      found[COUNTED_AS[status]] += 1;
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { ...found, complete: true };
}

/** `undefined` when `signal` ended it. */
async function readPage(
  api: ApiClient,
  cursor: string | undefined,
  signal: AbortSignal | undefined,
): Promise<z.infer<ReturnType<typeof pageSchema>> | undefined> {
  const query = { limit: PAGE, cursor };
  try {
    const page = pageSchema().safeParse(await api.request({ ...EVENT_LOG, query, signal }));
    if (page.success) return page.data;
    throw unreadable('answered with a page that cannot be read', page.error);
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    throw error;
  }
}

function unreadable(what: string, cause?: z.ZodError): ApiError {
  const cure = 'probably something else answers at baseUrl; correct it, or update this kit';
  return new ApiError('api_unreadable', `QBitFlow's event log ${what}: ${cure}`, { cause });
}

/** An event that does not say when it happened is looked at. */
function isBefore(createdAt: unknown, start: number): boolean {
  const at = typeof createdAt === 'string' ? Date.parse(createdAt) : Number.NaN;
  return at < start;
}

function toMs(since: RecoverOptions['since']): number {
  const ms = typeof since === 'string' ? Date.parse(since) : Number(since);
  if (!Number.isNaN(ms)) return ms;
  throw new QBitFlowError(
    'misconfigured',
    'since is no time: give a Date, ms since 1970, or text like 2026-11-20T00:00:00Z',
  );
}
