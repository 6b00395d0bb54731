import { context, metrics, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createQBitFlow, memoryStore } from '@qbitflow/core';
import { fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { observeDeliveries } from '../telemetry.mjs';
import { traced } from '../traced.mjs';

const SECRET = 'whsec_example';
const KEY = 'payment.completed:pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

/** A kit that is observed by a real SDK, which keeps what it exports. */
function openObserved() {
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: exported,
    exportIntervalMillis: 3_600_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  const spans = new InMemorySpanExporter();
  const traces = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  metrics.setGlobalMeterProvider(meters);
  trace.setGlobalTracerProvider(traces);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  const clock = fakeClock();
  const store = memoryStore({ clock });
  const kit = createQBitFlow({
    logger: false,
    webhookSecret: SECRET,
    clock,
    store,
    random: () => 1,
  });
  const stop = observeDeliveries(kit);
  onTestFinished(async () => {
    stop();
    const closing = kit.close();
    await clock.advance(60_000);
    await closing;
    await Promise.all([meters.shutdown(), traces.shutdown()]);
    metrics.disable();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  async function deliver(body, secret = SECRET, more = {}) {
    const { headers, body: rawBody } = signDelivery({ version: 'v2', body, secret, clock });
    const request = { method: 'POST', url: '/webhook', headers: { ...headers, ...more }, rawBody };
    const answer = await kit.handleWebhook(request);
    await clock.advance(1);
    return answer;
  }

  /** What a scrape says now: `{ name: { 'state=due': 1 } }`. */
  async function scrape() {
    exported.reset();
    await reader.forceFlush();
    const [{ scopeMetrics }] = exported.getMetrics();
    const points = ({ descriptor, dataPoints }) => [
      descriptor.name,
      Object.fromEntries(dataPoints.map(({ attributes, value }) => [labels(attributes), value])),
    ];
    return Object.fromEntries(scopeMetrics.flatMap(({ metrics: all }) => all.map(points)));
  }

  return { kit, clock, deliver, scrape, spans, stop };
}

const labels = (attributes) =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const outcomes = (spans) =>
  spans.getFinishedSpans().map(({ name, attributes, status }) => ({ name, attributes, status }));

test('every step of a delivery is counted, by code and type', async () => {
  const { kit, deliver, scrape } = openObserved();
  kit.onAny(() => undefined);
  await deliver(fixtures.v2['payment.completed']());
  await deliver(fixtures.v2['payment.completed']());
  await deliver(fixtures.v2['payment.completed'](), 'whsec_of_somebody_else');
  expect((await scrape())['qbitflow.deliveries']).toEqual({
    'code=delivery_received type=payment.completed': 2,
    'code=delivery_recorded type=payment.completed': 1,
    'code=delivery_duplicate type=payment.completed': 1,
    'code=delivery_refused': 1,
    'code=delivery_started': 1,
    'code=delivery_completed': 1,
  });
});

test('each attempt is a span, and one that failed says why', async () => {
  const { kit, clock, deliver, spans } = openObserved();
  kit.on(
    'payment.completed',
    (_event, { attempt }) => {
      if (attempt === 1) throw new Error('sold out');
    },
    { name: 'fulfil' },
  );
  await deliver(fixtures.v2['payment.completed']());
  await clock.advance(2_000);
  const attributes = (attempt, outcome) => ({
    'qbitflow.key': KEY,
    'qbitflow.attempt': attempt,
    'qbitflow.outcome': outcome,
  });
  expect(outcomes(spans)).toEqual([
    {
      name: 'qbitflow attempt',
      attributes: attributes(1, 'delivery_retried'),
      status: { code: SpanStatusCode.ERROR, message: 'fulfil: sold out' },
    },
    {
      name: 'qbitflow attempt',
      attributes: attributes(2, 'delivery_completed'),
      status: { code: SpanStatusCode.UNSET },
    },
  ]);
});

test('a handler has a span of its own, linked to the trace that brought its delivery', async () => {
  const { kit, deliver, spans } = openObserved();
  const tracer = trace.getTracer('shop');
  kit.on(
    'payment.completed',
    traced(async () => tracer.startSpan('ship').end()),
  );
  const carrier = {};
  await tracer.startActiveSpan('POST /webhook', async (request) => {
    propagation.inject(context.active(), carrier);
    await deliver(fixtures.v2['payment.completed'](), SECRET, carrier);
    request.end();
  });
  const byName = new Map(spans.getFinishedSpans().map((span) => [span.name, span]));
  const request = byName.get('POST /webhook').spanContext();
  for (const name of ['qbitflow attempt', 'qbitflow payment.completed']) {
    const span = byName.get(name);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links.map((link) => link.context.spanId)).toEqual([request.spanId]);
    expect(span.spanContext().traceId).not.toBe(request.traceId);
  }
  const handler = byName.get('qbitflow payment.completed').spanContext();
  expect(byName.get('ship').parentSpanContext.spanId).toBe(handler.spanId);
});

test('a scrape tells how many are in each state and how long the oldest has waited', async () => {
  const { kit, clock, deliver, scrape } = openObserved();
  kit.on('webhook.test', () => undefined);
  kit.on('payment.completed', () => {
    throw new Error('no');
  });
  await deliver(fixtures.v2['webhook.test']());
  await deliver(fixtures.v2['payment.completed']());
  await clock.advance(500);
  const { 'qbitflow.inbox': inbox, 'qbitflow.inbox.oldest_due': oldest } = await scrape();
  expect(inbox).toEqual({ 'state=due': 1, 'state=running': 0, 'state=done': 1, 'state=dead': 0 });
  expect(oldest).toEqual({ '': 0 });
});

test('once stopped it observes nothing', async () => {
  const { kit, deliver, scrape, spans, stop } = openObserved();
  kit.onAny(() => undefined);
  await deliver(fixtures.v2['webhook.test']());
  stop();
  await deliver(fixtures.v2['payment.completed']());
  const counts = (await scrape())['qbitflow.deliveries'];
  expect(counts['code=delivery_received type=webhook.test']).toBe(1);
  expect(counts['code=delivery_received type=payment.completed']).toBeUndefined();
  expect(outcomes(spans)).toHaveLength(1);
});
