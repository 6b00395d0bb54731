import type { Member } from '../state/members.js';
import { rfc3339 } from '../time.js';
import type { EventBody } from './events-v2.js';
import type { JsonObject } from './canonical-json.js';
import { currencyIds } from './demo-data.js';

/** Someone accepted an invitation to the marketplace. */
export function memberJoinedV2(member: Member): EventBody {
  const { invitationUuid } = member;
  return { type: 'member.joined', data: { ...memberV2(member), invitationUuid } };
}

/** Someone is no longer of the marketplace. */
export function memberRemovedV2(member: Member): EventBody {
  return { type: 'member.removed', data: memberV2(member) };
}

function memberV2(member: Member): JsonObject {
  return {
    userUuid: member.userUuid,
    name: member.name,
    lastName: member.lastName,
    email: member.email,
    test: true,
    organizationFeePercent: member.organizationFeePercent,
    trustedAt: null,
    joinedAt: rfc3339(member.joinedAt),
    acceptedCurrencyIds: currencyIds,
    spaceUuid: member.spaceUuid,
  };
}
