import type { PlannedDelivery } from '../delivery/planned-delivery.js';
import type { ScenarioRule, ScenarioTools } from './scenario-rule.js';

/** QBitFlow has learned something that no receiver knows yet. */
export const futureType: ScenarioRule = {
  summary: 'after every delivery comes another of a type that nobody knows yet',
  rewrite: (plan, tools) => plan.flatMap((delivery) => [delivery, fromTheFuture(delivery, tools)]),
};

function fromTheFuture(delivery: PlannedDelivery, { invent }: ScenarioTools): PlannedDelivery {
  const { event } = delivery;
  const body =
    event.version === 'v2'
      ? { type: 'loyalty.pointsGranted', data: { sessionUuid: event.sessionUuid, points: 7 } }
      : { uuid: event.sessionUuid, txType: 'grantLoyaltyPoints', status: { status: 'glowing' } };
  return { ...delivery, event: invent(event, body) };
}
