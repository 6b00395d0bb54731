// What the spans of one delivery have in common: the trace that its request came with, and the attempt that is at work.
import { propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';

/** The attempts at work in this process, by idempotency key. */
export const attempts = new Map();

/** A link to the trace that W3C trace context headers name, if they name one. */
export function linksTo(carrier = {}) {
  const context = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, carrier));
  return context === undefined ? [] : [{ context }];
}

/** Runs `work` in a span, which fails and ends with it. `parent` is by default what is active. */
export function inSpan(name, { parent, ...options }, work) {
  const run = async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  };
  const tracer = trace.getTracer('qbitflow');
  return parent === undefined
    ? tracer.startActiveSpan(name, options, run)
    : tracer.startActiveSpan(name, options, parent, run);
}
