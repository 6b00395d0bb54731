// Follows one delivery through the built kit and prints the source files it enters, in order: from the socket to the 200,
// and from the socket to the handler. Run it by hand after `npm run build`: node scripts/trace-journey.mjs [node|express]
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire, register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { parseAst } from 'vitest/node';

const root = join(import.meta.dirname, '..');
const BUILT = /\/packages\/([^/]+)\/dist\/esm\/(.+)\.js$/;
/** How a bundle's pieces begin. */
const ABOVE = '// src/';
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** A hook of Node's module loader: every function of the kit says where it is when it is called. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  const [, name, file] = BUILT.exec(url) ?? [];
  if (file === undefined || loaded.source === undefined) return loaded;
  return { ...loaded, source: withEntries(String(loaded.source), name) };
}

/** The source file that a piece of a bundle is made of: the bundler names it above. */
function sourceAbove(text, name) {
  const file = text.slice(text.lastIndexOf(ABOVE)).match(/src\/(.+?)\.ts/)?.[1];
  return `${name}/${file}`;
}

function withEntries(source, name) {
  const inserts = functionsIn(parseAst(source)).flatMap(({ body }) => {
    const call = `globalThis.enterFile?.(${JSON.stringify(sourceAbove(source.slice(0, body.start), name))})`;
    return body.type === 'BlockStatement'
      ? [{ at: body.start + 1, text: `${call};` }]
      : [
          { at: body.start, text: `(${call}, ` },
          { at: body.end, text: ')' },
        ];
  });
  return inserts
    .toSorted((a, b) => b.at - a.at)
    .reduce((text, { at, text: added }) => text.slice(0, at) + added + text.slice(at), source);
}

function functionsIn(node) {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.values(node).flatMap(functionsIn);
  return FUNCTIONS.has(node.type) ? [node, ...inside] : inside;
}

/** Imports a built entry of a package, wherever this script was started. */
async function built(path) {
  return import(pathToFileURL(join(root, 'packages', path)).href);
}

async function mounted(framework, qbitflow, core) {
  if (framework === 'node') return core.toNodeHandler(qbitflow);
  const { webhookHandler } = await built('express/dist/esm/index.js');
  const express = createRequire(join(root, 'packages/express/package.json'))('express');
  return express().post('/webhook', webhookHandler(qbitflow));
}

Error.stackTraceLimit = 50;

async function trace(framework) {
  const core = await built('core/dist/esm/index.js');
  const { fixtures, signDelivery } = await built('core/dist/esm/testing/index.js');
  const secret = 'whsec_trace';
  const qbitflow = core.createQBitFlow({ webhookSecret: secret, logger: false });
  let handled = deferred();
  qbitflow.on('payment.completed', () => {
    globalThis.enterFile = undefined;
    handled.resolve();
  });
  await qbitflow.start();
  const server = createServer(await mounted(framework, qbitflow, core));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/webhook`;

  async function deliver(id) {
    const body = fixtures.v2['payment.completed']();
    body.data.uuid = `pay@${id}`;
    const { headers, body: bytes } = signDelivery({ version: 'v2', body, secret });
    handled = deferred();
    return fetch(url, { method: 'POST', headers, body: bytes });
  }

  // The first one opens what is opened once.
  await deliver('01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e50');
  await handled.promise;
  await new Promise((resolve) => setTimeout(resolve, 100));

  const journeys = { 200: [], handler: [] };
  let answered = false;
  server.prependListener('request', (_request, response) => {
    globalThis.enterFile = (file) => {
      const step = { file, from: callerOf(file) };
      journeys.handler.push(step);
      if (!answered) journeys['200'].push(step);
    };
    const end = response.end.bind(response);
    response.end = (...args) => {
      answered = true;
      return end(...args);
    };
  });
  const { status } = await deliver('01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e51');
  await handled.promise;
  if (status !== 200) throw new Error(`the delivery was answered ${status}`);
  server.close();
  await qbitflow.close();
  return journeys;
}

/** The file of the kit that called this one, also over an `await`; `undefined` where the host did. */
function callerOf(file) {
  for (const line of new Error('trace').stack.split('\n')) {
    const [, name, path, at] = /\/packages\/([^/]+)\/dist\/esm\/(.+?\.js):(\d+)/.exec(line) ?? [];
    if (path === undefined) continue;
    const bundle = readFileSync(join(root, 'packages', name, 'dist/esm', path), 'utf8');
    const from = sourceAbove(bundle.split('\n').slice(0, Number(at)).join('\n'), name);
    if (from !== file) return from;
  }
  return undefined;
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Whether a file of the kit imports another one, as `core/webhook/receive`. */
function imports(from, file) {
  const [name, ...path] = from.split('/');
  const source = join(root, 'packages', name, 'src', `${path.join('/')}.ts`);
  const wanted = join(root, 'packages', name, 'src', `${file.split('/').slice(1).join('/')}.js`);
  return [...readFileSync(source, 'utf8').matchAll(/from '(\.[^']+)'/g)].some(
    ([, specifier]) => join(dirname(source), specifier) === wanted,
  );
}

/**
 * All files entered, and the steps among them: files that call on into one that they import. The rest answer a
 * question and return (a header, a table), or run what they are given (a time limit): nobody who follows the journey has
 * to open them.
 */
function print(title, entered) {
  const hops = entered.filter(({ file }, index) => file !== entered[index - 1]?.file);
  const files = [...new Set(hops.map(({ file }) => file))];
  const steps = files.filter((each) =>
    entered.some(({ file, from }) => from === each && imports(from, file)),
  );
  console.log(
    `\n${title}: ${steps.length} steps, ${files.length} files, ${hops.length - 1} changes of file`,
  );
  for (const file of files) {
    const times = hops.filter((hop) => hop.file === file).length;
    console.log(`  ${steps.includes(file) ? '→' : ' '} ${file} ×${times}`);
  }
  if (process.argv.includes('--hops')) console.log(hops.map(({ file }) => file).join(' → '));
}

if (isMainThread && process.argv[1] === fileURLToPath(import.meta.url)) {
  register(import.meta.url);
  const framework = process.argv[2] === 'express' ? 'express' : 'node';
  const journeys = await trace(framework);
  print(`${framework}: socket → 200`, journeys['200']);
  print(`${framework}: socket → handler`, journeys.handler);
}
