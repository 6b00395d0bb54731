import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';

/** What the status of an id is answered with: a body, or an HTTP status with headers. */
export type StatusReply =
  | { readonly status: string; readonly [more: string]: unknown }
  | { readonly http: number; readonly headers?: Readonly<Record<string, string>> };

/** How a WebSocket is met: by a listener, by an HTTP status, or by silence. */
export type Channel = ((socket: WebSocket) => void) | number | 'never';

/** Both generations' status API on a real socket. An id nobody set is 404. */
export interface StatusApi {
  readonly origin: string;
  /** Ids whose status was asked for, in order. */
  readonly asked: string[];
  /** URLs under which the live channel was opened, in order. */
  readonly opened: string[];
  /** Live channels that are open now. */
  readonly sockets: ReadonlySet<WebSocket>;
  /** HTTP requests not answered yet. */
  readonly unanswered: number;
  /** What else was asked for: URLs that are no status. */
  readonly others: string[];
  /** API keys that channels were opened with. */
  readonly channelKeys: unknown[];
  set(uuid: string, reply: StatusReply): void;
  /** What creating a session is answered from now on. */
  opens(session: { readonly uuid: string; readonly link: string }): void;
  /** Keeps status answers back, as they are when asked, until what is returned is called. */
  hold(): () => void;
  meet(channel: Channel): void;
  /** Says a status on every open channel. */
  tell(uuid: string, status: object): void;
}

export async function startStatusApi(): Promise<StatusApi> {
  const replies = new Map<string, StatusReply>();
  const sessions = new Map<string, StatusReply>();
  const asked: string[] = [];
  const opened: string[] = [];
  const others: string[] = [];
  const channelKeys: unknown[] = [];
  const held: (() => void)[] = [];
  const refused = new Set<Duplex>();
  let isHolding = false;
  let unanswered = 0;
  let channel: Channel = 404;

  const server = createServer((request, response) => {
    unanswered += 1;
    response.once('close', () => (unanswered -= 1));
    const uuid = statusIdOf(request);
    if (uuid === undefined) others.push(request.url ?? '');
    else asked.push(uuid);
    const reply = uuid === undefined ? sessions.get(request.method ?? '') : replies.get(uuid);
    const answer = (): void => send(response, reply ?? { http: 404 });
    if (isHolding && uuid !== undefined) held.push(answer);
    else answer();
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined);
    opened.push(request.url ?? '');
    channelKeys.push(request.headers['x-api-key']);
    if (channel === 'never') refused.add(socket);
    else if (typeof channel === 'number')
      socket.end(`HTTP/1.1 ${channel} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    else sockets.handleUpgrade(request, socket, head, channel);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    for (const socket of refused) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    opened,
    others,
    channelKeys,
    sockets: sockets.clients,
    get unanswered() {
      return unanswered;
    },
    set: (uuid, reply) => replies.set(uuid, reply),
    opens: (session) => sessions.set('POST', { status: 'created', ...session }),
    hold() {
      isHolding = true;
      return () => {
        isHolding = false;
        for (const answer of held.splice(0)) answer();
      };
    },
    meet(next) {
      channel = next;
    },
    tell(uuid, status) {
      const text = JSON.stringify({ transactionUUID: uuid, status });
      for (const socket of sockets.clients) socket.send(text);
    },
  };
}

function statusIdOf({ url = '' }: IncomingMessage): string | undefined {
  const { pathname, searchParams } = new URL(url, 'http://api.invalid');
  if (pathname === '/v1/transaction/status') return searchParams.get('txUUID') ?? '';
  const found = /^\/v2\/transaction\/session-checkout\/([^/]+)\/status$/.exec(pathname);
  return found === null ? undefined : decodeURIComponent(found[1] ?? '');
}

function send(response: ServerResponse, reply: StatusReply): void {
  if ('http' in reply && typeof reply.http === 'number') {
    response.writeHead(reply.http, { ...Object(reply.headers) }).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
}
