import { nameOfId, type TransactionReference } from '../api/transaction-ids.js';
import { createClientOf } from '../http/client-of.js';
import { headerOf, type HttpRequest, type HttpResponse } from '../http/http.js';
import { authorizeReturn } from '../return-page/authorize.js';
import { decideOutcome, invalidOutcome } from '../return-page/outcome.js';
import { methodNotAllowed, outcomeJson } from '../return-page/render.js';
import type { ReturnOptions } from '../return-page/return-options.js';
import { checkReference, queryOf } from '../return-page/return-query.js';
import type { Runtime } from '../runtime.js';
import { createEventStream, createStreamPlaces, hasReceivedLast } from './event-stream.js';
import type { StatusHub, StatusViewer } from './hub.js';
import type { Asker, StatusQueries } from './queries.js';
import { isFinal } from './transaction-status.js';

/** How the status route behaves. */
export type StatusOptions = Pick<ReturnOptions, 'authorize' | 'timeoutMs'>;

/** Answers one request of the status route. */
export type StatusHandler = (
  request: HttpRequest,
  options?: StatusOptions,
) => Promise<HttpResponse>;

const TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * Answers `GET …/status/:uuid`: JSON, or Server-Sent Events where they are asked for, the current state first. A
 * client that comes again after the last event is answered 204, and comes no more. For screens only: fulfilment stays
 * with the handlers.
 */
export function createStatusHandler(
  runtime: Runtime,
  queries: StatusQueries,
  hub: StatusHub,
): StatusHandler {
  const places = createStreamPlaces();
  const clientOf = createClientOf(runtime.settings.clientOf);

  async function handleStatus(
    request: HttpRequest,
    { authorize, timeoutMs = TIMEOUT_MS }: StatusOptions = {},
  ): Promise<HttpResponse> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();
    const asked = readPath(request.url);
    if (!asked.ok) return outcomeJson(request, invalidOutcome('success'));
    // Before anything is asked: it says no more than the client has said.
    if (wantsStream(request) && hasReceivedLast(headerOf(request.headers, 'last-event-id')))
      return OVER;
    const { reference } = asked;
    if (!(await authorizeReturn(runtime, request, reference, { authorize, timeoutMs })))
      return outcomeJson(request, decideOutcome('success', reference, { kind: 'unknown' }));
    const asker = { client: clientOf(request), isVouched: authorize !== undefined };
    if (wantsStream(request)) return stream(reference, asker);
    const answer = await queries.ask(reference, timeoutMs, asker);
    return outcomeJson(request, decideOutcome('success', reference, answer));
  }

  function stream(
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
    let unsubscribe = (): void => undefined;
    const events = createEventStream(runtime, () => {
      leavePlace();
      unsubscribe();
    });
    let last = '';
    const viewer: StatusViewer = {
      onAnswer(answer) {
        const outcome = decideOutcome('success', reference, answer);
        const data = outcomeJson(undefined, outcome).body;
        // A viewer of nothing would keep the API being asked for it.
        if (isFinal(answer) || answer.kind === 'unknown') events.finish(data);
        else if (data !== last) events.send(data);
        last = data;
      },
      onClosed: () => {
        events.end('interrupted');
      },
    };
    unsubscribe = hub.subscribe(reference, viewer, asker);
    // What was known may have been final: then the stream has ended before there was a way to unsubscribe.
    if (!events.isOpen()) unsubscribe();
    return { status: 200, headers: STREAM_HEADERS, body: '', stream: events.stream };
  }

  return handleStatus;
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
