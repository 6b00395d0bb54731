import { headerOf, type HttpHeaders } from '../http/http.js';

/** W3C Trace Context, as the request that brought a delivery carried it. */
export interface TraceContext {
  /** `00-<trace id>-<parent id>-<flags>` */
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
/** What every tracer must be able to pass on. */
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** The trace a request is part of; `undefined` where its headers name none. They are not signed: good for a link only. */
export function traceContextOf(headers: HttpHeaders): TraceContext | undefined {
  const traceparent = headerOf(headers, 'traceparent');
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return undefined;
  const tracestate = headerOf(headers, 'tracestate');
  if (tracestate === undefined || !TRACESTATE.test(tracestate)) return { traceparent };
  return { traceparent, tracestate };
}
