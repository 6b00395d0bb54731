import type { Server } from 'node:http';
import fastify5, { type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import fastify4 from 'fastify4';
import fastify40 from 'fastify40';

/** Makes an app for plain HTTP. */
type MakeApp = (options: FastifyHttpOptions<Server>) => FastifyInstance;

/** Every framework version this package works with. */
export const frameworks: readonly (readonly [string, MakeApp])[] = [
  ['Fastify 5', (options) => fastify5(options)],
  ['Fastify 4', (options) => fastify4(options)],
  ['Fastify 4.0', (options) => fastify40(options)],
];
