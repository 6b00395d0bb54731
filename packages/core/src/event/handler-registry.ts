import { QBitFlowError } from '../errors.js';
import type { EventContext } from './context.js';
import type { EventOf, KnownEventType, UnknownEvent, WebhookEvent } from './types.js';

/** A handler of one type of event. What it returns is awaited and then ignored. */
export type EventHandler<Event extends WebhookEvent = WebhookEvent> = (
  event: Event,
  context: EventContext,
) => unknown;

/** `name` is how success is remembered across restarts; without one it is the handler's type and position. */
export interface HandlerNaming {
  readonly name?: string | undefined;
}

/** What the registry knows of a handler. */
export interface Registration {
  readonly name: string;
  readonly run: EventHandler;
}

/** Who wants which events. One per kit, never shared. */
export interface HandlerRegistry {
  on<Type extends KnownEventType>(
    type: Type,
    handler: EventHandler<EventOf<Type>>,
    naming?: HandlerNaming,
  ): void;
  onAny(handler: EventHandler, naming?: HandlerNaming): void;
  onUnknown(handler: EventHandler<UnknownEvent>, naming?: HandlerNaming): void;
  /** Handlers of the event's type in the order they were registered, then those of any type. */
  handlersFor(event: WebhookEvent): readonly Registration[];
}

/** An empty registry. */
export function createHandlerRegistry(): HandlerRegistry {
  const byType = new Map<string, Registration[]>();
  const names = new Set<string>();

  function add(type: string, run: EventHandler, naming: HandlerNaming = {}): void {
    if (typeof run !== 'function')
      throw new QBitFlowError('misconfigured', `the handler for ${type} is not a function`);
    const registered = byType.get(type) ?? [];
    const name = naming.name ?? `${type}#${registered.length + 1}`;
    if (names.has(name))
      throw new QBitFlowError(
        'misconfigured',
        `two handlers are named ${name}: names tell apart which of them has succeeded`,
      );
    names.add(name);
    byType.set(type, [...registered, { name, run }]);
  }

  return {
    on(type, handler, naming) {
      const run: EventHandler = (event, context) =>
        isOfType(event, type) ? handler(event, context) : undefined;
      add(type, typeof handler === 'function' ? run : handler, naming);
    },
    onUnknown(handler, naming) {
      const run: EventHandler = (event, context) =>
        event.type === 'unknown' ? handler(event, context) : undefined;
      // What is no function is handed on as it is, for `add` to refuse it now and not at the first event.
      add('unknown', typeof handler === 'function' ? run : handler, naming);
    },
    onAny(handler, naming) {
      add('*', handler, naming);
    },
    handlersFor: (event) => [...(byType.get(event.type) ?? []), ...(byType.get('*') ?? [])],
  };
}

function isOfType<Type extends KnownEventType>(
  event: WebhookEvent,
  type: Type,
): event is EventOf<Type> {
  return event.type === type;
}
