import { closestName, assertKnownOptions } from '../known-options.js';
import { QBitFlowError } from '../errors.js';
import type { TypeFilter, DeliverySource } from '../store/durable-store.js';
import {
  type EventOf,
  type KnownEventType,
  type UnknownEvent,
  type WebhookEvent,
  isUnderstoodType,
  KNOWN_EVENT_TYPES,
} from './types.js';
import { headerOf, type HttpHeaders } from '../http/http.js';
import type { Logger } from '../logger.js';

/** A handler of one type of event. What it returns is awaited and then ignored. */
export type EventHandler<Event extends WebhookEvent = WebhookEvent> = (
  event: Event,
  context: EventContext,
) => unknown;

/**
 * The name under which a handler's success is remembered with each delivery, across restarts and deploys. Without one
 * it is the function's own name; a handler without any needs one as soon as its type has a second handler.
 */
export interface HandlerNaming {
  readonly name?: string | undefined;
  /** Names this handler had in earlier deploys: deliveries that are still under way remember its success under those. */
  readonly formerly?: string | readonly string[] | undefined;
}

/** What the registry knows of a handler. */
export interface Registration {
  readonly name: string;
  /** Other names under which its success may be remembered. */
  readonly formerly: readonly string[];
  readonly run: EventHandler;
}

/** How handlers are added; each call returns `Kit`, so that calls can be chained. */
export interface HandlerMethods<Kit> {
  /** Adds a handler for one type of event. Handlers run after the answer, in order, each until it has succeeded once. */
  readonly on: <
    // Spelt out, so that what a compiler says of a typo names the types there are instead of this one's name.
    Type extends { [Name in KnownEventType]: Name }[KnownEventType],
  >(
    type: Type,
    handler: EventHandler<EventOf<Type>>,
    naming?: HandlerNaming,
  ) => Kit;
  /** Adds a handler for every event, also of types newer than this kit. It runs after those of the type. */
  readonly onAny: (handler: EventHandler, naming?: HandlerNaming) => Kit;
  /** Adds a handler for events of types newer than this kit. */
  readonly onUnknown: (handler: EventHandler<UnknownEvent>, naming?: HandlerNaming) => Kit;
}

/** Who wants which events. One per kit, never shared. */
export interface HandlerRegistry extends HandlerMethods<void> {
  /** Handlers of the event's type in the order they were registered, then those of any type. */
  handlersFor(event: WebhookEvent): readonly Registration[];
  /** The types that have a handler, as they are recorded; `undefined` when all have. */
  wanted(): TypeFilter | undefined;
  /** Whether a delivery recorded under this type has a handler. */
  handles(type: string): boolean;
}

interface Registered extends Registration {
  readonly isNamed: boolean;
}

const ANY = '*';
const UNKNOWN = 'unknown';

/** An empty registry. */
export function createHandlerRegistry(): HandlerRegistry {
  const byType = new Map<string, readonly Registered[]>();
  /** Those of a type and of any type together. */
  const combined = new Map<string, readonly Registration[]>();

  function add(type: string, run: EventHandler, given: Given): void {
    const registered = byType.get(type) ?? [];
    const { name, isNamed, formerly } = nameOf(given, type);
    assertNamed(type, registered, isNamed);
    // Before names were asked for, a handler without one was remembered by its position.
    const position = `${type}#${registered.length + 1}`;
    const added = { name, formerly: [...formerly, position], run, isNamed };
    for (const other of rivals(type)) assertApart(type, added, other);
    byType.set(type, [...registered, added]);
    combined.clear();
  }

  /** All whose success is remembered with the same deliveries. */
  function rivals(type: string): readonly Registration[] {
    if (type === ANY) return [...byType.values()].flat();
    return [...(byType.get(type) ?? []), ...(byType.get(ANY) ?? [])];
  }

  function wanted(): TypeFilter | undefined {
    if (byType.has(ANY)) return undefined;
    if (!byType.has(UNKNOWN)) return { only: [...byType.keys()] };
    return { except: [...KNOWN_EVENT_TYPES].filter((type) => !byType.has(type)) };
  }

  return {
    on(type, handler, naming) {
      assertKnown(type);
      assertCallable(`on('${type}')`, handler);
      const run: EventHandler = (event, context) =>
        isOfType(event, type) ? handler(event, context) : undefined;
      add(type, run, { handler, naming });
    },
    onUnknown(handler, naming) {
      assertCallable('onUnknown', handler);
      const run: EventHandler = (event, context) =>
        event.type === UNKNOWN ? handler(event, context) : undefined;
      add(UNKNOWN, run, { handler, naming });
    },
    onAny(handler, naming) {
      assertCallable('onAny', handler);
      add(ANY, handler, { handler, naming });
    },
    handlersFor({ type }) {
      let handlers = combined.get(type);
      if (handlers === undefined) {
        handlers = [...(byType.get(type) ?? []), ...(byType.get(ANY) ?? [])];
        combined.set(type, handlers);
      }
      return handlers;
    },
    wanted,
    handles(type) {
      const isKnown = isUnderstoodType(type);
      return byType.has(ANY) || byType.has(isKnown ? type : UNKNOWN);
    },
  };
}

function isOfType<Type extends KnownEventType>(
  event: WebhookEvent,
  type: Type,
): event is EventOf<Type> {
  return event.type === type;
}

interface Given {
  readonly handler: { readonly name: string };
  readonly naming: HandlerNaming | undefined;
}

interface Naming {
  readonly name: string;
  readonly isNamed: boolean;
  readonly formerly: readonly string[];
}

const MAX_NAME_LENGTH = 200;

function nameOf({ handler, naming = {} }: Given, type: string): Naming {
  assertKnownOptions(`the naming of a handler of ${type}`, naming, ['name', 'formerly']);
  const { formerly = [] } = naming;
  const own = naming.name ?? handler.name;
  const isNamed = own !== '';
  const names = typeof formerly === 'string' ? [formerly] : formerly;
  for (const name of [own, ...names])
    if (typeof name !== 'string' || name.length > MAX_NAME_LENGTH)
      throw misconfigured(
        `a handler's name is a text of at most ${MAX_NAME_LENGTH} characters, it is kept with every delivery`,
      );
  return { name: isNamed ? own : type, isNamed, formerly: names };
}

/** Two handlers can be told apart across deploys by their names alone: their order changes. */
function assertNamed(type: string, registered: readonly Registered[], isNamed: boolean): void {
  if (registered.length === 0 || (isNamed && registered.every((one) => one.isNamed))) return;
  const call = type === ANY ? 'onAny' : type === UNKNOWN ? 'onUnknown' : `on('${type}')`;
  throw misconfigured(
    `${call} has two handlers and one of them has no name: a retry runs only those that have not succeeded, and tells them apart by name; give each function a name, or pass { name: 'ship' } behind it`,
  );
}

function assertApart(type: string, added: Registration, other: Registration): void {
  const names = [added.name, ...added.formerly];
  if (added.name === other.name)
    throw misconfigured(
      `two handlers of ${type} are named ${added.name}: names tell apart which of them has succeeded; pass { name: '…' } behind one`,
    );
  if (names.includes(other.name) || other.formerly.includes(added.name))
    throw misconfigured(
      `a handler of ${type} was formerly named like another handler is now (${added.name}, ${other.name}): its success would count for both; choose another name`,
    );
}

function assertKnown(type: unknown): void {
  if (typeof type === 'string' && isUnderstoodType(type)) return;
  if (typeof type !== 'string')
    throw misconfigured(`on() needs an event type, e.g. 'payment.completed', not ${typeof type}`);
  const meant = closestName(type, KNOWN_EVENT_TYPES);
  if (type === ANY || type === '') throw misconfigured(`on('${type}') is no event type: use onAny`);
  throw misconfigured(
    `on('${type}') would never be called: ${meant === undefined ? 'this kit knows no such event; use onUnknown for types newer than the kit' : `did you mean '${meant}'?`}`,
  );
}

function assertCallable(call: string, handler: unknown): void {
  if (typeof handler === 'function') return;
  throw misconfigured(`the handler of ${call} is not a function`);
}

function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', message);
}

/** What a handler is told beside the event. */
export interface EventContext {
  /** 1 on the first attempt. */
  readonly attempt: number;
  /** When the delivery came, ms since 1970. */
  readonly receivedAt: number;
  /** How the event was received first. A webhook that came after a page or a recovery has completed what they saw. */
  readonly source: DeliverySource;
  /** Aborts when the handler's time is up, the lease is lost, or the kit shuts down. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /**
   * The trace of the request that brought the delivery, where its headers named one. A handler runs in no request's
   * async context, and often long after: link its span to this one.
   */
  readonly trace?: TraceContext | undefined;
  /**
   * Inside the merchant's own database transaction `tx`: marks this handler as succeeded, so that its writes and the
   * mark commit together, which is exactly-once. Throws on stores without transactions, and when the lease was lost.
   */
  completeWithin(tx: unknown): Promise<void>;
  /**
   * Runs `work` in a transaction of the store's own database, with this handler marked as succeeded in it: both commit
   * together when `work` resolves, neither when it rejects. What `tx` is depends on the store; its package has a
   * `withTransaction` that knows. Throws on stores without transactions, and when the lease was lost.
   */
  readonly transaction: <Result>(work: (tx: unknown) => Promise<Result>) => Promise<Result>;
}

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
