import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SignedDelivery } from '@qbitflow/core/testing';

/** A whole answer. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What of a request is not as usual: a GET without a body. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** In chunks, without a length. */
  readonly chunked?: boolean;
}

/** Sends one request. `target` goes on the wire as it stands, also where it is an absolute URL. */
export async function ask(origin: string, target: string, asking: Asking = {}): Promise<Answer> {
  const response = await open(origin, target, asking);
  const { statusCode: status, headers } = response;
  return { status, headers, text: await text(response) };
}

/** Sends a delivery. */
export async function post(
  origin: string,
  target: string,
  { headers, body }: SignedDelivery,
): Promise<Answer> {
  return ask(origin, target, { method: 'POST', headers, body });
}

async function open(
  origin: string,
  target: string,
  { method = 'GET', headers = {}, body, chunked = false }: Asking,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(origin);
  const framing = chunked
    ? { 'transfer-encoding': 'chunked' }
    : body !== undefined && { 'content-length': Buffer.byteLength(body) };
  const sent = request({
    hostname,
    port,
    path: target,
    method,
    headers: { ...headers, ...framing },
    agent: false,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  sent.end(body);
  return answered;
}

/** A stream of events that somebody listens to. */
export interface Listening {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** What has come until now. */
  readonly text: () => string;
  readonly hasEnded: () => boolean;
  readonly leave: () => void;
}

/** Opens a stream of events and keeps what arrives. */
export async function listen(
  origin: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Listening> {
  const accepted = { accept: 'text/event-stream', 'accept-encoding': 'gzip, br', ...headers };
  const response = await open(origin, target, { headers: accepted });
  let seen = '';
  let ended = false;
  response.setEncoding('utf8').on('data', (chunk: string) => (seen += chunk));
  response.once('end', () => (ended = true)).on('error', () => undefined);
  return {
    status: response.statusCode,
    headers: response.headers,
    text: () => seen,
    hasEnded: () => ended,
    leave: () => response.destroy(),
  };
}

/** A connection on which everything is written by hand. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that has come back until now. */
  readonly text: () => string;
}

/** Opens a {@link RawConnection}. */
export async function connectTo(origin: string): Promise<RawConnection> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => undefined);
  let seen = '';
  socket.on('data', (chunk: string) => (seen += chunk));
  await once(socket, 'connect');
  return { socket, text: () => seen };
}
