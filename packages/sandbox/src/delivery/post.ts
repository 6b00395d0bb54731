import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Clock, asError, sleep } from '@qbitflow/core';
import { KEPT_BYTES, readable } from './answer-text.js';

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

/** What the shop answered. */
export interface PostAnswer {
  readonly status: number;
  /** The beginning of the body, on one line; left out where it is empty. */
  readonly answer?: string;
  /** Where a redirect leads. */
  readonly location?: string;
}

/** What came of a POST: an answer, or why there is none. */
export type PostOutcome = PostAnswer | { readonly error: string };

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
    return await readAnswer(answer);
  } catch (error) {
    return { error: reasonOf(error) };
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

/** Reads on after what is kept, within limits: to end a connection early looks like a failure to the shop. */
async function readAnswer(incoming: IncomingMessage): Promise<PostAnswer> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    if (length < KEPT_BYTES) kept.push(bytes.subarray(0, KEPT_BYTES - length));
    length += bytes.byteLength;
    if (length > ANSWER_LIMIT) break;
  }
  const { statusCode: status = 0, headers } = incoming;
  const answer = readable(Buffer.concat(kept).toString('utf8'));
  const { location } = headers;
  return {
    status,
    ...(answer === '' ? {} : { answer }),
    ...(location === undefined ? {} : { location: readable(location) }),
  };
}

/** A name with several addresses fails with one error for all of them, which says nothing itself. */
function reasonOf(error: unknown): string {
  const { message, name } = asError(error);
  const each: unknown = Reflect.get(Object(error), 'errors');
  const [first] = Array.isArray(each) ? each.map((one: unknown) => asError(one).message) : [];
  return readable(message || first || name);
}
