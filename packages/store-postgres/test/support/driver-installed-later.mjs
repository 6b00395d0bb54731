import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSources } from './load-sources.mjs';

/** Calls a store whose package has no driver yet, installs the driver, and calls it again; prints what the calls came to. */
const [root, driver] = process.argv.slice(2);
const { module, close } = await loadSources(root);
const store = module.postgresStore({ connectionString: 'postgres://me:hunter2@127.0.0.1:1/db' });

const errorOf = async (call) =>
  call.then(
    () => undefined,
    ({ code, message, cause }) => ({ code, message, hasCause: cause !== undefined }),
  );

const without = [await errorOf(store.init()), await errorOf(store.stats())];
await symlink(driver, join(root, 'node_modules', 'pg'));
const afterwards = [await errorOf(store.init()), await errorOf(store.stats())];
await store.close();
await close();
process.stdout.write(JSON.stringify({ without, afterwards }));
