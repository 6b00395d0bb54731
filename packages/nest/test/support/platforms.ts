import { createServer, type RequestListener } from 'node:http';
import type { INestApplication, NestApplicationOptions, Type, DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** How an app differs from a plain one. */
export interface AppOptions extends Pick<NestApplicationOptions, 'bodyParser' | 'rawBody'> {
  /** How many proxies it trusts. @default 0 */
  readonly proxies?: number;
  /** A parser of every type of body, in place of Nest's own. */
  readonly reads?: 'raw' | 'text' | undefined;
}

/** An app that is not initialised yet. */
export interface MadeApp {
  readonly app: INestApplication;
  /** Initialises it; resolves with what serves it. */
  readonly listen: () => Promise<RequestListener>;
}

/** Makes an app whose answers have the header `x-shop: yes`. */
export type MakeApp = (root: Type | DynamicModule, options?: AppOptions) => Promise<MadeApp>;

const QUIET = { logger: false, abortOnError: false } as const;

async function onExpress(
  root: Type | DynamicModule,
  { proxies = 0, reads, ...options }: AppOptions = {},
): Promise<MadeApp> {
  const adapter = new ExpressAdapter();
  adapter.set('trust proxy', proxies);
  adapter.use((_request: unknown, response: { setHeader: Function }, next: () => void) => {
    response.setHeader('x-shop', 'yes');
    next();
  });
  const app = await NestFactory.create<NestExpressApplication>(root, adapter, {
    ...QUIET,
    ...options,
  });
  if (reads !== undefined) app.useBodyParser(reads, { type: '*/*' });
  const listener: RequestListener = (request, response) =>
    Reflect.apply(adapter.getInstance(), undefined, [request, response]);
  const listen = async (): Promise<RequestListener> => {
    await app.init();
    return listener;
  };
  return { app, listen };
}

async function onFastify(
  root: Type | DynamicModule,
  { proxies = 0, reads, ...options }: AppOptions = {},
): Promise<MadeApp> {
  let listener: RequestListener = () => undefined;
  const adapter = new FastifyAdapter({
    trustProxy: (_address: string, hop: number) => hop < proxies,
    serverFactory(handle: RequestListener) {
      listener = handle;
      return createServer();
    },
  });
  const instance = adapter.getInstance();
  instance.addHook('onRequest', async (_request, reply) => {
    reply.raw.setHeader('x-shop', 'yes');
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    ...QUIET,
    ...options,
  });
  if (reads !== undefined)
    instance.addContentTypeParser(
      '*',
      { parseAs: reads === 'raw' ? 'buffer' : 'string' },
      (_request, body, done) => done(null, body),
    );
  const listen = async (): Promise<RequestListener> => {
    await app.init();
    await instance.ready();
    return listener;
  };
  return { app, listen };
}

/** Every platform of Nest's. */
export const platforms: readonly (readonly [string, MakeApp])[] = [
  ['Express', onExpress],
  ['Fastify', onFastify],
];
