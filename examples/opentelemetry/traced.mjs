// Handlers in spans of their own: a kit runs them in no request's context, and often long after it.
import { propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';

/** A handler in a span of its own, linked to the trace that brought the delivery: it runs in no request's context. */
export function traced(handler) {
  return (event, context) => {
    const links = linksTo(context.trace);
    const tracer = trace.getTracer('qbitflow');
    return tracer.startActiveSpan(`qbitflow ${event.type}`, { links }, async (span) => {
      try {
        return await handler(event, context);
      } catch (error) {
        span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
        throw error;
      } finally {
        span.end();
      }
    });
  };
}

/** A link to the trace that W3C trace context headers name, if they name one. */
export function linksTo(carrier = {}) {
  const context = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, carrier));
  return context === undefined ? [] : [{ context }];
}
