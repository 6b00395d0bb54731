import type { HttpRequest } from '@qbitflow/core';
import type { Request } from 'express';

/** An Express request as core sees it. */
export function toRequest(request: Request): HttpRequest {
  const { method, headers } = request;
  // Handlers also stand in hosts that have no `originalUrl`: restify, connect, Next.js' API routes.
  const url = request.originalUrl ?? request.url;
  const body: unknown = request.body;
  return { method, url, headers, stream: request, body, rawBody: Reflect.get(request, 'rawBody') };
}
