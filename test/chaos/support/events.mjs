import { fixtures, signDelivery } from '@qbitflow/core/testing';

/** What senders sign with and receivers check with. */
export const SECRET = 'whsec_chaos';

/** Payments nobody has heard of yet: `{ uuid, key, id, note }`. */
export function makeEvents(random, count, note) {
  return Array.from({ length: count }, () => {
    const uuid = `pay@${random.uuid()}`;
    return { uuid, key: `payment.completed:${uuid}`, id: `evt_${random.uuid()}`, note };
  });
}

/** Each event one to four times, told by v1 or v2, in no order. */
export function planDeliveries(random, events) {
  const deliveries = events.flatMap((event) =>
    Array.from({ length: random.whole(1, 4) }, () => ({
      event,
      version: random.pick(['v1', 'v2', 'v2']),
    })),
  );
  return random.shuffled(deliveries);
}

/**
 * The body of an event; only v2 has room for a note.
 * @returns {object}
 */
export function bodyOf({ uuid, id, note }, version = 'v2') {
  if (version === 'v1') return fixtures.v1.paymentCompleted({ uuid, session: { uuid } });
  return fixtures.v2['payment.completed']({ id, data: { uuid, note } });
}

/** A delivery signed now. */
export function signed({ event, version }) {
  return signDelivery({ version, body: bodyOf(event, version), secret: SECRET });
}
