import { nameOfId, type TransactionReference } from '../api/transaction-ids.js';
import { type ClientNaming, headerOf, type HttpRequest, type HttpResponse } from '../http/http.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import { authorizeReturn } from '../return-page/authorize-return.js';
import { decideOutcome, invalidOutcome } from '../return-page/decide-outcome.js';
import { methodNotAllowed, outcomeJson } from '../return-page/render-outcome.js';
import type { ReturnOptions } from '../return-page/return-options.js';
import { checkReference, queryOf } from '../return-page/validate-query.js';
import { createEventStream, hasHeardAll } from './event-stream.js';
import { isFinal } from './is-final.js';
import type { Asker, StatusAnswer, StatusQueries } from './queries.js';
import type { StatusHub, StatusViewer } from './status-hub.js';
import type { StreamPlaces } from './stream-places.js';

/** How the status route behaves. */
export type StatusOptions = Pick<ReturnOptions, 'authorize' | 'timeoutMs'>;

/** What {@link answerStatus} works with. */
export interface StatusDeps {
  readonly hub: StatusHub;
  readonly queries: StatusQueries;
  readonly places: StreamPlaces;
  readonly clientOf: ClientNaming;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

const TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * Answers `GET …/status/:uuid`: JSON, or Server-Sent Events where they are asked for, the current state first. A
 * client that comes again after the last event is answered 204, and comes no more. For screens only: fulfilment stays
 * with the handlers.
 */
export async function answerStatus(
  deps: StatusDeps,
  request: HttpRequest,
  { authorize, timeoutMs = TIMEOUT_MS }: StatusOptions = {},
): Promise<HttpResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();
  const asked = readPath(request.url);
  if (!asked.ok) return outcomeJson(request, invalidOutcome('success'));
  // Before anybody is asked anything: it tells no more than the client has told.
  if (wantsStream(request) && hasHeardAll(headerOf(request.headers, 'last-event-id'))) return OVER;
  const { reference } = asked;
  const options = { authorize, timeoutMs };
  const unknown: StatusAnswer = { kind: 'unknown' };
  if (!(await authorizeReturn(deps, { request, reference, options })))
    return outcomeJson(request, decideOutcome('success', reference, unknown));
  const asker = { client: deps.clientOf(request), isVouched: authorize !== undefined };
  if (wantsStream(request)) return stream(deps, reference, asker);
  const answer = await deps.queries.ask(reference, timeoutMs, asker);
  return outcomeJson(request, decideOutcome('success', reference, answer));
}

function readPath(url: string): ReturnType<typeof checkReference> {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const segment = path.replace(/\/$/, '').split('/').at(-1) ?? '';
  try {
    return checkReference(decodeURIComponent(segment), queryOf(url).get('type') ?? undefined);
  } catch {
    return { ok: false, problem: 'malformed' };
  }
}

function wantsStream({ method, headers }: HttpRequest): boolean {
  return method === 'GET' && (headerOf(headers, 'accept') ?? '').includes('text/event-stream');
}

function stream(
  { hub, queries, places, clock, random }: StatusDeps,
  reference: TransactionReference,
  asker: Asker & { readonly client: string },
): HttpResponse {
  if (hub.isClosed) return BUSY;
  const leavePlace = places.take({
    id: nameOfId(reference.uuid),
    client: asker.client,
    isKnown: () => asker.isVouched === true || queries.isVouched(reference.uuid),
    end: () => events.end('busy'),
  });
  if (leavePlace === undefined) return BUSY;
  let leaveHub = (): void => undefined;
  const events = createEventStream({
    clock,
    random,
    onClose() {
      leavePlace();
      leaveHub();
    },
  });
  let last = '';
  const viewer: StatusViewer = {
    onAnswer(answer) {
      const outcome = decideOutcome('success', reference, answer);
      const data = outcomeJson(undefined, outcome).body;
      // A viewer of nothing would keep us asking for it.
      if (isFinal(answer) || answer.kind === 'unknown') events.finish(data);
      else if (data !== last) events.send(data);
      last = data;
    },
    onClosed: () => {
      events.end('interrupted');
    },
  };
  leaveHub = hub.subscribe(reference, viewer, asker);
  // What was known may have been final: then the stream has ended before anybody could leave.
  if (!events.isOpen()) leaveHub();
  return { status: 200, headers: STREAM_HEADERS, body: '', stream: events.stream };
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // no-transform: compression middleware would hold events back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
} as const;

/** The one answer after which an `EventSource` does not come again. */
const OVER: HttpResponse = { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };

const BUSY: HttpResponse = {
  status: 503,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': String(RETRY_AFTER_SECONDS),
  },
  body: '{"error":"too many viewers, please come again"}',
};
