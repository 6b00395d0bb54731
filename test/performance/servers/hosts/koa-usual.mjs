// The whole job the usual way on Koa 2 or 3.
import { createServer } from 'node:http';
import { framework as Koa } from '../shared/framework.mjs';
import { koaRoute } from '../shared/koa-route.mjs';
import { listen } from '../shared/listen.mjs';
import { accept, handledCount } from '../shared/usual-job.mjs';

const app = new Koa();
app.use(koaRoute(accept));

listen(createServer(app.callback()), handledCount);
