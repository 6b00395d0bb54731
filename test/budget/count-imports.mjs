// A process that imports one entry of the built kit and tells which files that took. Called with `{ entry, format, plant }`
// as JSON; prints each file with its length in characters as JSON.
import { createRequire } from 'node:module';
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

const { entry, format, plant } = JSON.parse(process.argv[2] ?? '{}');
const require = createRequire(import.meta.url);
const files = [];
const session = new Session();
session.on('Debugger.scriptParsed', ({ params: { url, length } }) => {
  // Node's own are no matter of ours.
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  if (path.startsWith('/') || /^[A-Z]:/.test(path)) files.push({ path, length });
});
session.connect();
session.post('Debugger.enable');
// Scripts that are there already are told of as well.
files.length = 0;

async function load(specifier) {
  if (format === 'cjs') require(specifier);
  else await import(specifier);
}

await load(entry);
if (plant !== undefined) await load(plant);
session.disconnect();
const shortened = ({ path, length }) => ({
  path: path
    .replaceAll('\\', '/')
    .replace(/^.*\/node_modules\/(?!\.pnpm)/, '')
    .replace(/^.*\/(?=packages\/)/, ''),
  length,
});
console.log(JSON.stringify(files.map(shortened)));
