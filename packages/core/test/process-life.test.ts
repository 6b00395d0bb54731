import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startApi } from './api/support/api-server.js';
import { built, runScript } from './support/run-script.js';

// A connection that is kept open would keep the script alive by itself.
const CLOSE = { connection: 'close' };
const DOWN = { status: 503, json: { error: 'down' }, headers: CLOSE };
const CUT = (response: ServerResponse): void => void response.destroy();
const SESSION = '/v2/transaction/session-checkout';
const FORMATS = ['esm', 'cjs'] as const;

async function apiWith(first: typeof DOWN | typeof CUT) {
  const api = await startApi();
  const created = { uuid: 'pay@1', status: 'created' };
  const opened = { uuid: 'pay@1', link: 'https://pay.test/1' };
  api.on(`${SESSION}/pay%401/status`, first, { status: 200, json: created, headers: CLOSE });
  api.on(`${SESSION}/new/payment`, first, { status: 201, json: opened, headers: CLOSE });
  return { QBITFLOW_API_KEY: 'sk_x', QBITFLOW_BASE_URL: `${api.origin}/v2` };
}

const kit = (options = '{}'): string =>
  `const loadedAt = performance.now();
   const kit = core.createQBitFlow({ webhookSecret: 'whsec_a', logger: false, ...${options} });`;
const main = (steps: string): string => `async function main() { ${steps} } main();`;

const PAYMENT = `{ productName: 'A book', description: 'To read', price: 4, reference: 'o-1' }`;

const AWAITED: [string, typeof DOWN | typeof CUT, string, string][] = [
  [
    'getStatus(), one 503',
    DOWN,
    `console.log((await kit.getStatus({ uuid: 'pay@1' })).status);`,
    'created',
  ],
  [
    'getStatus(), one cut connection',
    CUT,
    `console.log((await kit.getStatus({ uuid: 'pay@1' })).status);`,
    'created',
  ],
  [
    'createPayment(), one 503',
    DOWN,
    `console.log((await kit.checkout.createPayment(${PAYMENT})).link);`,
    'https://pay.test/1',
  ],
  [
    'watchStatus(), while it waits for the next change',
    DOWN,
    `let seen = 0;
     setTimeout(() => { console.log('seen', seen); process.exit(0); }, 4_000).unref();
     for await (const _ of kit.watchStatus({ uuid: 'pay@1' })) seen += 1;
     console.log('the loop ended');`,
    'seen 1',
  ],
  ['a sleep', DOWN, `await core.sleep(core.systemClock, 500); console.log('awake');`, 'awake'],
];

describe.runIf(built)('what a script awaits keeps its process alive', () => {
  test.each(AWAITED)('%s', async (_name, first, steps, said) => {
    const scripts = FORMATS.map(async (format) =>
      runScript(format, kit() + main(steps), { env: await apiWith(first) }),
    );
    expect(await Promise.all(scripts)).toEqual(
      FORMATS.map(() => ({ code: 0, isAlive: false, out: said })),
    );
  });
});

/** A store that is away for the first `after` ms. */
const away = (after: number): string =>
  `{ store: { ...core.memoryStore(), init: async () => {
       if (performance.now() - loadedAt < ${after}) throw new Error('ECONNREFUSED'); } } }`;
const STARTED = `kit.start().then(() => console.log('started'));`;

const LIVES: [string, string, 'ends' | 'stays', string][] = [
  ['a kit that was only created', `${kit()} console.log('created');`, 'ends', 'created'],
  [
    'a loop over watchStatus that was left',
    `${kit(`{ apiKey: 'sk_x', baseUrl: 'http://127.0.0.1:9/v2' }`)} ${main(
      `const signal = AbortSignal.timeout(300);
       for await (const _ of kit.watchStatus({ uuid: 'pay@1' }, { signal })) break;
       console.log('left');`,
    )}`,
    'ends',
    'left',
  ],
  ['a started kit', `${kit()} ${STARTED}`, 'stays', 'started'],
  [
    'a started kit with keepAlive: false',
    `${kit('{ keepAlive: false }')} ${STARTED}`,
    'ends',
    'started',
  ],
  [
    'a started kit that only records',
    `${kit(`{ processing: 'elsewhere' }`)} ${STARTED}`,
    'ends',
    'started',
  ],
  [
    'a started kit that is closed',
    `${kit()} ${STARTED} setTimeout(async () => { await kit.close(); console.log('closed'); }, 100);`,
    'ends',
    'started\nclosed',
  ],
  [
    'a kit that a delivery started',
    `${kit()} kit.handleWebhook({ method: 'POST', url: '/', headers: {}, rawBody: Buffer.from('{}') })
       .then(({ status }) => console.log(status));`,
    'ends',
    '401',
  ],
  [
    'a start nobody awaits, the store away',
    `${kit(away(60_000))} kit.onError(() => {}); kit.start(); console.log('trying');`,
    'stays',
    'trying',
  ],
  [
    'a start nobody awaits, the store away, failFast',
    `${kit(`{ ...${away(60_000)}, failFast: true }`)} kit.onError((e) => console.log(e.message)); kit.start();`,
    'ends',
    'ECONNREFUSED',
  ],
  [
    'a start that is awaited with keepAlive: false, the store away for a moment',
    `${kit(`{ ...${away(1_500)}, keepAlive: false }`)} kit.onError(() => {}); ${STARTED}`,
    'ends',
    'started',
  ],
];

describe.runIf(built)('a kit and the life of its process', () => {
  test.each(LIVES.map((life, index) => [...life, FORMATS[index % 2] ?? 'esm'] as const))(
    '%s',
    async (_name, source, life, said, format) => {
      const isAlive = life === 'stays';
      const ended = await runScript(format, source, { aliveMs: isAlive ? 3_000 : 15_000 });
      expect(ended).toEqual({ code: isAlive ? null : 0, isAlive, out: said });
    },
  );
});
