import { spawn, type ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { ProcessModule } from '../suite-options.js';
import { fieldOf } from './asserting.js';

/** A process with a store of its own on the data under test. */
export interface StoreProcess {
  /** Calls a method of its store. Rejects with the store's own error as text, or when the process ended first. */
  call(method: string, ...args: readonly unknown[]): Promise<unknown>;
  /** SIGKILL: nothing is closed or handed back. Resolves when the process is gone. */
  kill(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a process and opens the store in it. */
export async function startStoreProcess(module: ProcessModule): Promise<StoreProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD_SCRIPT], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const ended = endOf(child);
  const call = createCaller(child);
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await call('open', urlOf(module.file), module.argument);
  } catch (error) {
    await kill();
    throw error;
  }
  return { call, kill };
}

function urlOf(file: string): string {
  return file.startsWith('file:') ? file : pathToFileURL(file).href;
}

async function endOf(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
    child.once('error', () => {
      resolve();
    });
  });
}

function describe(error: unknown): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}

function createCaller(child: ChildProcess): StoreProcess['call'] {
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  child.on('message', (message: unknown) => {
    const id = Number(fieldOf(message, 'id'));
    const error = fieldOf(message, 'error');
    if (error === undefined) waiting.get(id)?.resolve(fieldOf(message, 'value'));
    else waiting.get(id)?.reject(new Error(`in another process: ${describe(error)}`));
    waiting.delete(id);
  });
  const fail = () => {
    for (const { reject } of waiting.values())
      reject(new Error(`a process of the suite ended before it answered; it said: ${said}`));
    waiting.clear();
  };
  child.once('close', fail);
  child.once('error', fail);
  return async (method, ...args) =>
    new Promise((resolve, reject) => {
      calls += 1;
      waiting.set(calls, { resolve, reject });
      child.send({ id: calls, method, args }, (error) => {
        if (error) reject(error);
      });
    });
}

/**
 * What another process of the suite runs: it opens the merchant's module and passes calls on to its store. A text and
 * not a file, so that it needs no path of its own in either module format.
 */
const CHILD_SCRIPT = `
process.once('disconnect', () => process.exit());
const opened = { store: undefined };
const open = async (module, argument) => {
  const { open = module.default?.open } = module;
  opened.store = await open(argument);
  await opened.store.init?.();
};
const call = async ({ method, args }) =>
  method === 'open' ? open(await import(args[0]), args[1]) : opened.store[method](...args);
process.on('message', (message) => {
  call(message).then(
    (value) => process.send({ id: message.id, value }),
    (error) => process.send({ id: message.id, error: String(error?.stack ?? error) }),
  );
});
`;
