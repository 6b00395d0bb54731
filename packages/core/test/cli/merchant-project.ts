import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, DurableStore } from '@qbitflow/core';
import { onTestFinished } from 'vitest';
import { runCommand } from '../../src/cli/run-command.js';

export interface MerchantProject {
  /** Runs a command and resolves with its exit code and what it wrote. */
  readonly run: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly code: number; readonly text: string }>;
  /** The same, with what goes to stdout and to stderr apart. */
  readonly runApart: (
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/**
 * A merchant's folder whose `store.mjs` exports this test's store, and commands run in it. The file finds the store
 * through a global, as it is loaded by `import()` like a merchant's own.
 */
export function merchantProject(store: DurableStore, clock?: Clock): MerchantProject {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-cli-'));
  const name = `qbitflow test store of ${folder}`;
  Reflect.set(globalThis, name, store);
  writeFileSync(join(folder, 'store.mjs'), `export const store = globalThis['${name}'];\n`);
  writeFileSync(join(folder, 'no-store.mjs'), `export const store = new Map();\n`);
  onTestFinished(() => {
    Reflect.deleteProperty(globalThis, name);
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    run: async (args, env = {}) => {
      const lines: string[] = [];
      const write = (line: string): void => {
        lines.push(line);
      };
      const code = await runCommand(args, { folder, env, write, clock, complain: write });
      return { code, text: lines.join('\n') };
    },
    runApart: async (args, env = {}) => {
      const out: string[] = [];
      const err: string[] = [];
      const write = (line: string): number => out.push(line);
      const complain = (line: string): number => err.push(line);
      const code = await runCommand(args, { folder, env, write, clock, complain });
      return { code, out: out.join('\n'), err: err.join('\n') };
    },
  };
}
