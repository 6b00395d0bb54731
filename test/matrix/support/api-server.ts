import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the API answers for one id. */
export type ApiAnswer =
  | {
      readonly status: number;
      readonly json: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Ends the connection without an answer, or never answers. */
  | 'down'
  | 'silent';

/** QBitFlow's API, played on a real socket. */
export interface ApiServer {
  readonly origin: string;
  /** What is asked about this id gets this answer; ids nobody set up are answered 404. */
  on(id: string, answer: ApiAnswer): void;
  /** Method and URL of everything asked about this id. */
  askedAbout(id: string): string[];
  close(): Promise<void>;
}

export async function startApi(): Promise<ApiServer> {
  const answers = new Map<string, ApiAnswer>();
  const asked: string[] = [];
  const server = createServer(({ method = '', url = '' }, response) => {
    const question = `${method} ${decodeURIComponent(url)}`;
    asked.push(question);
    const id = [...answers.keys()].find((known) => question.includes(known));
    send(response, (id === undefined ? undefined : answers.get(id)) ?? NOT_FOUND);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    on: (id, answer) => answers.set(id, answer),
    askedAbout: (id) => asked.filter((question) => question.includes(id)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const NOT_FOUND: ApiAnswer = { status: 404, json: { error: 'not found', code: 'not_found' } };

function send(response: ServerResponse, answer: ApiAnswer): void {
  if (answer === 'silent') return;
  if (answer === 'down') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(JSON.stringify(answer.json));
}
