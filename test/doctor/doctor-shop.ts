import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Clock,
  createQBitFlow,
  type DurableStore,
  memoryStore,
  type QBitFlow,
  type QBitFlowOptions,
  toNodeHandler,
} from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { afterAll, onTestFinished } from 'vitest';
import { runCommand } from '../../packages/core/src/cli/run-command.js';
import { serve } from '../../packages/core/test/support/serve.js';

export const SECRET = 'whsec_sandbox';

export interface Api {
  readonly url: string;
  /** What a merchant's environment has who works with it. */
  readonly env: Readonly<Record<string, string>>;
}

/** QBitFlow on this machine, for the tests of a file. */
export async function startApi(): Promise<Api> {
  const { url, close } = await startSandbox({ port: 0 });
  afterAll(close);
  return {
    url,
    env: {
      QBITFLOW_API_KEY: 'sk_sandbox',
      QBITFLOW_BASE_URL: `${url}/v2`,
      QBITFLOW_WEBHOOK_SECRET: SECRET,
    },
  };
}

export interface OpenedShop {
  readonly kit: QBitFlow;
  readonly store: DurableStore;
  /** Where its routes are mounted. */
  readonly url: string;
  readonly webhook: string;
  /** The types of all events that a handler was given. */
  readonly seen: string[];
}

/** A shop whose kit is mounted on a server of its own; `around` stands between the server and the kit. */
export async function openShop(
  options: QBitFlowOptions = {},
  around: (app: RequestListener) => RequestListener = (app) => app,
): Promise<OpenedShop> {
  const store = memoryStore();
  const kit = createQBitFlow({
    webhookSecret: SECRET,
    mode: 'both',
    logger: false,
    store,
    ...options,
  });
  const seen: string[] = [];
  kit.onAny(({ type }) => void seen.push(type));
  onTestFinished(async () => kit.close());
  const url = await serve(around(toNodeHandler(kit)));
  return { kit, store, url, webhook: `${url}/webhook`, seen };
}

/** A server that passes requests on to another one, after `change` has had its way with headers and body. */
export async function proxyTo(
  target: string,
  change: (request: { readonly headers: IncomingMessage['headers']; body: Buffer }) => void = () =>
    undefined,
): Promise<string> {
  return serve((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const passed = { headers: { ...incoming.headers }, body: Buffer.concat(chunks) };
      change(passed);
      passed.headers['content-length'] = String(passed.body.length);
      const { method, url } = incoming;
      const outgoing = request(new URL(url ?? '/', target), { method, headers: passed.headers });
      outgoing.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      outgoing.end(passed.body);
    });
  });
}

/** A port of this machine at which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

export interface Examination {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly store?: DurableStore;
  readonly clock?: Clock;
  readonly fetch?: typeof fetch;
  readonly nodeVersion?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** What the command wrote, and its exit code. */
export interface Examined {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** The lines about one check, without the columns before them: `<status> <text>`. */
  readonly of: (check: string) => readonly string[];
}

/** Runs `qbitflow doctor` in a folder of its own. */
export async function examine({
  args = [],
  env = {},
  store,
  files = {},
  ...rest
}: Examination = {}): Promise<Examined> {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-doctor-'));
  const name = `qbitflow doctor's store of ${folder}`;
  onTestFinished(() => {
    Reflect.deleteProperty(globalThis, name);
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  if (store !== undefined) {
    Reflect.set(globalThis, name, store);
    writeFileSync(
      join(folder, 'store.mjs'),
      `export const store = globalThis[${JSON.stringify(name)}];\n`,
    );
  }
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(['doctor', ...args], {
    folder,
    env: { ...(store === undefined ? {} : { QBITFLOW_STORE: 'store.mjs' }), ...env },
    write: (line) => out.push(line),
    complain: (line) => err.push(line),
    ...rest,
  });
  const of = (check: string): string[] =>
    out.flatMap((line) => {
      const [, status, about, text] = /^(\w+) +(\w+) +(.*)$/.exec(line) ?? [];
      return about === check ? [`${status} ${text}`] : [];
    });
  return { code, out, err, of };
}
