import type { HttpRequest } from '@qbitflow/core';
import type { Context } from 'koa';

/** A Koa context as core sees it. Body parsers leave their findings on `ctx.request`. */
export function toRequest({
  method,
  originalUrl: url,
  headers,
  ip: client,
  req,
  request,
}: Context): HttpRequest {
  const body: unknown = Reflect.get(request, 'body');
  const rawBody: unknown = Reflect.get(request, 'rawBody');
  return { method, url, headers, client, stream: req, body, rawBody };
}
