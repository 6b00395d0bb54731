import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL of this test's own, on the loopback, gone with it. */
export interface ThrowawayServer {
  readonly url: string;
  /** Ends it as an operator would in a hurry: clients are told. */
  stop(): Promise<void>;
  /** Ends it as a power cut would: connections break without a word. */
  crash(): Promise<void>;
  /** Starts it again with its data, on the same port. */
  start(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** Where the server's programs are, if anywhere. */
export function findBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted() : [];
  const folders = versions.toReversed().map((version) => join(debian, version, 'bin'));
  return [process.env['PG_BIN'] ?? '', ...folders].find((folder) =>
    existsSync(join(folder, 'initdb')),
  );
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): Account {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string, user: string) => {
    const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  const user = ['postgres', 'nobody'].find((name) => id('-u', name) !== undefined) ?? 'nobody';
  return { uid: id('-u', user) ?? 65_534, gid: id('-g', user) ?? 65_534 };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=30',
  // Right for a server whose machine may not fail: what is committed still outlives a crash of its processes.
  'fsync=off',
  'full_page_writes=off',
];

/** Makes and starts a server; `binaries` from {@link findBinaries}. */
export async function startServer(binaries: string): Promise<ThrowawayServer> {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-postgres-'));
  const account = unprivileged();
  const options = { ...account, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  const data = join(folder, 'data');
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  let running: ChildProcess | undefined;

  async function launch(port: number): Promise<boolean> {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    const child = spawn(join(binaries, 'postgres'), ['-D', data, '-p', `${port}`, ...settings], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    const ready = await new Promise<boolean>((resolve) => {
      child.once('exit', () => resolve(false));
      child.stderr.on('data', (text) => {
        log += String(text);
        if (log.includes('ready to accept connections')) resolve(true);
      });
    });
    if (ready) running = child;
    else if (!log.includes('Address already in use')) throw new Error(log);
    return ready;
  }

  async function end(signal: () => void): Promise<void> {
    const child = running;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    signal();
    running = undefined;
    await gone;
  }
  const stop = async () => end(() => running?.kill('SIGINT'));

  /** Its own children too: they are who would answer. */
  function signalAll(signal: NodeJS.Signals): void {
    const pid = running?.pid;
    if (pid === undefined) return;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    for (const each of [pid, ...children.map(Number).filter((child) => child > 0)])
      signalIfAlive(each, signal);
  }

  async function startSomewhere(tries = 5): Promise<number> {
    const port = await freePort();
    if (await launch(port)) return port;
    if (tries <= 1) throw new Error('no free port');
    return startSomewhere(tries - 1);
  }

  try {
    chmodSync(folder, 0o755);
    if (account.uid !== undefined) chownSync(folder, account.uid, account.gid ?? account.uid);
    const init = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8'];
    const made = spawnSync(join(binaries, 'initdb'), init, { ...options, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const port = await startSomewhere();
    process.once('exit', () => {
      running?.kill('SIGQUIT');
      removeFolder();
    });
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      stop,
      crash: async () => end(() => signalAll('SIGKILL')),
      async start() {
        if (!(await launch(port))) throw new Error(`port ${port} was taken meanwhile`);
      },
      freeze: () => signalAll('SIGSTOP'),
      thaw: () => signalAll('SIGCONT'),
      async remove() {
        signalAll('SIGCONT');
        await stop();
        removeFolder();
      },
    };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

/** A backend may end by itself between being listed and being signalled. */
function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
