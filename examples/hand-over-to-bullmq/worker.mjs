// One of the workers you have already.
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const ship = async ({ data }) => console.log('ship', data.reference);
const worker = new Worker('orders', ship, { connection });
worker.on('failed', (job, error) => console.error('job', job?.id, error.message));
await worker.waitUntilReady();
console.log('working');
process.once('SIGTERM', () => void worker.close().then(() => connection.disconnect()));
