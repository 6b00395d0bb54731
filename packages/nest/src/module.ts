import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  Inject,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type NestModule,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, HttpAdapterHost } from '@nestjs/core';
import { QBitFlowError, type QBitFlow } from '@qbitflow/core';
import { findRoute, pathOf, routesOf, type Route, type RouteOptions } from '@qbitflow/core/adapter';
import { addHandlers, QBITFLOW } from './decorators.js';
import { toHandler } from './handlers.js';

/** What the module is made with. */
export interface QBitFlowModuleOptions extends RouteOptions {
  readonly qbitflow: QBitFlow;
  /** Where the routes are, whatever the app's global prefix. @default '/qbitflow' */
  readonly path?: string | undefined;
}

/** Says what the module is made with once other providers are there. */
export interface QBitFlowModuleAsyncOptions
  extends
    Pick<ModuleMetadata, 'imports'>,
    Pick<FactoryProvider<QBitFlowModuleOptions>, 'inject' | 'useFactory'> {}

const OPTIONS = Symbol.for('@qbitflow/nest:options');

/**
 * The kit's routes, its handlers and its life: mounts `/webhook`, `/success`, `/cancel` and `/status/:uuid` below `path`,
 * adds every method with `@OnQBitFlow`, starts the kit with the app and closes it when the app closes. The webhook stands
 * before Nest's body parser, the pages behind what `app.use()` has added. Without an HTTP server (a worker) nothing is
 * mounted.
 * @throws {QBitFlowError} `misconfigured`, when the app is made, without a kit and for options that cannot work.
 * @example
 * ```ts
 * import { Module } from '@nestjs/common';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { QBitFlowModule } from '@qbitflow/nest';
 *
 * @Module({ imports: [QBitFlowModule.forRoot({ qbitflow: createQBitFlow() })] })
 * export class AppModule {}
 * ```
 */
export class QBitFlowModule
  implements NestModule, OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #qbitflow: QBitFlow;
  readonly #base: string;
  readonly #pages: readonly Route[];
  readonly #host: HttpAdapterHost;
  readonly #discovery: DiscoveryService;

  /** Called by Nest. */
  constructor(
    { qbitflow, path = '/qbitflow', ...options }: QBitFlowModuleOptions,
    host: HttpAdapterHost,
    discovery: DiscoveryService,
  ) {
    const routes = routesOf(qbitflow, options);
    this.#qbitflow = qbitflow;
    this.#base = basePath(path);
    this.#host = host;
    this.#discovery = discovery;
    this.#pages = routes.filter(({ path: page }) => page !== '/webhook');
    // Nest adds its body parser when the app is initialised, after modules are made: this is before it.
    this.#mount(routes.filter((route) => !this.#pages.includes(route)));
  }

  /** The module for a kit that is there already. */
  static forRoot(options: QBitFlowModuleOptions): DynamicModule {
    return QBitFlowModule.forRootAsync({ useFactory: () => options });
  }

  /** The module for a kit that needs other providers, e.g. `inject: [ConfigService]`. */
  static forRootAsync({ imports, inject, useFactory }: QBitFlowModuleAsyncOptions): DynamicModule {
    const kit = ({ qbitflow }: QBitFlowModuleOptions): QBitFlow => qbitflow;
    return {
      module: QBitFlowModule,
      global: true,
      imports: [...(imports ?? []), DiscoveryModule],
      providers: [
        { provide: OPTIONS, inject: inject ?? [], useFactory },
        { provide: QBITFLOW, inject: [OPTIONS], useFactory: kit },
      ],
      exports: [QBITFLOW],
    };
  }

  /** Called by Nest after `app.use()` and before the app's controllers are mounted. */
  configure(): void {
    this.#mount(this.#pages);
  }

  /** Called by Nest once every provider is there: adds the decorated methods. */
  onModuleInit(): void {
    addHandlers(this.#qbitflow, this.#discovery);
  }

  /** Called by Nest: picks up what was left behind. While the store is away the app is there and answers 503. */
  onApplicationBootstrap(): void {
    void this.#qbitflow.start();
  }

  /** Called by Nest before it waits for open connections: live streams end, handlers that run may finish. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#qbitflow.close();
  }

  #mount(routes: readonly Route[]): void {
    this.#host.httpAdapter?.use(
      (request: IncomingMessage, response: ServerResponse, next: () => void) => {
        const endpoint = findRoute(routes, this.#base, pathOf(request.url ?? '/'));
        if (endpoint === undefined) next();
        else toHandler(endpoint)(request, response);
      },
    );
  }
}

// As calls: what compilers make of the syntax of decorators needs helpers where it runs.
for (const [at, token] of [OPTIONS, HttpAdapterHost, DiscoveryService].entries())
  Inject(token)(QBitFlowModule, undefined, at);

function basePath(path: string): string {
  if (path === '' || path === '/') return '';
  if (path.startsWith('/')) return pathOf(path);
  throw new QBitFlowError(
    'misconfigured',
    `'${path}' is no path to mount under: it starts with a slash, e.g. '/qbitflow'`,
  );
}
