// The file of figures: `{ scenes: { scene: { node: figures } } }`. A run replaces what it measured and keeps the rest.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What was measured so far. */
export function readFigures(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { scenes: {} };
}

/** Adds the figures of one scene on one Node, with what they were measured on. */
export function addFigures(file, { scene, node, on, figures }) {
  const all = readFigures(file);
  all.scenes[scene] = { ...all.scenes[scene], [node]: rounded({ on, ...figures }) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

/** Four digits say more than a benchmark knows. */
const rounded = (figures) =>
  JSON.parse(
    JSON.stringify(figures, (_name, value) =>
      typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    ),
  );
