import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const CLI = join(import.meta.dirname, '../../dist/esm/cli.js');

/** Whether the built command is there. Where it is not, this says so, and on a build machine it throws. */
export function builtCli(): boolean {
  if (existsSync(CLI)) return true;
  const problem = `NOT TESTED: the command line, because ${CLI} is missing: build the package first`;
  if (process.env['CI'] === 'true') throw new Error(problem);
  process.stderr.write(`\n${problem}\n`);
  return false;
}

/** The command, running. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The URL of the ready line. Rejects when the command ends before it. */
  readonly listening: () => Promise<string>;
  /** When all its output is there. */
  readonly exitCode: Promise<number | null>;
}

/** Starts the command; it is killed after the test if it still runs. */
export async function runCli(args: readonly string[]): Promise<RunningCli> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  await once(child, 'spawn');
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    exitCode: once(child, 'close').then(([code]: (number | null)[]) => code ?? null),
    async listening() {
      const line = /^listening (\S+)\n/m;
      while (!line.test(output.stdout)) {
        const [what] = await Promise.race([
          once(child.stdout, 'data'),
          once(child, 'close').then(() => ['closed']),
        ]);
        if (what === 'closed') throw new Error(`the command ended: ${output.stderr}`);
      }
      return line.exec(output.stdout)?.[1] ?? '';
    },
  };
}
