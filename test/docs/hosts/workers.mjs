// What Workers do with a module, as far as this page's code can tell; workerd itself runs in test/platforms.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { load, port } from './load.mjs';

const { default: worker } = await load('worker.mjs');
const context = { waitUntil: () => undefined };
const answer = (request) => worker.fetch(request, process.env, context);
const listener = getRequestListener(answer);
createServer((request, response) => void listener(request, response)).listen(port, '127.0.0.1');
