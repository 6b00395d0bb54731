import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What is planted in a handler, as `plants.mjs` has it. */
export type Plant = 'promise' | 'timer' | 'bytes' | 'outliving';

/** Amounts for each delivery, and where the largest parts of them come from. */
export interface Counted {
  readonly promises?: number;
  readonly timers?: number;
  readonly bytes?: number;
  readonly outliving?: number;
  readonly statements?: number;
  readonly where: readonly string[];
}

/** What is counted, on which store, and what is planted. */
export interface Counting {
  readonly what: 'resources' | 'heap' | 'outliving' | 'statements';
  readonly store: string;
  readonly plant?: Plant;
}

/**
 * One thread, so that the same code is compiled at the same time in every run, and a young generation in which nothing
 * is collected while it is measured.
 */
const HEAP_FLAGS = [
  '--expose-gc',
  '--single-threaded',
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
];

/** A heap large enough that all garbage is not collected meanwhile. */
const OUTLIVING_FLAGS = ['--expose-gc', '--initial-heap-size=512'];

function flagsFor({ what }: Counting): readonly string[] {
  if (what === 'heap') return HEAP_FLAGS;
  // Where a promise is made is told by the lines of the sources.
  return what === 'outliving' ? OUTLIVING_FLAGS : ['--enable-source-maps'];
}

/** Counts what deliveries take in a process of its own. */
export async function countDeliveries(counting: Counting): Promise<Counted> {
  return (await runCounting('count-deliveries.mjs', counting, flagsFor(counting))) as Counted;
}

/** An import in a process of its own; `plant` is a module that is imported as well. */
export interface ImportCounting {
  readonly entry: string;
  readonly format: 'esm' | 'cjs';
  readonly plant?: string;
}

/** A file that was loaded: below `packages/` for the kit's own, else below the package it is of. */
export interface LoadedFile {
  readonly path: string;
  readonly length: number;
}

/** Tells the files that an import loads. */
export async function countImports(counting: ImportCounting): Promise<readonly LoadedFile[]> {
  return (await runCounting('count-imports.mjs', counting)) as readonly LoadedFile[];
}

async function runCounting(
  script: string,
  input: object,
  flags: readonly string[] = [],
): Promise<unknown> {
  // What a test run tells its own processes would be counted as well.
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  const args = [...flags, join(import.meta.dirname, script), JSON.stringify(input)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env,
    maxBuffer: 16 * 2 ** 20,
  });
  return JSON.parse(stdout);
}
