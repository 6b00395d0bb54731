// Which files importing reads, told as file names: `<module> …` in turn. Counted apart from what is timed.
import { createRequire, register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
const files = new Set();
port1.on('message', (url) => files.add(url));
const data = { port: port2 };
register('./loaded.mjs', import.meta.url, { data, transferList: [port2] });
const { cache } = createRequire(import.meta.url);

/** ES modules pass the loader's hooks; what CommonJS requires of its own stands in its cache. */
function filesSoFar() {
  for (const file of Object.keys(cache)) files.add(`file://${file}`);
  return [...files].filter((url) => url.startsWith('file:'));
}

const read = [];
for (const module of process.argv.slice(2)) {
  const before = new Set(filesSoFar());
  await import(module);
  // The hooks run on a thread of their own: what they say of the last module comes a moment later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  read.push({ module, files: filesSoFar().filter((file) => !before.has(file)) });
}
process.send(read, () => process.exit(0));
