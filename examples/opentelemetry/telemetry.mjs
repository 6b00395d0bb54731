// Metrics and traces of the inbox, with OpenTelemetry's API alone: which SDK they go to is decided where the app starts.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { attempts, linksTo } from './spans.mjs';

const channels = (...codes) => codes.map((code) => `qbitflow:delivery_${code}`);
const RECEIVED = channels('received', 'recorded', 'duplicate', 'refused');
const [STARTED] = channels('started');
const ENDED = [...channels('completed', 'retried', 'released', 'buried'), 'qbitflow:lease_lost'];
const FAILED = new Set(['delivery_retried', 'delivery_buried', 'lease_lost']);

/** Counts and times what happens to deliveries in this process. Returns how to stop. */
export function observeDeliveries({ deliveries }) {
  const meter = metrics.getMeter('qbitflow');
  const tracer = trace.getTracer('qbitflow');
  const events = meter.createCounter('qbitflow.deliveries', {
    description: 'What happened, by code',
  });
  const inbox = meter.createObservableGauge('qbitflow.inbox', {
    description: 'Deliveries, by state',
  });
  const oldest = meter.createObservableGauge('qbitflow.inbox.oldest_due', { unit: 'ms' });

  // Keys and reasons are facts of one delivery: they go to its span, never to a metric.
  const count = ({ code, type }) => events.add(1, type === undefined ? { code } : { code, type });

  function begin({ key, attempt, ...carrier }) {
    const attributes = { 'qbitflow.key': key, 'qbitflow.attempt': attempt };
    attempts.set(
      key,
      tracer.startSpan('qbitflow attempt', { attributes, links: linksTo(carrier) }),
    );
  }

  function end({ code, key, reason }) {
    const span = attempts.get(key);
    attempts.delete(key);
    span?.setAttribute('qbitflow.outcome', code);
    if (FAILED.has(code)) span?.setStatus({ code: SpanStatusCode.ERROR, message: reason });
    span?.end();
  }

  async function scrape(result) {
    const { oldestDueAgeMs, due, running, done, dead } = await deliveries.stats();
    const counts = { due, running, done, dead };
    for (const [state, number] of Object.entries(counts)) result.observe(inbox, number, { state });
    result.observe(oldest, oldestDueAgeMs);
  }

  const listeners = [
    ...[...RECEIVED, STARTED, ...ENDED].map((channel) => [channel, count]),
    [STARTED, begin],
    ...ENDED.map((channel) => [channel, end]),
  ];
  for (const [channel, listener] of listeners) subscribe(channel, listener);
  meter.addBatchObservableCallback(scrape, [inbox, oldest]);
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
    meter.removeBatchObservableCallback(scrape, [inbox, oldest]);
  };
}
