import { describe, expect, it } from 'vitest';
import { matches, packageNames, sourcesOf, withoutComments } from './tree.js';

interface Rule {
  readonly forbids: string;
  readonly pattern: RegExp;
  /** Files that may. */
  readonly except?: RegExp;
  /** Lines the rule must catch and lines it must let pass, so that it cannot fall silent. */
  readonly caught: readonly string[];
  readonly passes: readonly string[];
}

// What oxlint has no rule for, or sees only in part (`const { env } = process`).
const rules: readonly Rule[] = [
  {
    forbids: "the machine's clock outside clock.ts",
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\(/,
    // The conformance suites wait for stores that go by a clock of their own.
    // A page's script runs in a browser.
    except: /^packages\/core\/src\/clock\.ts$|^packages\/conformance\/src\/|\/live-script\.ts$/,
    caught: ['const at = Date.now();', 'list.map(Date.now)', 'const at = new Date();'],
    passes: ['const at = new Date(clock.now());', 'clock.now()'],
  },
  {
    forbids: 'randomness nobody can turn by hand',
    pattern: /\bMath\.random\b/,
    except: /^packages\/core\/src\/clock\.ts$|\/live-script\.ts$/,
    caught: ['delay * Math.random()', 'const random = Math.random;'],
    passes: ['randomUUID()', 'random()'],
  },
  {
    forbids: 'the environment outside options.ts',
    pattern: /\bprocess\.env\b|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b|\benv\b.*from 'node:process'/,
    except: /^packages\/core\/src\/options\.ts$|\/src\/cli\.ts$/,
    caught: [
      "process.env['KEY']",
      'const { env } = process;',
      "import { env } from 'node:process';",
    ],
    passes: ['process.versions.node', 'options.env'],
  },
  {
    forbids: 'the console: a logger is passed in',
    pattern: /\bconsole\s*\./,
    except: /\/src\/cli\.ts$|^packages\/core\/src\/logger\.ts$/,
    caught: ["console.error('lost')"],
    passes: ["logger.error('lost')"],
  },
  {
    forbids: "a line of core's that is not in the table of diagnostics",
    pattern: /\blogger(?:\[|\.(?:debug|info|warn|error)\b)/,
    // Stores and the sandbox are given a logger and have lines of their own.
    except:
      /^packages\/(?!core\/)|^packages\/core\/src\/(?:diagnostics|error-reporter|logger)\.ts$/,
    caught: ["logger.warn({ code: 'x' }, 'lost');", 'deps.logger[level](facts, message);'],
    passes: ["diagnostics.log('x', { err });", 'logger: settings.logger,'],
  },
  {
    forbids: 'export *: the index is a catalogue',
    pattern: /\bexport\s*\*|^\s*export default\b/,
    caught: [
      "export * from './store.js';",
      "export * as store from './store.js';",
      'export default run;',
    ],
    passes: ["export { run } from './run.js';"],
  },
  {
    forbids: 'any',
    pattern: /\bas any\b|:\s*any\b|<any\b|\bany\[\]|\bany>/,
    caught: ['value as any', 'let value: any;', 'Promise<any>', 'new Map<string, any>()'],
    passes: ["'match: anything'", 'onAny: (event) => void', 'many: anyOf(x)'],
  },
  {
    forbids: 'module-level state',
    pattern:
      /^(?:export )?(?:let|var) |^(?:export )?const \w+(?::(?! ?Readonly)[^=]+)? = (?:new (?:Map|Set|WeakMap|WeakSet|Array)\b|\[\];|\{\};)/,
    // A process of its own, not a module.
    except: /\/src\/cli\.ts$/,
    caught: [
      'let counter = 0;',
      'export const cache = new Map();',
      'const seen: Set<string> = new Set();',
      'const queue: string[] = [];',
    ],
    passes: [
      '  let counter = 0;',
      "const types: ReadonlySet<string> = new Set(['a']);",
      "const names = ['a'];",
    ],
  },
  {
    forbids: "changing the merchant's options",
    pattern: /\b(?:options|params|config)(?:\.\w+)+\s*(?:[-+*/]|\?\?|\|\||&&)?=(?![=>])/,
    caught: ['options.path = "/";', 'params.retry.attempts ??= 20;'],
    passes: ['options.path === "/"', 'const path = options.path;', 'this.options = options;'],
  },
  {
    // A third generation is a folder in protocol/, and nothing else has to learn of it.
    forbids: 'asking which API generation it is, outside protocol/: that is a member of Generation',
    pattern: /(?<!\| )'v[12]'(?! \|)|'\/v[12]'/,
    // Whoever handles an event tells `raw` by `version`; fixtures are signed for the one that is asked for. Other packages
    // do not read what QBitFlow sends, but for the sandbox, which is QBitFlow and shares nothing with what it tests.
    except:
      /^packages\/core\/src\/(?:protocol\/|testing\/|event\/types\.ts$)|^packages\/(?!core\/)/,
    caught: [
      "if (generation === 'v1') return;",
      "return 'v2' === version ? bytes : value;",
      "if (baseUrl.endsWith('/v2')) return;",
      "names.includes('v2')",
      "case 'v1':",
    ],
    passes: [
      "readonly version: 'v1' | 'v2';",
      "readonly generations?: readonly ('v1' | 'v2')[] | undefined;",
      "baseUrl = 'https://api.qbitflow.app/v2'",
    ],
  },
  {
    forbids: 'what CommonJS cannot do',
    pattern: /\bimport\.meta\b|^await /,
    caught: ['dirname(import.meta.url)', 'await start();'],
    passes: ['  await start();'],
  },
];

// In a test runner's realm (Jest), in jsdom and in vm contexts the errors, dates and bytes of Node itself are no instances
// of the global classes: the kit would answer 500, or lose a message. `node:util/types`, `Array.isArray`, a brand and a
// look at the fields tell them in any realm. Classes of our own are told well.
const builtIns = Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z]/.test(name));
const ofNode = [
  'Readable',
  'Writable',
  'Duplex',
  'EventEmitter',
  'IncomingMessage',
  'ServerResponse',
];
const realmRule: Rule = {
  forbids: 'instanceof of a built-in, which fails for those of another realm',
  pattern: new RegExp(
    `\\binstanceof (?:globalThis\\.)?(?:${[...builtIns, ...ofNode].join('|')})\\b|\\bz\\.instanceof\\(`,
  ),
  caught: [
    'if (thrown instanceof Error) throw thrown;',
    'body instanceof Uint8Array',
    'value instanceof globalThis.Date',
    'stream instanceof Readable',
    'signal: z.instanceof(AbortSignal)',
  ],
  passes: ['error instanceof DeadlineError', 'isNativeError(thrown)', 'value instanceof Markup'],
};

const sources = packageNames.flatMap(sourcesOf);

describe.each([...rules, realmRule])('packages/*/src: no use of $forbids', (rule) => {
  const found = (line: string) =>
    matches({ path: 'x', text: withoutComments(line) }, rule.pattern).length > 0;

  it('catches planted mistakes only', () => {
    expect(rule.caught.filter((line) => !found(line))).toEqual([]);
    expect(rule.passes.filter(found)).toEqual([]);
  });

  it('holds in every source file', () => {
    const bound = sources.filter((file) => rule.except?.test(file.path) !== true);
    expect(bound.length).toBeGreaterThan(0);
    expect(
      bound.flatMap(({ path, text }) =>
        matches({ path, text: withoutComments(text) }, rule.pattern),
      ),
    ).toEqual([]);
  });
});
