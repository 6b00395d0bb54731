import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const dist = (format: string): string =>
  fileURLToPath(new URL(`../../dist/${format}/index.js`, import.meta.url));

/** Whether there is a build that a plain Node process can load. */
export const built = ['esm', 'cjs'].every((format) => existsSync(dist(format)));

/** How a script ended, or that it had to be killed because it did not. */
export interface Ended {
  readonly code: number | null;
  readonly isAlive: boolean;
  readonly out: string;
}

/** How long Node may take to load a script on a busy machine, in ms: it says nothing about the script. */
const LOADING_MS = 20_000;

/**
 * Runs a merchant's script, in which `core` is the built package, in a process of its own, and kills it `aliveMs` after
 * the first thing it said. Top-level `await` is not used: a CommonJS script has none, and Node tells of an unfinished
 * one in its own way.
 */
export async function runScript(
  format: 'esm' | 'cjs',
  source: string,
  { aliveMs = 15_000, env = {} }: { aliveMs?: number; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [writeScript(format, source)], {
    env: { ...process.env, ...env },
  });
  let out = '';
  let isAlive = false;
  const killAfter = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      isAlive = true;
      child.kill('SIGKILL');
    }, ms);
  let kill = killAfter(LOADING_MS + aliveMs);
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (out === '') {
        clearTimeout(kill);
        kill = killAfter(aliveMs);
      }
      out += text;
    });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(kill);
      resolve({ code, isAlive, out: out.trim() });
    });
  });
}

function writeScript(format: 'esm' | 'cjs', source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-script-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, format === 'esm' ? 'script.mjs' : 'script.cjs');
  const load =
    format === 'esm'
      ? `import * as core from ${JSON.stringify(pathToFileURL(dist('esm')).href)};`
      : `const core = require(${JSON.stringify(dist('cjs'))});`;
  writeFileSync(file, `${load}\n${source}\n`);
  return file;
}
