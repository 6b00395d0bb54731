import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Clock, asError, sleep } from '@qbitflow/core';

/** The longest answer that is read; what comes after is cut off, the status counts. 64 KiB. */
const ANSWER_LIMIT = 65_536;

/** One POST. */
export interface PostOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** How long all of it may take, in ms. */
  readonly timeoutMs: number;
  /** Send the body in four pieces with this many ms between them; 0 sends it whole. */
  readonly bodyPauseMs: number;
  /** Cut the connection as soon as the answer begins. */
  readonly dropAnswer: boolean;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** What came of a POST: a status, or why there is none. */
export type PostOutcome = { readonly status: number } | { readonly error: string };

/** Posts once on a connection of its own. Never follows a redirect, never throws. */
export async function post(options: PostOptions): Promise<PostOutcome> {
  const { url, headers, signal, clock, timeoutMs } = options;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = send(url, { method: 'POST', headers, agent: false, signal });
  const cancelTimeout = clock.after(timeoutMs, () => {
    outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`));
  });
  try {
    const answered = answerOf(outgoing);
    const [answer] = await Promise.all([answered, writeBody(outgoing, options)]);
    if (options.dropAnswer) {
      answer.destroy();
      return { error: 'the connection was cut before the answer was read' };
    }
    await drain(answer);
    return { status: answer.statusCode ?? 0 };
  } catch (error) {
    const { message, name } = asError(error);
    return { error: message || name };
  } finally {
    cancelTimeout();
    outgoing.destroy();
  }
}

async function answerOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', (answer) => {
      // An answer that breaks off while the body is still being written has no reader yet.
      answer.on('error', () => undefined);
      resolve(answer);
    });
    // `on`: a second error may follow the first, and without a listener it would end the process.
    outgoing.on('error', reject);
    outgoing.once('close', () => {
      reject(new Error('the connection was closed without an answer'));
    });
  });
}

async function writeBody(outgoing: ClientRequest, options: PostOptions): Promise<void> {
  const { body, bodyPauseMs, clock, signal } = options;
  if (bodyPauseMs === 0) {
    outgoing.end(body);
    return;
  }
  const piece = Math.ceil(body.byteLength / 4) || 1;
  for (let start = 0; start < body.byteLength && !outgoing.destroyed; start += piece) {
    outgoing.write(body.subarray(start, start + piece));
    await sleep(clock, bodyPauseMs, signal);
  }
  if (!outgoing.destroyed) outgoing.end();
}

async function drain(answer: IncomingMessage): Promise<void> {
  let length = 0;
  for await (const chunk of answer) {
    length += Buffer.byteLength(chunk);
    if (length > ANSWER_LIMIT) return;
  }
}
