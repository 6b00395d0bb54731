import type { RequestListener } from 'node:http';
import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import type { ReturnPageOptions, RouteOptions, StatusOptions } from '@qbitflow/core/adapter';

/**
 * What stands in front of the kit and reads bodies. `json` leaves a parsed value and nothing of the bytes, `raw` bytes as
 * the body, `text` text as the body, `json and bytes` a parsed value and the bytes as `rawBody`; `another type` is a
 * parser that leaves these requests alone.
 */
export type BodyParser = 'json' | 'raw' | 'text' | 'json and bytes' | 'another type';

/** What of the kit is mounted, for every method, below or at which path. */
export type Mounted =
  /** All routes, below `path`; '' is the root. With `nested`, `path` is the path of a router or sub-app of the app's own. */
  | {
      readonly what: 'router';
      readonly path: string;
      readonly nested?: boolean;
      readonly options?: RouteOptions;
    }
  | { readonly what: 'webhook'; readonly path: string }
  | {
      readonly what: 'success' | 'cancel';
      readonly path: string;
      readonly options?: ReturnPageOptions;
    }
  /** `path` ends with `/:uuid`. */
  | { readonly what: 'status'; readonly path: string; readonly options?: StatusOptions }
  /** `toParams` takes the request's URL. */
  | {
      readonly what: 'checkout';
      readonly path: string;
      readonly toParams: (url: string) => CheckoutParams | undefined;
    };

/**
 * An app that the suite asks for. From the front: a middleware that sets the header `x-shop: yes`, compression where the
 * framework has it, the body parser, the kit, and a page that answers everything else 299 with the request's URL.
 */
export interface AppPlan {
  readonly qbitflow: QBitFlow;
  readonly mounted: Mounted;
  readonly parser?: BodyParser;
  /** How many proxies in front of it the app trusts. @default 0 */
  readonly proxies?: number;
  /** Called with each error that reaches the framework. */
  readonly onAppError: (error: unknown) => void;
}

/** What a framework has. */
export interface AdapterCapabilities {
  /** @default all of them */
  readonly parsers: readonly BodyParser[];
  /** A `json` parser leaves nothing of a webhook's bytes; `false` where the adapter reads first or they are kept. @default true */
  readonly parsersLoseBytes: boolean;
  /** The framework's router takes `/Webhook` for `/webhook`. @default true */
  readonly ignoresCase: boolean;
  /** The framework's router reads a target that is an absolute URL however its scheme is written. @default true */
  readonly readsAnyScheme: boolean;
  /** The framework can be told to believe a proxy about the client's address. @default true */
  readonly trustsProxies: boolean;
}

/** Makes an app of the framework, as a listener for `node:http`. */
export type CreateApp = (plan: AppPlan) => Promise<RequestListener> | RequestListener;
