import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START = join(import.meta.dirname, '../../receiver/start.mjs');

const START_MS = 15_000;

/** Newest first, as while secrets are being rotated. */
export const SECRETS = ['whsec_matrix_new', 'whsec_matrix_old'] as const;
export const API_KEY = 'sk_matrix_never_shown';

/** A line of the receiver's log: one handler success. */
export interface Handled {
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly version: 'v1' | 'v2';
  readonly uuid?: string;
  readonly attempt: number;
  readonly pid: number;
  readonly at: number;
}

/** A line `onError` was told, as the receiver prints it. */
export interface Complaint {
  readonly onError: string;
  readonly stage: string;
  readonly key?: string;
  readonly attempt?: number;
  readonly message: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A receiver in a process of its own. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  handled(): Promise<Handled[]>;
  complaints(): Complaint[];
  /** All of stderr. */
  stderr(): string;
  /** The exit code, or `undefined` while it runs. */
  exitCode(): number | undefined;
  /** Sends a signal and resolves with the exit code; 128 for a process that was killed. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number>;
}

export interface ReceiverOptions {
  readonly framework: string;
  readonly baseUrl?: string;
  /** Further arguments, e.g. `--fail=2`. */
  readonly args?: readonly string[];
}

/** Starts a receiver and resolves once it listens; rejects with its stderr when it ends before that. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-receiver-'));
  const log = join(folder, 'handled.log');
  await writeFile(log, '');
  const child = launch(options, log);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let atTheEnd: string | undefined;
  const ended = once(child, 'exit').then(async () => {
    atTheEnd = await readFile(log, 'utf8');
    await rm(folder, { recursive: true, force: true });
  });
  const url = await listening(child, () => stderr);
  return {
    url,
    port: Number(new URL(url).port),
    handled: async () => linesOf<Handled>(atTheEnd ?? (await readFile(log, 'utf8'))),
    complaints: () => linesOf<Complaint>(stderr),
    stderr: () => stderr,
    exitCode: () => child.exitCode ?? undefined,
    async stop(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
      return child.exitCode ?? 128;
    },
  };
}

function launch({ framework, baseUrl, args = [] }: ReceiverOptions, log: string): ChildProcess {
  return spawn(
    process.execPath,
    [START, `--framework=${framework}`, '--store=memory', '--port=0', `--log=${log}`, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        QBITFLOW_WEBHOOK_SECRET: SECRETS.join(','),
        QBITFLOW_API_KEY: API_KEY,
        // Port 9 is nobody's: a call that was not planned fails at once.
        QBITFLOW_BASE_URL: baseUrl ?? 'http://127.0.0.1:9/v2',
      },
    },
  );
}

async function listening(child: ChildProcess, stderr: () => string): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const url = /^listening (\S+)$/m.exec(stdout)?.[1];
      if (url === undefined) return;
      clearTimeout(deadline);
      resolve(url);
    });
    // One that never comes up must fail every test that waits for it at once, not each after its own time.
    const deadline = setTimeout(() => child.kill('SIGKILL'), START_MS);
    child.once('exit', (code) => {
      clearTimeout(deadline);
      reject(new Error(`the receiver ended with ${code}: ${stderr()}`));
    });
  });
}

/** The complete lines that are JSON objects; on stderr a framework may have put in a word of its own. */
function linesOf<Line>(text: string): Line[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  // The receiver writes these lines and nothing else that starts with a brace.
  return lines.filter((line) => line.startsWith('{"')).map((line) => JSON.parse(line) as Line);
}
