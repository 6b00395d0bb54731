// A delivery's way in spans: received and recorded within the request, each handler within its attempt, joined by trace
// context that is kept with the delivery.
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { attempts, inSpan, linksTo } from './spans.mjs';

/** The kit to mount: it receives each delivery in a span, and the attempts that follow are linked to that. */
export function tracedKit(kit) {
  return {
    ...kit,
    handleWebhook(request) {
      const { method, url, headers, stream, body, rawBody } = request;
      // They are not signed, so that they make a link, not a parent.
      const links = trace.getActiveSpan() === undefined ? linksTo(headers) : [];
      return inSpan('qbitflow receive', { links }, async (span) => {
        const onwards = { ...headers };
        propagation.inject(context.active(), onwards);
        const client = request.client;
        const asked = { method, url, headers: onwards, client, stream, body, rawBody };
        const answer = await kit.handleWebhook(asked);
        span.setAttribute('http.response.status_code', answer.status);
        return answer;
      });
    },
  };
}

/** The store to give to the kit: what it takes until a delivery is safe is a span. */
export function tracedStore(store) {
  const record = async (delivery, options) => {
    const attributes = { 'qbitflow.key': delivery.key, 'qbitflow.store': store.name };
    // The kit records in no request's context: the delivery's own headers name the span that received it.
    const parent = propagation.extract(ROOT_CONTEXT, delivery.headers);
    return inSpan('qbitflow record', { attributes, parent }, async (span) => {
      const outcome = await store.record(delivery, options);
      span.setAttribute('qbitflow.recorded', outcome.status);
      return outcome;
    });
  };
  return { ...store, record };
}

/** A handler in a span of its own, within its attempt's where that is observed, and linked to the trace that brought the delivery. */
export function traced(handler) {
  return (event, eventContext) => {
    const attempt = attempts.get(event.key);
    const parent = attempt === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, attempt);
    const links = linksTo(eventContext.trace);
    return inSpan(`qbitflow ${event.type}`, { parent, links }, async () =>
      handler(event, eventContext),
    );
  };
}
