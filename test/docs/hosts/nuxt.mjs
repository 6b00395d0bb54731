// What Nuxt's server does: plugins run at start, files of server/routes are routes of h3.
import { createServer } from 'node:http';
import { createApp, createRouter, toNodeListener } from 'h3';
import { load, port } from './load.mjs';

const { default: plugin } = await load('server/plugins/qbitflow.js');
const { default: kit } = await load('server/routes/qbitflow/[...path].js');
const { default: buy } = await load('server/routes/buy.post.js');
plugin({ hooks: { hook: () => undefined } });
const app = createApp();
app.use(createRouter().use('/qbitflow/**:path', kit).post('/buy', buy));
createServer(toNodeListener(app)).listen(port, '127.0.0.1');
