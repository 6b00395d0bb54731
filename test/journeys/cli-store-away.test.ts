import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const CLI = fileURLToPath(new URL('../../packages/core/dist/esm/cli.js', import.meta.url));
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const COMMANDS = [
  ['deliveries', 'list'],
  ['deliveries', 'replay', 'k'],
  ['recover', '--since', '36h'],
  ['recheck', 'pay@1'],
];

/** A server that takes connections and never says a word. */
async function silentServer(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function qbitflow(args: readonly string[]) {
  const api = { QBITFLOW_API_KEY: 'sk_x', QBITFLOW_BASE_URL: 'http://127.0.0.1:9/v2' };
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...api },
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const [code] = await once(child, 'close');
  return { code, ...said };
}

test.each<[string, (silent: number) => string, RegExp]>([
  [
    'a folder that is not there',
    () => 'sqlite:/nowhere/shop.db',
    /folder \/nowhere does not exist/,
  ],
  ['PostgreSQL that is away', () => 'postgres://me:private@127.0.0.1:9/shop', /ECONNREFUSED/],
  ['Redis that is away', () => 'redis://:private@127.0.0.1:9', /is the server up/],
  ['PostgreSQL that hangs', (port) => `postgres://me:private@127.0.0.1:${port}/shop`, /timeout/],
  ['Redis that hangs', (port) => `redis://:private@127.0.0.1:${port}`, /did not answer/],
])(
  'every command ends and says why: %s',
  async (_name, storeAt, why) => {
    const store = storeAt(await silentServer());
    const ends = COMMANDS.map(async (command) => qbitflow([...command, '--store', store]));
    for (const { code, out, err } of await Promise.all(ends)) {
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(why);
      // What is wrong, and where it is explained.
      expect(err).toMatch(/^qbitflow: .*\nsee https:\S+\n$/);
      expect(err).not.toContain('private');
    }
  },
  60_000,
);
