import { QBitFlowError } from '../errors.js';

/** The body is over the limit. */
export function tooLarge(limitBytes: number): QBitFlowError {
  return new QBitFlowError('body_too_large', `the body is larger than ${limitBytes} bytes`);
}

/** The body comes in crumbs, each of which costs as much as a packet. */
export function tooManyPieces(most: number): QBitFlowError {
  return new QBitFlowError('body_too_large', `the body comes in more than ${most} pieces`);
}

/** The body did not arrive in time. */
export function tooSlow(timeoutMs: number): QBitFlowError {
  return new QBitFlowError('body_timeout', `the body did not arrive within ${timeoutMs} ms`);
}

/** So much is being received that a body had to make room for others. */
export function overloaded(): QBitFlowError {
  const message =
    'more unverified bodies are being sent at once than this kit holds: one that took long was given up, its sender may come again. Many of these mean that strangers send bodies they never finish';
  return new QBitFlowError('overloaded', message);
}

/** The connection ended half-way. */
export function aborted(cause: unknown): QBitFlowError {
  const message = 'the sender went away before its body was complete';
  return new QBitFlowError('body_aborted', message, { cause });
}

/** Says how to mount the route, to the merchant's log and to whoever tries it out. */
export function consumed(): QBitFlowError {
  return new QBitFlowError(
    'body_consumed',
    'a body parser consumed the body and the signed bytes are gone: mount the QBitFlow route before express.json(), koa-body and the like, or keep the bytes in req.rawBody / ctx.request.rawBody',
  );
}
