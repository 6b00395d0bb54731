import cors from '@koa/cors';
import multer from '@koa/multer';
import { bodyParser } from '@koa/bodyparser';
import bodyParserOfOld from 'koa-bodyparser';
import compress from 'koa-compress';
import CSRF from 'koa-csrf';
import { KoaPassport } from 'koa-passport';
import helmet from 'koa-helmet';
import rateLimit from 'koa-ratelimit';
import { createSession } from 'koa-session';

function rollingSession(app) {
  app.keys = ['only this shop knows'];
  app.use(createSession({ rolling: true }, app));
  app.use(async (ctx, next) => {
    ctx.session.visits = (ctx.session.visits ?? 0) + 1;
    await next();
  });
}

function csrf(app) {
  rollingSession(app);
  app.use(bodyParserOfOld());
  // QBitFlow has no token: its signature takes the token's place.
  app.use(new CSRF({ ignoredPathGlobs: ['/qbitflow/webhook'] }));
  app.use(async (ctx, next) => {
    if (ctx.path === '/ticket') ctx.body = { 'x-csrf-token': ctx.state['_csrf'] };
    else await next();
  });
}

/** What merchants mount in front of the kit, as in the table for Express. */
export const koaNeighbours = [
  { name: 'nothing', mount: () => undefined },
  { name: 'koa-helmet', mount: (app) => app.use(helmet()), shows: 'x-dns-prefetch-control' },
  {
    name: 'koa-compress',
    mount: (app) => app.use(compress({ threshold: 0 })),
    shows: 'content-encoding',
  },
  { name: '@koa/cors', mount: (app) => app.use(cors()), shows: 'access-control-allow-origin' },
  {
    name: 'koa-ratelimit',
    mount: (app) => app.use(rateLimit({ driver: 'memory', db: new Map(), max: 1_000 })),
    shows: 'x-ratelimit-limit',
  },
  { name: 'koa-session, rolling', mount: rollingSession, shows: 'set-cookie' },
  {
    name: 'a response time',
    mount: (app) =>
      app.use(async (ctx, next) => {
        await next();
        ctx.set('x-response-time', '1ms');
        ctx.cookies.set('seen', 'yes');
      }),
    shows: 'x-response-time',
  },
  {
    name: 'koa-passport',
    mount(app) {
      const guard = new KoaPassport();
      rollingSession(app);
      app.use(guard.initialize()).use(guard.session());
      app.use(async (ctx, next) => {
        ctx.set('x-signed-in', String(ctx.isAuthenticated()));
        await next();
      });
    },
    shows: 'x-signed-in',
  },
  {
    name: '@koa/multer',
    mount(app) {
      app.use(multer().any());
      app.use(async (ctx, next) => {
        ctx.set('x-product', ctx.request.body?.product ?? 'none');
        await next();
      });
    },
    shows: 'x-product',
  },
  { name: 'koa-bodyparser', mount: (app) => app.use(bodyParserOfOld()) },
  { name: '@koa/bodyparser', mount: (app) => app.use(bodyParser()) },
  { name: 'koa-csrf', mount: csrf, refuses: true },
];
