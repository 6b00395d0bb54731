// The Nodes that servers run on. The load always comes from this process, so that only the server's Node differs.
import { runtimePath } from '../../../scripts/runtimes.mjs';

const here = `node${process.versions.node.split('.')[0]}`;

/** `names` (`node20`, `node24`, …) with their binaries; this process's own where none is named. */
export function findNodes(names = [here]) {
  return names.map((name) => {
    const path = name === here ? process.execPath : runtimePath(name);
    if (path === undefined)
      throw new Error(`${name} is not on this machine: npm run bench -- --node ${name} fetches it`);
    return { name, path, major: Number(name.slice('node'.length)) };
  });
}
