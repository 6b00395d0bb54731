// One of the workers you have already.
import { PgBoss } from 'pg-boss';

const boss = new PgBoss({ connectionString: process.env.DATABASE_URL });
boss.on('error', (error) => console.error(error.message));
await boss.start();
await boss.createQueue('orders', { retryLimit: 20, retryBackoff: true });
await boss.work('orders', { pollingIntervalSeconds: 0.5 }, async (jobs) => {
  for (const { data } of jobs) console.log('ship', data.reference);
});
console.log('working');
process.once('SIGTERM', () => void boss.stop());
