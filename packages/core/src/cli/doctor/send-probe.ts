import type { Clock } from '../../clock.js';
import type { Probe } from './sign-probe.js';

/** What came back: an answer as far as it matters, or why there is none. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Headers;
      readonly text: string;
    }
  | { readonly kind: 'late' }
  | { readonly kind: 'failure'; readonly error: unknown };

/** Where requests go, and with what. */
export interface Sending {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly url: string;
}

/** How long an answer may take, in ms; QBitFlow itself waits for thirty seconds. */
export const PATIENCE_MS = 10_000;
/** Nothing more of an answer is read: a page may be long. */
const MOST_BYTES = 65_536;

/** Sends a probe the way QBitFlow sends deliveries: no redirect is followed. Never rejects. */
export async function sendProbe(to: Sending, { headers, body }: Probe): Promise<Reply> {
  return ask(to, { method: 'POST', headers, body: new Uint8Array(body) });
}

/** Asks for what programs get at a URL. Never rejects. */
export async function askForJson(to: Sending): Promise<Reply> {
  return ask(to, { headers: { accept: 'application/json' } });
}

async function ask({ fetch, clock, url }: Sending, init: RequestInit): Promise<Reply> {
  const controller = new AbortController();
  let isLate = false;
  const cancel = clock.after(PATIENCE_MS, () => {
    isLate = true;
    controller.abort();
  });
  try {
    const answer = await fetch(url, { ...init, redirect: 'manual', signal: controller.signal });
    const { status, headers } = answer;
    return { kind: 'answer', status, headers, text: await firstOf(answer) };
  } catch (error) {
    return isLate ? { kind: 'late' } : { kind: 'failure', error };
  } finally {
    cancel();
  }
}

async function firstOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (reader === undefined) return '';
  while (length < MOST_BYTES) {
    // oxlint-disable-next-line no-await-in-loop -- one chunk after the other
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  await reader.cancel();
  return Buffer.concat(chunks).toString('utf8');
}
