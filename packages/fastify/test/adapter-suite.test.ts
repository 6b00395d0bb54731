import { createServer, type RequestListener } from 'node:http';
import compress from '@fastify/compress';
import { adapterSuite, type AppPlan, type BodyParser, type Mounted } from '@qbitflow/conformance';
import type { QBitFlow } from '@qbitflow/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { describe, test } from 'vitest';
import {
  cancelHandler,
  checkoutHandler,
  qbitflowPlugin,
  statusHandler,
  successHandler,
  webhookHandler,
} from '../src/index.js';
import { frameworks } from './support/frameworks.js';

/** Parsers of the app's own, for every type of body; Fastify's own for JSON is there without them. */
const parsers: Readonly<Partial<Record<BodyParser, (app: FastifyInstance) => unknown>>> = {
  raw: (app) => parseAll(app, 'buffer', (_request, bytes) => bytes),
  text: (app) => parseAll(app, 'string', (_request, text) => text),
  'json and bytes': (app) =>
    parseAll(app, 'buffer', (request, bytes) => {
      Object.assign(request, { rawBody: bytes });
      return JSON.parse(String(bytes));
    }),
};

function parseAll(
  app: FastifyInstance,
  parseAs: 'buffer' | 'string',
  parse: (request: FastifyRequest, body: string | Buffer) => unknown,
): unknown {
  app.removeAllContentTypeParsers();
  return app.addContentTypeParser<string | Buffer>(
    '*',
    { parseAs },
    async (request: FastifyRequest, body: string | Buffer) => parse(request, body),
  );
}

describe.each(frameworks)('%s', (name, fastify) => {
  function mount(app: FastifyInstance, qbitflow: QBitFlow, mounted: Mounted): unknown {
    const { path } = mounted;
    switch (mounted.what) {
      case 'router': {
        const { nested = false, options } = mounted;
        if (!nested) return app.register(qbitflowPlugin, { prefix: path, qbitflow, ...options });
        return app.register(
          async (scope) => {
            await scope.register(qbitflowPlugin, { qbitflow, ...options });
          },
          { prefix: path },
        );
      }
      case 'webhook':
        return app.all(path, webhookHandler(qbitflow));
      case 'success':
        return app.all(path, successHandler(qbitflow, mounted.options));
      case 'cancel':
        return app.all(path, cancelHandler(qbitflow, mounted.options));
      case 'status':
        return app.all(path, statusHandler(qbitflow, mounted.options));
      case 'checkout':
        break;
    }
    const { toParams } = mounted;
    // What is no function must reach the adapter as it is.
    const own = typeof toParams === 'function' ? asFastify(toParams) : toParams;
    return app.all(path, checkoutHandler(qbitflow, own));
  }

  async function createApp({ proxies = 0, ...plan }: AppPlan): Promise<RequestListener> {
    let handle: RequestListener = () => undefined;
    const app = fastify({
      // A number is no longer taken by every Fastify 5.
      trustProxy: (_address, hop) => hop < proxies,
      serverFactory(listener) {
        handle = listener;
        return createServer();
      },
    });
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('x-shop', 'yes');
    });
    if (name === 'Fastify 5') app.register(compress, { threshold: 0 });
    app.setErrorHandler((error, _request, reply) => {
      plan.onAppError(error);
      return reply.code(500).send('error');
    });
    app.setNotFoundHandler((request, reply) => reply.code(299).send(request.url));
    const parse = plan.parser === undefined ? undefined : parsers[plan.parser];
    parse?.(app);
    mount(app, plan.qbitflow, plan.mounted);
    await app.ready();
    return handle;
  }

  adapterSuite({
    test,
    createApp,
    capabilities: {
      parsersLoseBytes: false,
      ignoresCase: false,
      readsAnyScheme: name === 'Fastify 5',
    },
  });
});

type ToParams = Extract<Mounted, { what: 'checkout' }>['toParams'];

function asFastify(toParams: ToParams): Parameters<typeof checkoutHandler>[1] {
  return ({ url }) => toParams(url);
}
