// The kit's stores as their READMEs open them.
import { memoryStore } from '@qbitflow/core';
import { postgresUrl, redisUrl, space, sqliteFile } from './space.mjs';

const open = {
  memory: ({ memory }) => memoryStore(memory),
  async sqlite() {
    const { sqliteStore } = await import('@qbitflow/store-sqlite');
    return sqliteStore(sqliteFile);
  },
  async postgres() {
    const { Pool } = await import('pg');
    const { postgresStore } = await import('@qbitflow/store-postgres');
    const pool = new Pool({ connectionString: postgresUrl, max: 12 });
    return postgresStore({ pool, schema: space });
  },
  async redis() {
    const { Redis } = await import('ioredis');
    const { redisStore } = await import('@qbitflow/store-redis');
    return redisStore({ client: new Redis(redisUrl), prefix: space });
  },
};

/** `memory` (with options of its own), `sqlite`, `postgres` or `redis`, in the space of this run. */
export const openStore = (name, { memory } = {}) => open[name]({ memory });
