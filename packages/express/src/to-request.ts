import type { HttpRequest } from '@qbitflow/core';
import type { Request } from 'express';

/** An Express request as core sees it. */
export function toRequest(request: Request): HttpRequest {
  const { method, originalUrl: url, headers, ip: client } = request;
  const body: unknown = request.body;
  const rawBody: unknown = Reflect.get(request, 'rawBody');
  return { method, url, headers, client, stream: request, body, rawBody };
}
