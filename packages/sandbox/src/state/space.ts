/** The merchant's space, its one webhook endpoint, and the member of it that a merchant can act for. */
export const space = {
  uuid: '00000000-0000-4000-8000-0000000000a0',
  name: 'Sandbox Shop',
  role: 'owner',
  /** Where all webhooks go, whatever its URL is. */
  endpointUuid: '00000000-0000-4000-8000-0000000000e0',
  member: {
    /** v2's name of it. */
    userUuid: '00000000-0000-4000-8000-0000000000b0',
    /** v1's. */
    userId: '2',
    spaceUuid: '00000000-0000-4000-8000-0000000000b1',
    name: 'Sandy Member',
    role: 'member',
  },
} as const;
