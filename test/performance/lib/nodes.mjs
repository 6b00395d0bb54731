// The Nodes that servers run on. The load always comes from this process, so that only the server's Node differs.
import { execFileSync } from 'node:child_process';
import { runtimePath } from '../../../scripts/runtimes.mjs';

/** This process's own Node. */
export const here = {
  name: `node${process.versions.node.split('.')[0]}`,
  path: process.execPath,
  major: Number(process.versions.node.split('.')[0]),
  version: process.versions.node,
};

function findNode(name) {
  if (name === here.name) return here;
  const path = runtimePath(name);
  if (path === undefined)
    throw new Error(`${name} is not on this machine: npm run bench -- --node ${name} fetches it`);
  const version = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  return { name, path, major: Number(name.slice('node'.length)), version };
}

/** `names` (`node20`, `node24`, …) with their binaries; this process's own where none is named. */
export const findNodes = (names = [here.name]) => names.map(findNode);
