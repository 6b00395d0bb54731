// A stand-in for QBitFlow's API, which counts what it is asked. It knows ids that begin with `pay@paid` and `pay@open`.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const REFUSED = { status: 400, body: { error: 'not genuine', code: 'invalid_signature' } };
const UNKNOWN = { status: 404, body: { error: 'not found', code: 'not_found' } };
const SLOW_DOWN = { status: 429, body: { error: 'slow down', code: 'rate_limited' } };

/** What a delivery carries that is genuine to this API. */
export const GENUINE = 'sent by QBitFlow';

function answerTo(url, body) {
  if (url.pathname.endsWith('/webhooks/verify'))
    return body.includes(GENUINE) ? { status: 200, body: { message: 'genuine' } } : REFUSED;
  const id = url.searchParams.get('txUUID') ?? decodeURIComponent(url.pathname.split('/')[4] ?? '');
  if (id.startsWith('pay@paid')) return { status: 200, body: { uuid: id, status: 'completed' } };
  if (id.startsWith('pay@open')) return { status: 200, body: { uuid: id, status: 'created' } };
  return UNKNOWN;
}

/**
 * Answers each call after `delayMs`. From the call numbered `mostCalls` on it answers 429 for a minute, as a limit that
 * strangers have used up.
 */
export async function startApi({ delayMs, mostCalls = Infinity }) {
  const seen = { calls: 0, inFlight: 0, mostInFlight: 0, limitedUntil: 0 };
  async function answer(request, response) {
    seen.calls += 1;
    seen.inFlight += 1;
    seen.mostInFlight = Math.max(seen.mostInFlight, seen.inFlight);
    const chunks = await request.toArray().catch(() => []);
    await sleep(delayMs);
    seen.inFlight -= 1;
    if (seen.calls > mostCalls) seen.limitedUntil ||= Date.now() + 60_000;
    const isLimited = Date.now() < seen.limitedUntil;
    const url = new URL(request.url, 'http://api.invalid');
    const { status, body } = isLimited
      ? SLOW_DOWN
      : answerTo(url, Buffer.concat(chunks).toString());
    const headers = { 'content-type': 'application/json' };
    if (isLimited) headers['retry-after'] = '60';
    response.writeHead(status, headers).end(JSON.stringify(body));
  }
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    seen,
    optionsFor: (generation) => ({ apiKey: 'sk_x', baseUrl: `${origin}/${generation}` }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
