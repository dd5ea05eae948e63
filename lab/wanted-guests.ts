/** Names of the guests that a lab is to have, from BACKCHAIN_LAB_GUESTS, such as `web-1,edge-1`; nothing for all of them. */
export function wantedGuests(): readonly string[] | undefined {
  return process.env.BACKCHAIN_LAB_GUESTS?.split(',');
}
