// Builds the package in the current directory: dist/esm and dist/cjs, each with its own declarations, so both `import`
// and `require` resolve to matching code and types. An entry is one file, and what several have in common is one more:
// a process that loads a hundred small files spends most of its start on finding them. The compiler writes the types.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

const tsc = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/typescript/bin/tsc');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

const formats = [
  { format: 'esm', project: 'tsconfig.build.json', type: 'module' },
  { format: 'cjs', project: 'tsconfig.build.cjs.json', type: 'commonjs' },
];

/** The package's own files by the paths they get in dist: what can be imported, and what can be run. */
const sourceOf = (path) => path.replace(/^\.\/dist\/esm\//, './src/').replace(/\.js$/, '.ts');
const nameOf = (source) => source.replace(/^\.\/src\//, '').replace(/\.ts$/, '');
const named = (sources) => Object.fromEntries(sources.map((source) => [nameOf(source), source]));
const entries = named(
  Object.values(manifest.exports).flatMap((target) => target['@qbitflow/source'] ?? []),
);
const commands = named(Object.values(manifest.bin ?? {}).map(sourceOf));

const commandFiles = new Set(Object.values(commands).map((source) => resolve(source)));

/** Every module that one needs before it can run: not what it imports when it is first used. */
function needsOf(file, graph) {
  const found = new Set([file]);
  for (const id of found)
    for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}

/** Whether anything that a module needs before it can run is loaded on demand by it. */
const loadsMore = (file, graph) =>
  [...needsOf(file, graph)].some((id) => graph.getModuleInfo(id)?.dynamicallyImportedIds.length);

const counted = (all, id) => all.filter((modules) => modules.has(id)).length;

/**
 * Names the files of what entries are made of. `shared` is what several need before they can run: each module is once in a
 * format, so that errors have one class. Of several entries `kit` and `plain` are what the first one alone needs, with and
 * without parts that are loaded on demand: a bundler keeps those parts of every file it takes, and to check one signature it should
 * take none. Of a single entry `main` is what a command has in common with it.
 */
function nameChunk() {
  const sources = Object.values(entries).map((source) => resolve(source));
  let ofEntries;
  let ofCommands;
  return (id, graph) => {
    ofEntries ??= sources.map((source) => needsOf(source, graph));
    ofCommands ??= [...commandFiles].map((source) => needsOf(source, graph));
    const count = counted(ofEntries, id);
    if (count > 1) return 'shared';
    if (count === 0 || sources.includes(id)) return null;
    const [ofIndex] = ofEntries;
    if (sources.length > 1 && ofIndex.has(id)) return loadsMore(id, graph) ? 'kit' : 'plain';
    return counted(ofCommands, id) > 0 ? 'main' : null;
  };
}

/**
 * What is required has the default export that it calls its own, as for the compiler. The bundler goes by what Node's
 * `import` makes of CommonJS, which is a module around that: `@koa/router` before 15.7 was no constructor.
 */
const requiredDefaults = {
  name: 'required-defaults',
  renderChunk: (code) => ({
    code: code.replaceAll(/(__toESM\((?:\w+|require\("[^"]+"\))), 1\)/g, '$1)'),
    map: null, // The end of a line that no error comes from.
  }),
};

/** What runs when it is met, unlike the inside of a function. */
const RUNS = new Set(['CallExpression', 'NewExpression', 'SpreadElement', 'MemberExpression']);

function runs(node) {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some(runs);
  if (/Function/.test(node.type) || node.type === 'ClassExpression') return false;
  return RUNS.has(node.type) || Object.values(node).some(runs);
}

/**
 * Marks what modules make as they are loaded as made for whoever uses it, which holds for all of our modules
 * (`sideEffects: false`). In a file of many modules a bundler of the merchant's cannot know: to check one signature it
 * would keep every schema. Lines stay where they are.
 */
const unusedCanGo = {
  name: 'unused-can-go',
  transform(code, id) {
    // A command is there to do something.
    if (!id.endsWith('.ts') || commandFiles.has(id)) return null;
    const made = parseAst(code, { lang: 'ts' })
      .body.map((statement) => statement.declaration ?? statement)
      .filter(({ type, kind }) => type === 'VariableDeclaration' && kind === 'const')
      .flatMap(({ declarations }) => declarations.map(({ init }) => init))
      .filter(runs);
    let marked = code;
    for (const { start, end } of made.toReversed())
      marked = `${marked.slice(0, start)}/* @__PURE__ */ (() => (${marked.slice(start, end)}))()${marked.slice(end)}`;
    return { code: marked, map: null };
  },
};

async function bundle({ format }) {
  const isEsm = format === 'esm';
  const build = await rolldown({
    // A command is a file that Node is given: it needs no second form.
    input: isEsm ? { ...entries, ...commands } : entries,
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    plugins: [isEsm ? unusedCanGo : requiredDefaults],
    // An entry exports what it exports: what files need of each other is in files of their own.
    preserveEntrySignatures: 'allow-extension',
    treeshake: { moduleSideEffects: false },
  });
  await build.write({
    dir: join('dist', format),
    format,
    sourcemap: true,
    // They are published beside it.
    sourcemapExcludeSources: true,
    esModule: true,
    // The declarations hold what is written for readers; a bundler of the merchant's needs its marks.
    comments: { jsdoc: false, annotation: true, legal: true },
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: nameChunk(), debugName: 'chunks' }],
    },
    // A test runner's `require` has no `import()` beside it.
    dynamicImportInCjs: false,
  });
  await build.close();
}

async function declare({ format, project }) {
  const compiler = spawn(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
  const code = await new Promise((done) => compiler.on('close', done));
  if (code !== 0) process.exit(code ?? 1);
  removeUnreached(join('dist', format));
}

/** Removes the declarations that no entry's lead to: the compiler writes those of every file. */
function removeUnreached(folder) {
  const reached = new Set(Object.keys(entries).map((name) => join(folder, `${name}.d.ts`)));
  for (const file of reached)
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/["'](\.[^"']*)\.js["']/g))
      reached.add(join(dirname(file), `${path}.d.ts`));
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (/\.d\.ts(?:\.map)?$/.test(file) && !reached.has(file.replace(/\.map$/, ''))) rmSync(file);
  }
}

rmSync('dist', { recursive: true, force: true });
await Promise.all(formats.flatMap((one) => [declare(one), bundle(one)]));
for (const { format, type } of formats)
  writeFileSync(join('dist', format, 'package.json'), `${JSON.stringify({ type })}\n`);
