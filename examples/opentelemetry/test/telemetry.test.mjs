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
import { traced, tracedKit, tracedStore } from '../traced.mjs';

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
  const store = tracedStore(memoryStore({ clock }));
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
    const answer = await tracedKit(kit).handleWebhook(request);
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
  spans
    .getFinishedSpans()
    .filter(({ name }) => name === 'qbitflow attempt')
    .map(({ name, attributes, status }) => ({ name, attributes, status }));

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

test('received, recorded, attempted and handled are spans that are joined by trace context', async () => {
  const { kit, deliver, spans } = openObserved();
  const tracer = trace.getTracer('shop');
  kit.on(
    'payment.completed',
    traced(async () => tracer.startSpan('ship').end()),
  );
  await tracer.startActiveSpan('POST /webhook', async (request) => {
    await deliver(fixtures.v2['payment.completed']());
    request.end();
  });
  const byName = new Map(spans.getFinishedSpans().map((span) => [span.name, span]));
  const idOf = (name) => byName.get(name).spanContext().spanId;
  const parentOf = (name) => byName.get(name).parentSpanContext?.spanId;
  expect(parentOf('qbitflow receive')).toBe(idOf('POST /webhook'));
  expect(parentOf('qbitflow record')).toBe(idOf('qbitflow receive'));
  expect(byName.get('qbitflow record').attributes['qbitflow.recorded']).toBe('recorded');
  // It may run long after the request, in another process: a trace of its own, linked to where it came from.
  expect(parentOf('qbitflow attempt')).toBeUndefined();
  for (const name of ['qbitflow attempt', 'qbitflow payment.completed'])
    expect(byName.get(name).links.map((link) => link.context.spanId)).toEqual([
      idOf('qbitflow receive'),
    ]);
  expect(parentOf('qbitflow payment.completed')).toBe(idOf('qbitflow attempt'));
  expect(parentOf('ship')).toBe(idOf('qbitflow payment.completed'));
});

test('a caller’s trace is a link where no request is traced: its headers are not signed', async () => {
  const { deliver, spans } = openObserved();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  await deliver(fixtures.v2['payment.completed'](), SECRET, { traceparent });
  const received = spans.getFinishedSpans().find(({ name }) => name === 'qbitflow receive');
  expect(received.parentSpanContext).toBeUndefined();
  expect(received.links.map((link) => link.context.traceId)).toEqual([traceId]);
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
