import { Inject, SetMetadata } from '@nestjs/common';
import { MetadataScanner, Reflector, type DiscoveryService } from '@nestjs/core';
import {
  QBitFlowError,
  type EventHandler,
  type EventOf,
  type HandlerNaming,
  type KnownEventType,
  type QBitFlow,
} from '@qbitflow/core';

/**
 * The kit's injection token, for `app.get()` and factories.
 * @example
 * ```ts
 * import type { QBitFlow } from '@qbitflow/core';
 * import { QBITFLOW } from '@qbitflow/nest';
 *
 * const useFactory = (qbitflow: QBitFlow) => ({ stats: async () => qbitflow.deliveries.stats() });
 * const provider = { provide: 'operations', inject: [QBITFLOW], useFactory };
 * console.log(provider);
 * ```
 */
export const QBITFLOW = Symbol.for('@qbitflow/nest:kit');

/**
 * Injects the kit, e.g. for `checkout` and `deliveries`; outside of classes `app.get(QBITFLOW)` gives it. Never throws.
 * @example
 * ```ts
 * import type { QBitFlow } from '@qbitflow/core';
 * import { InjectQBitFlow } from '@qbitflow/nest';
 *
 * class Orders {
 *   constructor(@InjectQBitFlow() readonly qbitflow: QBitFlow) {}
 * }
 * ```
 */
export function InjectQBitFlow(): ParameterDecorator & PropertyDecorator {
  return Inject(QBITFLOW);
}

const HANDLED = '@qbitflow/nest:handled';

/**
 * Makes a provider's or controller's method a handler of one type of event, named `Class.method` unless `naming` says
 * otherwise. Guards, pipes, interceptors and filters are for requests: none of them runs.
 * @throws {QBitFlowError} `misconfigured`, when the app starts, for a type that there is none of and for a class whose
 * instances live no longer than a request.
 * @example
 * ```ts
 * import type { EventOf } from '@qbitflow/core';
 * import { OnQBitFlow } from '@qbitflow/nest';
 *
 * class Orders {
 *   @OnQBitFlow('payment.completed')
 *   async ship(event: EventOf<'payment.completed'>) {
 *     console.log('ship', event.data.reference);
 *   }
 * }
 * ```
 */
export function OnQBitFlow<
  // Spelt out, so that what a compiler says of a typo names the types there are instead of this one's name.
  Type extends { [Name in KnownEventType]: Name }[KnownEventType],
>(type: Type, naming?: HandlerNaming) {
  return <Method extends EventHandler<EventOf<Type>>>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const handled: Handled = { type, naming };
    SetMetadata(HANDLED, [...handledBy(descriptor.value), handled])(target, name, descriptor);
  };
}

/** What a decorated method handles. */
interface Handled {
  readonly type: KnownEventType;
  readonly naming: HandlerNaming | undefined;
}

function handledBy(method: unknown): readonly Handled[] {
  if (typeof method !== 'function') return [];
  return new Reflector().get<readonly Handled[] | undefined, string>(HANDLED, method) ?? [];
}

/** Adds the decorated methods of every provider and controller. Throws `misconfigured` for those that live too short. */
export function addHandlers(qbitflow: QBitFlow, discovery: DiscoveryService): void {
  const seen = new Set<unknown>();
  for (const wrapper of [...discovery.getProviders(), ...discovery.getControllers()]) {
    const instance: unknown = wrapper.instance;
    // An alias (`useExisting`) is the same one again.
    if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
    seen.add(instance);
    for (const { name, method, handled } of decoratedMethods(instance)) {
      if (!wrapper.isDependencyTreeStatic()) throw livesTooShort(name);
      for (const { type, naming } of handled)
        qbitflow.on(
          type,
          (event, context): unknown => Reflect.apply(method, instance, [event, context]),
          { name, ...naming },
        );
    }
  }
}

function decoratedMethods(instance: object) {
  const prototype: unknown = Object.getPrototypeOf(instance);
  if (typeof prototype !== 'object') return [];
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((methodName) => {
    const method: unknown = Reflect.get(instance, methodName);
    const handled = handledBy(method);
    if (typeof method !== 'function' || handled.length === 0) return [];
    return [{ name: `${instance.constructor.name}.${methodName}`, method, handled }];
  });
}

function livesTooShort(name: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `${name} has @OnQBitFlow, but its class is made for each request (Scope.REQUEST or Scope.TRANSIENT, or it injects such a one): events come without a request, so move the handler to a class of the default scope`,
  );
}
