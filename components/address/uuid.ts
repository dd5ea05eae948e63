const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a text of an address can name a guest: what can't is not asked of the server. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
