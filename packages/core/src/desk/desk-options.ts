import { QBitFlowError } from '../errors.js';
import type { HttpRequest } from '../http/http.js';
import { assertKnownOptions } from '../known-options.js';

/**
 * Whether a request may see the desk: `true`, or the operator's name (of at most 100 characters), which the log of actions
 * tells. Everything else, a throw and no answer within five seconds are a no.
 */
export type AuthorizeOperator = (
  request: HttpRequest,
) => boolean | string | undefined | Promise<boolean | string | undefined>;

/** How the operator's desk behaves. */
export interface DeskOptions {
  /** Who may see deliveries and replay or discard them. @default requests from this machine that came through no proxy */
  readonly authorize?: AuthorizeOperator | undefined;
}

/** How the metrics route behaves. */
export interface MetricsOptions {
  /** Who may read the figures. @default requests from loopback and private networks that came through no proxy */
  readonly authorize?: AuthorizeOperator | undefined;
}

const NAMES: readonly string[] = Object.keys({ authorize: true } satisfies Record<
  keyof DeskOptions,
  true
>);

/** A copy of the options. Throws `misconfigured` for one that does not exist and for an `authorize` that is no function. */
export function checkDeskOptions(
  call: string,
  options: DeskOptions | MetricsOptions | undefined,
): DeskOptions {
  assertKnownOptions(call, options, NAMES);
  const authorize: unknown = options?.authorize;
  if (authorize !== undefined && typeof authorize !== 'function')
    throw new QBitFlowError(
      'misconfigured',
      `${call}: authorize is a function of the request that returns true, the operator's name, or false`,
    );
  return { authorize: options?.authorize };
}
