// Where a server that keeps its deliveries keeps them: a space of this run alone, cleared when the run is over.

const { BENCH_SPACE, BENCH_FOLDER, BENCH_POSTGRES_URL, BENCH_REDIS_URL } = process.env;

/** A schema of PostgreSQL, a prefix of Redis and a file's name. */
export const space = BENCH_SPACE;
export const postgresUrl = BENCH_POSTGRES_URL;
export const redisUrl = BENCH_REDIS_URL;
export const sqliteFile = `${BENCH_FOLDER}/${BENCH_SPACE}.db`;
