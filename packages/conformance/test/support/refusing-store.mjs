// A module whose store cannot be opened.
export async function open({ reason }) {
  throw new Error(reason);
}
