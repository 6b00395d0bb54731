import type { HttpRequest } from '@qbitflow/core';
import type { Context } from 'koa';

/** A Koa context as core sees it. Body parsers leave their findings on `ctx.request`. */
export function toRequest({
  method,
  originalUrl: url,
  headers,
  req,
  request,
}: Context): HttpRequest {
  const body: unknown = Reflect.get(request, 'body');
  return { method, url, headers, stream: req, body, rawBody: Reflect.get(request, 'rawBody') };
}
