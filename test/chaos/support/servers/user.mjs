import { spawnSync } from 'node:child_process';

/** PostgreSQL refuses to run as root: the user it runs as then, as options for `spawn`. */
export function unprivilegedUser() {
  if (process.getuid?.() !== 0) return {};
  const id = (flag, user) => {
    const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  const uid = id('-u', 'postgres') ?? id('-u', 'nobody');
  const gid = id('-g', 'postgres') ?? id('-g', 'nobody');
  return { uid, gid };
}
