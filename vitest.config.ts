import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { artefactsOf } from './scripts/flaky.mjs';

// Tests run against the packages' TypeScript sources, not their builds.
const conditions = ['@qbitflow/source', 'module', 'node'];

// Files that end in .test-d.ts say what must compile and what must not: tsc reads them with the package they are in.
function project(name: string, root: string, include: string[]) {
  return {
    extends: true as const,
    ssr: { resolve: { conditions } },
    test: { name, root, include },
  };
}

/** Small projects that need a processor: each further worker would have to load all of their sources first. */
const adapters = new Set(['express', 'fastify', 'hono', 'koa', 'nest']);

function withFewWorkers<Given extends ReturnType<typeof project>>(given: Given) {
  return { ...given, test: { ...given.test, maxWorkers: 2, sequence: { groupOrder: 1 } } };
}

// Each of these starts browsers, other runtimes, servers or installs: many processes, where other tests mostly wait.
const crowded = [
  'browser/**/*.test.ts',
  'budget/**/*.test.ts',
  'bundles/**/*.test.ts',
  'chaos/**/*.test.ts',
  'neighbours/**/*.test.ts',
  'packages/{peers,release,types}.test.ts',
  'platforms/**/*.test.ts',
];

function blackBox(root: string) {
  const quiet = project('black-box', root, ['**/*.test.ts']);
  const busy = project('crowded', root, crowded);
  return [
    {
      ...quiet,
      test: { ...quiet.test, exclude: ['**/node_modules/**', 'full-lane/**', ...crowded] },
    },
    {
      ...busy,
      test: {
        ...busy.test,
        maxWorkers: 2,
        sequence: { groupOrder: 2 },
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    },
  ];
}

/** Files that take half a minute and more: begun last, each would keep the others' processors waiting at the end. */
const LONG =
  /\/(?:accessibility|conformance[\w-]*|buggy-\w+|desk-everyone|table-store|one-fulfilment|behaviour|budget|bundles|process-life|types|kill|release|surroundings)\.test\.(?:ts|mjs)$/;

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not an array's
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const packages = readdirSync(join(import.meta.dirname, 'packages')).filter((name) =>
  existsSync(join(import.meta.dirname, 'packages', name, 'test')),
);

// On a build machine the results are also written to a file for each Node they ran on, which .ci/run counts.
const [nodeMajor] = process.versions.node.split('.');
const artefacts = artefactsOf(
  join(import.meta.dirname, 'artefacts'),
  nodeMajor,
  process.env['VITEST_RUN'],
);
const fileTimeout = join(import.meta.dirname, 'scripts', 'file-timeout-reporter.mjs');
const failures = join(import.meta.dirname, 'scripts', 'failures-reporter.mjs');

/** What decides about a delivery, once more without the shortcuts of the hot path: both lanes give the same answers. */
function fullLane() {
  const base = project('full-lane', import.meta.dirname, [
    'packages/core/test/{event,http,protocol,webhook}/**/*.test.ts',
    'packages/express/test/**/*.test.ts',
    'test/full-lane/*.test.ts',
  ]);
  const setupFiles = [join(import.meta.dirname, 'test', 'full-lane', 'without-shortcuts.ts')];
  // One is about a shortcut, the other about what has none and takes long.
  const exclude = ['**/node_modules/**', '**/quick-check.test.ts', '**/canonical-cost.test.ts'];
  return withFewWorkers({ ...base, test: { ...base.test, exclude, setupFiles } });
}

/**
 * The tests of an adapter once more, beside an older major of its framework. Where packages of a framework are each other's
 * peers, or the adapter imports values of it, no test can choose by an import: `find` is what they all import it by.
 */
function besideOlder(name: string, version: string, find: RegExp, replacement: string) {
  const folder = join(import.meta.dirname, 'packages', name);
  const base = project(`${name}-${version}`, folder, ['test/**/*.test.ts']);
  const test = { ...base.test, provide: { frameworkVersion: version } };
  return withFewWorkers({ ...base, test, resolve: { alias: [{ find, replacement }] } });
}

/** Most start processes, as merchants do: on a busy machine each takes seconds. */
function examples() {
  const base = project('examples', join(import.meta.dirname, 'examples'), ['*/test/**/*.test.mjs']);
  // As Node itself resolves: 'module' picks files of @opentelemetry/api that only bundlers can read.
  const asInNode = conditions.filter((name) => name !== 'module');
  return {
    ...base,
    ssr: { resolve: { conditions: asInNode } },
    test: { ...base.test, testTimeout: 60_000 },
  };
}

const nests = join(import.meta.dirname, 'packages', 'nest', 'test');

export default defineConfig({
  test: {
    reporters:
      process.env['CI'] === 'true'
        ? [
            'default',
            fileTimeout,
            [failures, { outputFile: artefacts.failures }],
            ['json', { outputFile: artefacts.results }],
          ]
        : ['default', fileTimeout],
    testTimeout: 20_000,
    // What is waited for comes at once on an idle machine, and after seconds on a busy one.
    expect: { poll: { timeout: 10_000 } },
    // Most files wait for clocks, servers and browsers rather than for a processor.
    maxWorkers: Math.max(4, availableParallelism()),
    // A process of its own for each file costs more than most files: modules are loaded once in each worker instead.
    // So no test may leave a global, a listener or an environment variable changed behind it.
    isolate: false,
    sequence: { sequencer: LongFilesFirst },
    coverage: { provider: 'v8', include: ['packages/*/src/**'] },
    projects: [
      ...packages.map((name) => {
        const folder = join(import.meta.dirname, 'packages', name);
        const own = project(name, folder, ['test/**/*.test.ts']);
        return adapters.has(name) ? withFewWorkers(own) : own;
      }),
      examples(),
      besideOlder('hono', '4.0', /^hono(?=\/|$)/, 'hono40'),
      besideOlder('nest', '11', /^(?=@nestjs\/)/, join(nests, 'nest11', 'node_modules/')),
      besideOlder('nest', '10', /^(?=@nestjs\/)/, join(nests, 'nest10', 'node_modules/')),
      fullLane(),
      ...blackBox(join(import.meta.dirname, 'test')),
    ],
  },
});
