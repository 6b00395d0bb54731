import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array | string;
  /** Without a content-length, in chunks. */
  readonly chunked?: boolean;
}

/** Sends one request on a connection of its own. */
export async function send(url: string, sending: Sending = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, chunked = false } = sending;
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(url, { method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers: answered } = response;
        resolve({ status: statusCode, headers: answered, text: Buffer.concat(chunks).toString() });
      });
    });
    outgoing.on('error', reject);
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    if (chunked) outgoing.write(body ?? '');
    outgoing.end(chunked ? undefined : body);
  });
}

/** A connection on which anything can be written. */
export interface RawConnection {
  write(data: Uint8Array | string): void;
  /** Writes and resolves once the bytes are on their way. */
  push(data: Uint8Array | string): Promise<void>;
  /** Says that nothing more comes. */
  end(): void;
  /** Goes away without a word. */
  destroy(): void;
  /** All that was answered, once it matches or the connection has ended. */
  answer(pattern?: RegExp): Promise<string>;
}

export async function openConnection(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  let received = '';
  let isOver = false;
  let look: () => void = () => undefined;
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    look();
  });
  // A receiver that resets the connection has answered with that.
  socket.on('error', () => undefined);
  for (const event of ['end', 'close'] as const)
    socket.on(event, () => {
      isOver = true;
      look();
    });
  await new Promise((resolve) => {
    socket.once('connect', resolve).once('close', resolve);
  });
  return {
    write: (data) => void socket.write(data),
    push: async (data) =>
      new Promise((resolve) => {
        socket.write(data, () => resolve());
      }),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    answer: async (pattern = /\r\n\r\n/) =>
      new Promise((resolve) => {
        look = () => {
          if (isOver || pattern.test(received)) resolve(received);
        };
        look();
      }),
  };
}

export interface RawRequest {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A request as bytes, to be cut and bent at will. */
export function requestBytes(
  path: string,
  { method = 'POST', headers, body }: RawRequest,
): { head: string; body: Buffer } {
  const bytes = Buffer.from(body);
  const lines = Object.entries({
    host: '127.0.0.1',
    'content-length': String(bytes.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return { head: `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, body: bytes };
}
