import { QBitFlowError } from '../errors.js';

/** Says how to mount the route, to the merchant's log and to whoever tries it out. */
export function consumed(): QBitFlowError {
  return new QBitFlowError(
    'body_consumed',
    'a body parser consumed the body and the signed bytes are gone: mount the QBitFlow route before express.json(), koa-body and the like, or keep the bytes in req.rawBody / ctx.request.rawBody',
  );
}
