import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Sandbox } from '../../src/index.js';
import { createJudge } from '../shapes/judge.js';

/** A client of v1's WebSocket that keeps what it hears. */
export interface LiveClient {
  readonly socket: WebSocket;
  /** As text, in their order. */
  readonly messages: readonly string[];
  /** The same as JSON. */
  readonly heard: () => unknown[];
  /** The close code, when it is closed. */
  readonly closed: Promise<number>;
  /** The status of the answer that refused the upgrade, when there is one. */
  readonly refused: Promise<number>;
}

/** Connects with the right key; `query` is what follows the route. */
export function openLive(
  sandbox: Sandbox,
  query: string,
  { apiKey = sandbox.apiKey, path = '/v1/transaction/status/ws' } = {},
): LiveClient {
  const url = `${sandbox.url.replace('http', 'ws')}${path}?${query}`;
  const socket = new WebSocket(url, { headers: apiKey === '' ? {} : { 'x-api-key': apiKey } });
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString('utf8')));
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.terminate();
  });
  return {
    socket,
    messages,
    heard: () => messages.map((text): unknown => JSON.parse(text)),
    closed: new Promise((resolve) => {
      socket.once('close', resolve);
    }),
    refused: new Promise((resolve, reject) => {
      socket.once('unexpected-response', (_request, response) => {
        judgedStatusOf(response).then(resolve, reject);
      });
    }),
  };
}

/** The status of an answer that refuses, which has v1's shape like any other. */
async function judgedStatusOf(response: IncomingMessage): Promise<number> {
  const body: unknown = await json(response);
  const { statusCode = 0 } = response;
  createJudge().answer('GET /v1/transaction/status/ws', statusCode, body);
  return statusCode;
}

/** The query for a session's id. */
export function followed(uuid: string, type = 'payment'): string {
  return `txUUID=${encodeURIComponent(uuid)}&txType=${type}`;
}
