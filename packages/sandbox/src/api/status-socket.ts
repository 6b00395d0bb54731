import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { rejectionOf } from '../boundary.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { statusMessage } from '../wire/bodies-v1.js';
import { checkApiKey } from './caller.js';
import { ApiError, errorBodyV1, toApiError } from './error-answers.js';
import { readTransactionQuery, sessionOf, type TransactionQuery } from './transaction-query.js';

/** v1's WebSocket server, inside the sandbox's HTTP server. */
export interface StatusSocket {
  /** For the HTTP server's `upgrade` event. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** How many WebSockets are open now. */
  readonly openCount: () => number;
  /** Ends all that are open: with a close code, or without one like a server that dies. */
  readonly endAll: (code?: number) => void;
  readonly close: () => void;
}

/** The longest message taken from a client, in bytes: clients have nothing to say. */
const CLIENT_MESSAGE_LIMIT = 1_024;

/** A server without clients. Its mode is read at every opening and message. */
export function createStatusSocket(state: SandboxState): StatusSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: CLIENT_MESSAGE_LIMIT });
  const unanswered = new Set<Duplex>();

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that breaks off must not end the process.
    socket.on('error', () => socket.destroy());
    const opening = readUpgrade(state, request);
    if (opening.to === 'reject') rejectUpgrade(socket, opening.failure);
    else if (opening.to === 'hang') hang(socket);
    else
      server.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => undefined);
        sendStatus(state, client, opening.query);
      });
  }

  function hang(socket: Duplex): void {
    unanswered.add(socket);
    socket.once('close', () => unanswered.delete(socket));
  }

  function endAll(code?: number): void {
    for (const client of server.clients) end(client, code);
  }

  return {
    upgrade,
    openCount: () => server.clients.size,
    endAll,
    close() {
      endAll();
      for (const socket of unanswered) socket.destroy();
      server.close();
    },
  };
}

function end(client: WebSocket, code?: number): void {
  if (code === undefined) client.terminate();
  else client.close(code);
}

/** What to do with a client that wants a WebSocket. */
type Opening =
  | { readonly to: 'accept'; readonly query: TransactionQuery }
  | { readonly to: 'reject'; readonly failure: ApiError }
  | { readonly to: 'hang' };

const ROUTE = '/v1/transaction/status/ws';

/** Judges an upgrade request by its origin, path, key and query and by the mode, and records that it came. */
function readUpgrade(state: SandboxState, request: IncomingMessage): Opening {
  const { method = 'GET', url = '/', headers } = request;
  const { settings, requests, switches } = state;
  const [path, querystring = ''] = url.split('?', 2);
  const foreign = rejectionOf(settings, request, true);
  if (foreign !== undefined) return reject(new ApiError(403, 'forbidden', foreign));
  if (url.startsWith('/v')) requests.add({ method, path: url, at: settings.clock.now() });
  const mode = switches.webSocket;
  if (path !== ROUTE || mode === 'absent')
    return reject(new ApiError(404, 'not_found', `no route ${method} ${path ?? ''}`));
  if (mode === 'hang') return { to: 'hang' };
  if (mode === 'refuse')
    return reject(new ApiError(403, 'forbidden', 'this channel is for the checkout page only'));
  try {
    checkApiKey(settings.apiKey, String(headers['x-api-key'] ?? ''));
    return { to: 'accept', query: readTransactionQuery(querystring) };
  } catch (error) {
    return reject(toApiError(state.log, error, 'api_request_failed'));
  }
}

function reject(failure: ApiError): Opening {
  return { to: 'reject', failure };
}

/** A normal end. */
const NORMAL = 1000;

/** Sends how a transaction stands, then every change, until it is final or the client leaves. */
function sendStatus(state: SandboxState, client: WebSocket, query: TransactionQuery): void {
  const { sessions, switches } = state;
  const { uuid } = query;
  let latest = '';
  function update(current: Session | undefined): void {
    const { text, final } = statusMessage(uuid, current);
    if (text === latest || client.readyState !== client.OPEN) return;
    latest = text;
    const mode = switches.webSocket;
    if (mode === 'silent') return;
    if (mode === 'nonsense') {
      sendMalformed(client, uuid);
      return;
    }
    client.send(text, () => {
      if (mode === 'drop') client.terminate();
    });
    if (mode !== 'drop' && (final || mode === 'close-early')) client.close(NORMAL);
  }
  const session = sessionOf(state, query);
  const stop = sessions.onChange((changed) => {
    if (changed.uuid === session?.uuid) update(changed);
  });
  client.once('close', stop);
  update(session);
}

/** Answers an upgrade request with an error instead, in v1's shape, and hangs up. */
function rejectUpgrade(socket: Duplex, failure: ApiError): void {
  const { status } = failure;
  const body = JSON.stringify(errorBodyV1(failure));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
    // A client that keeps its half open would hold the sandbox's end back.
    () => socket.destroy(),
  );
}

/** Sends everything that is no status of the transaction asked for. */
function sendMalformed(client: WebSocket, uuid: string): void {
  const values: readonly unknown[] = [
    null,
    [],
    42,
    {},
    { transactionUUID: uuid },
    { transactionUUID: uuid, status: null },
    { transactionUUID: uuid, status: 'completed' },
    { transactionUUID: uuid, status: { status: 200 } },
    { transactionUUID: 'pay@somebody-else', status: { status: 'completed' } },
    { error: 'Teapot', status: '418', message: { nested: true } },
  ];
  client.send('<html>502 Bad Gateway</html>');
  client.send('{"transactionUUID":');
  client.send(Buffer.from([0xff, 0x00, 0xfe]));
  for (const value of values) client.send(JSON.stringify(value));
}
