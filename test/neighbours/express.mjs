import compression from 'compression';
import cookieParser from 'cookie-parser';
import cookieSession from 'cookie-session';
import cors from 'cors';
import { doubleCsrf } from 'csrf-csrf';
import { rateLimit } from 'express-rate-limit';
import session from 'express-session';
import helmet from 'helmet';
import { createInstance } from 'i18next';
import { handle, LanguageDetector } from 'i18next-http-middleware';
import multer from 'multer';
import passport from 'passport';

const secret = 'only this shop knows';

function csrf(app) {
  const { generateCsrfToken, doubleCsrfProtection } = doubleCsrf({
    getSecret: () => secret,
    getSessionIdentifier: () => 'one session',
    cookieName: 'csrf',
    cookieOptions: { secure: false },
    // QBitFlow has no token: its signature takes the token's place.
    skipCsrfProtection: ({ path }) => path === '/qbitflow/webhook',
  });
  app.use(cookieParser(), doubleCsrfProtection);
  app.get('/ticket', (request, response) => {
    response.json({ 'x-csrf-token': generateCsrfToken(request, response) });
  });
}

async function translations() {
  const i18n = createInstance();
  await i18n.use(LanguageDetector).init({ fallbackLng: 'de', preload: ['de'], resources: {} });
  return handle(i18n);
}

/**
 * What merchants mount in front of the kit. `shows` is the header by which an answer tells that it is at work, and
 * `refuses` whether a purchase without a ticket is turned away.
 */
export const expressNeighbours = [
  { name: 'nothing', mount: () => undefined },
  { name: 'helmet', mount: (app) => app.use(helmet()), shows: 'x-dns-prefetch-control' },
  {
    name: 'compression',
    mount: (app) => app.use(compression({ threshold: 0 })),
    shows: 'content-encoding',
  },
  { name: 'cors', mount: (app) => app.use(cors()), shows: 'access-control-allow-origin' },
  {
    name: 'express-rate-limit',
    mount: (app) => app.use(rateLimit({ limit: 1_000, standardHeaders: 'draft-6' })),
    shows: 'ratelimit-limit',
  },
  {
    name: 'express-session, rolling',
    mount: (app) =>
      app.use(session({ secret, resave: true, rolling: true, saveUninitialized: true })),
    shows: 'set-cookie',
  },
  {
    name: 'cookie-session',
    mount(app) {
      app.use(cookieSession({ secret }));
      app.use((request, _response, next) => {
        request.session.visits = (request.session.visits ?? 0) + 1;
        next();
      });
    },
    shows: 'set-cookie',
  },
  {
    name: 'passport',
    mount(app) {
      const guard = new passport.Passport();
      app.use(session({ secret, resave: false, saveUninitialized: true }));
      app.use(guard.initialize(), guard.session());
      app.use((request, response, next) => {
        response.set('x-signed-in', String(request.isAuthenticated()));
        next();
      });
    },
    shows: 'x-signed-in',
  },
  {
    name: 'multer',
    mount(app) {
      app.use(multer().any());
      app.use((request, response, next) => {
        response.set('x-product', request.body?.product ?? 'none');
        next();
      });
    },
    shows: 'x-product',
  },
  { name: 'csrf-csrf', mount: csrf, refuses: true },
  {
    name: 'i18next',
    mount: async (app) => app.use(await translations()),
    shows: 'content-language',
  },
];
