/**
 * Changes of the browser's address that ask for no other page: the server has nothing to add. Addresses are paths with
 * their query.
 */

/** A step that a person took on purpose: Back leads to where they were. Nothing where they are there already. */
export function goTo(address: string): void {
  if (address !== location.pathname + location.search) window.history.pushState(null, '', address);
}

/** What is no step of its own, such as one more key in a filter: Back leads past it. */
export function correctTo(address: string): void {
  window.history.replaceState(null, '', address);
}
