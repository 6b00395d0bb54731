import type { HttpRequest } from '@qbitflow/core';
import type { Request } from 'express';

/** An Express request as core sees it. */
export function toRequest(request: Request): HttpRequest {
  const { method, headers } = request;
  // Handlers also stand in hosts that have no `originalUrl`: restify, connect, Next.js' API routes.
  const url = request.originalUrl ?? request.url;
  const client = request.ip ?? request.socket?.remoteAddress;
  const body: unknown = request.body;
  const rawBody: unknown = Reflect.get(request, 'rawBody');
  return { method, url, headers, client, stream: request, body, rawBody };
}
