import { deepEqual, equal, match } from 'node:assert/strict';
import { OPEN, PAID, type AdapterCase } from './adapter-harness.js';
import { ask } from './http-client.js';

const uuid = (id: string): string => `uuid=${encodeURIComponent(id)}&type=payment`;
const BROWSER = { headers: { accept: 'text/html' } };
const PROGRAM = { headers: { accept: 'application/json' } };

/** On a machine that does much else besides, the API may take its time. */
const PATIENT = { timeoutMs: 10_000 };

const UNKNOWN = 'pay@01a0c0c7-5a6b-4c7d-8e9f-ffffffffffff';

/** The success and the cancel page: the same truth at two URLs. */
export const returnPageCases: readonly AdapterCase[] = (['success', 'cancel'] as const).flatMap(
  (what) => {
    const path = `/${what}`;
    const mounted = { what, path, options: PATIENT };
    return [
      {
        name: `${what}: a paid and an open payment are told as the API tells them`,
        async run({ openApp }) {
          const { origin } = await openApp(mounted);
          const told = async (id: string) => {
            const { status, headers, text } = await ask(origin, `${path}?${uuid(id)}`, PROGRAM);
            return [status, headers['content-type'], JSON.parse(text).state];
          };
          deepEqual(await told(PAID), [200, 'application/json; charset=utf-8', 'paid']);
          deepEqual(await told(OPEN), [200, 'application/json; charset=utf-8', 'waiting']);
        },
      },
      {
        name: `${what}: an unknown payment is 404, no id 400`,
        async run({ openApp }) {
          const { origin } = await openApp(mounted);
          equal((await ask(origin, `${path}?${uuid(UNKNOWN)}`, PROGRAM)).status, 404);
          equal((await ask(origin, `${path}?uuid=`, PROGRAM)).status, 400);
        },
      },
      {
        name: `${what}: a browser gets a page that is not kept`,
        async run({ openApp }) {
          const { origin } = await openApp(mounted);
          const { status, headers, text } = await ask(origin, `${path}?${uuid(PAID)}`, BROWSER);
          equal(status, 200);
          equal(headers['content-type'], 'text/html; charset=utf-8');
          equal(headers['cache-control'], 'no-store');
          match(String(headers['content-security-policy']), /default-src 'none'/);
          match(text, /^<!doctype html>/);
        },
      },
      {
        name: `${what}: HEAD says the same without a body`,
        async run({ openApp }) {
          const { origin } = await openApp(mounted);
          const asking = { ...PROGRAM, method: 'HEAD' };
          const { status, headers, text } = await ask(origin, `${path}?${uuid(PAID)}`, asking);
          deepEqual([status, headers['cache-control'], text], [200, 'no-store', '']);
        },
      },
      {
        name: `${what}: a browser is sent on where the merchant says so`,
        async run({ openApp }) {
          const options = { ...PATIENT, redirects: { paid: '/thanks' } };
          const { origin } = await openApp({ ...mounted, options });
          const { status, headers } = await ask(origin, `${path}?${uuid(PAID)}`, BROWSER);
          deepEqual([status, headers.location], [303, '/thanks']);
        },
      },
      {
        name: `${what}: authorize sees the request with its full URL and its headers`,
        async run({ openApp }) {
          const seen: unknown[] = [];
          const options = {
            ...PATIENT,
            authorize: ({ url, headers }: { url: string; headers: object }) => {
              seen.push(url, Reflect.get(headers, 'cookie'));
              return false;
            },
          };
          const { origin } = await openApp({ ...mounted, options });
          const headers = { cookie: 'buyer=1; session=2' };
          equal((await ask(origin, `${path}?${uuid(PAID)}`, { headers })).status, 404);
          deepEqual(seen, [`${path}?${uuid(PAID)}`, 'buyer=1; session=2']);
        },
      },
    ] satisfies AdapterCase[];
  },
);
