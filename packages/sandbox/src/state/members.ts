import type { Clock } from '@qbitflow/core';
import { CheckoutError } from '../errors.js';
import type { Ids } from '../ids.js';
import { BoundedMap } from './registry.js';

/** Who joins a marketplace. */
export interface MemberProfile {
  readonly name: string;
  readonly lastName: string;
  readonly email: string;
  /** What the marketplace keeps of the member's sales, in percent. */
  readonly organizationFeePercent: number;
}

/** A member of the marketplace that this sandbox's space is. All times in ms since 1970. */
export interface Member extends MemberProfile {
  readonly userUuid: string;
  /** v1's name of them. */
  readonly userId: number;
  /** The member's own. */
  readonly spaceUuid: string;
  readonly invitationUuid: string;
  readonly joinedAt: number;
  readonly removedAt?: number;
}

/** Every member of this sandbox, those that were removed too. */
export interface Members {
  readonly join: (profile: MemberProfile) => Member;
  /** Throws for an unknown member and for one that was removed already. */
  readonly remove: (userUuid: string) => Member;
  /** Who is a member now, oldest first. */
  readonly present: () => Member[];
  /** Oldest first. */
  readonly list: () => Member[];
}

/** The one member that every sandbox has. */
const FIRST: Omit<Member, 'joinedAt'> = {
  name: 'Sandy',
  lastName: 'Member',
  email: 'sandy.member@example.com',
  organizationFeePercent: 0,
  userUuid: '00000000-0000-4000-8000-0000000000b0',
  userId: 2,
  spaceUuid: '00000000-0000-4000-8000-0000000000b1',
  invitationUuid: '00000000-0000-4000-8000-0000000000b2',
};

/** The first member; the last `limit` are kept. */
export function createMembers(limit: number, clock: Clock, ids: Ids): Members {
  const members = new BoundedMap<Member>(limit);
  let newestId = FIRST.userId;
  const save = (member: Member): Member => {
    members.set(member.userUuid, member);
    return member;
  };
  save({ ...FIRST, joinedAt: clock.now() });
  return {
    join(profile) {
      newestId += 1;
      return save({
        ...profile,
        userUuid: ids.uuid(),
        userId: newestId,
        spaceUuid: ids.uuid(),
        invitationUuid: ids.uuid(),
        joinedAt: clock.now(),
      });
    },
    remove(userUuid) {
      const member = members.get(userUuid);
      if (member === undefined)
        throw new CheckoutError('unknown', `there is no member ${JSON.stringify(userUuid)}`);
      if (member.removedAt !== undefined)
        throw new CheckoutError('not_possible', 'the member was removed already');
      return save({ ...member, removedAt: clock.now() });
    },
    present: () => members.values().filter(({ removedAt }) => removedAt === undefined),
    list: () => members.values(),
  };
}
