import { publish } from '../delivery/publish.js';
import type { Member } from '../state/members.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { memberJoinedV2, memberRemovedV2 } from '../wire/members-v2.js';
import { webhookTestV1, webhookTestV2 } from '../wire/webhook-test.js';
import { percent, refuseOthers, text } from './action-fields.js';

// What happens to the merchant's space and not to a session.

const FIELDS = {
  name: text('name', { least: 1, most: 100, byDefault: 'Mia' }),
  lastName: text('lastName', { least: 1, most: 100, byDefault: 'Member' }),
  email: text('email', {
    most: 254,
    byDefault: 'mia.member@example.com',
    pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  }),
  organizationFeePercent: percent('organizationFeePercent', { least: 0, byDefault: 0 }),
};

/** Someone accepts an invitation to the marketplace. Throws for a field that cannot be. */
export function joinMember(state: SandboxState, input: JsonObject): Member {
  refuseOthers(input, Object.values(FIELDS));
  const { name, lastName, email, organizationFeePercent } = FIELDS;
  const member = state.members.join({
    name: name.of(input),
    lastName: lastName.of(input),
    email: email.of(input),
    organizationFeePercent: organizationFeePercent.of(input),
  });
  publish(state, undefined, { v2: [memberJoinedV2(member)], v1: [] });
  return member;
}

/** A member is removed from the marketplace. Throws for an unknown one and for one that was removed already. */
export function removeMember(state: SandboxState, userUuid: string): Member {
  const member = state.members.remove(userUuid);
  publish(state, undefined, { v2: [memberRemovedV2(member)], v1: [] });
  return member;
}

/** The dashboard's connectivity test of the webhook endpoint. */
export function testWebhook(state: SandboxState): void {
  const at = state.settings.clock.now();
  publish(state, undefined, { v2: [webhookTestV2], v1: [webhookTestV1(at)] });
}
