import type { HttpRequest } from '@qbitflow/core';
import type { Request } from 'express';

/** An Express request as core sees it. */
export function toRequest(request: Request): HttpRequest {
  const { method, originalUrl: url, headers } = request;
  const body: unknown = request.body;
  return { method, url, headers, stream: request, body, rawBody: Reflect.get(request, 'rawBody') };
}
