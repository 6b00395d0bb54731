/** The merchant's space, and its one webhook endpoint. */
export const space = {
  uuid: '00000000-0000-4000-8000-0000000000a0',
  name: 'Sandbox Shop',
  /** Where all webhooks go, whatever its URL is. */
  endpointUuid: '00000000-0000-4000-8000-0000000000e0',
} as const;
