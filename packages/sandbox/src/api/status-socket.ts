import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { ApiError, errorBodyV1, toApiError } from './error-answers.js';
import { checkApiKey } from './read-request.js';
import { readStatusQuery } from './routes-v1.js';
import { refusalOf } from '../boundary.js';
import type { Machine } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { statusMessage } from '../wire/bodies-v1.js';

/** v1's WebSocket server, inside the sandbox's HTTP server. */
export interface LiveChannel {
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

/** A channel without clients. How it behaves is `machine.webSocketMode`, read at every opening and message. */
export function createLiveChannel(machine: Machine): LiveChannel {
  const server = new WebSocketServer({ noServer: true, maxPayload: CLIENT_MESSAGE_LIMIT });
  const unanswered = new Set<Duplex>();

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that breaks off must not end the process.
    socket.on('error', () => socket.destroy());
    const opening = readUpgrade(machine, request);
    if (opening.to === 'refuse') refuseUpgrade(socket, opening.failure);
    else if (opening.to === 'hang') hang(socket);
    else
      server.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => undefined);
        tellStatus(machine, client, opening.uuid);
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
export type Opening =
  | { readonly to: 'accept'; readonly uuid: string }
  | { readonly to: 'refuse'; readonly failure: ApiError }
  | { readonly to: 'hang' };

const ROUTE = '/v1/transaction/status/ws';

/** Judges an upgrade request by its path, the mode of the channel, its key and its query, and notes that it came. */
export function readUpgrade(machine: Machine, request: IncomingMessage): Opening {
  const { method = 'GET', url = '/', headers } = request;
  const { settings, requests } = machine;
  const [path, query = ''] = url.split('?', 2);
  const stranger = refusalOf(settings, request, true);
  if (stranger !== undefined) return refuse(new ApiError(403, 'forbidden', stranger));
  if (url.startsWith('/v')) requests.add({ method, path: url, at: settings.clock.now() });
  const mode = machine.webSocketMode.get();
  if (path !== ROUTE || mode === 'absent')
    return refuse(new ApiError(404, 'not_found', `no route ${method} ${path ?? ''}`));
  if (mode === 'hang') return { to: 'hang' };
  if (mode === 'refuse')
    return refuse(new ApiError(403, 'forbidden', 'this channel is for the checkout page only'));
  try {
    checkApiKey(settings.apiKey, String(headers['x-api-key'] ?? ''));
    return { to: 'accept', uuid: readStatusQuery(query) };
  } catch (error) {
    return refuse(toApiError(error));
  }
}

function refuse(failure: ApiError): Opening {
  return { to: 'refuse', failure };
}

/** A normal end. */
const NORMAL = 1000;

/** Tells a client how a transaction stands, then every change, until it is final or the client leaves. */
export function tellStatus(machine: Machine, client: WebSocket, uuid: string): void {
  let told = '';
  function tell(session: Session | undefined): void {
    const { text, final } = statusMessage(uuid, session);
    if (text === told || client.readyState !== client.OPEN) return;
    told = text;
    const mode = machine.webSocketMode.get();
    if (mode === 'silent') return;
    if (mode === 'nonsense') {
      talkNonsense(client, uuid);
      return;
    }
    client.send(text, () => {
      if (mode === 'drop') client.terminate();
    });
    if (mode !== 'drop' && (final || mode === 'close-early')) client.close(NORMAL);
  }
  const { sessions, sessionListeners } = machine;
  const id = sessions.find(uuid)?.uuid;
  const stop = sessionListeners.add((session) => {
    if (session.uuid === id) tell(session);
  });
  client.once('close', stop);
  tell(sessions.find(uuid));
}

/** Answers an upgrade request with an error instead, in v1's shape, and hangs up. */
export function refuseUpgrade(socket: Duplex, failure: ApiError): void {
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

/** Says everything that is no status of the transaction asked for. */
export function talkNonsense(client: WebSocket, uuid: string): void {
  const said: readonly unknown[] = [
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
  for (const value of said) client.send(JSON.stringify(value));
}
