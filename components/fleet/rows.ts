/** Moving between the fleet's rows by keyboard. They are links that carry `data-guest`. */
const ROW = 'a[data-guest]';

export function focusFirstRow(fleet: ParentNode): void {
  fleet.querySelector<HTMLElement>(ROW)?.focus();
}

/** Opens the row where there is just one, and returns whether there was. */
export function openOnlyRow(fleet: ParentNode): boolean {
  const [only, ...others] = fleet.querySelectorAll<HTMLElement>(ROW);
  if (only === undefined || others.length > 0) return false;
  only.click();
  return true;
}

/** Scrolls the list as far as it takes to see this guest's row. */
export function showRow(id: string): void {
  document.querySelector(`a[data-guest="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' });
}

/** Up, Down, Home and End move the focus; returns whether the key was one of them. */
export function moveFocus(fleet: ParentNode, key: string): boolean {
  const rows = [...fleet.querySelectorAll<HTMLElement>(ROW)];
  const at = rows.findIndex((row) => row.matches(':focus'));
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key];
  if (target === undefined) return false;
  rows[Math.min(Math.max(target, 0), rows.length - 1)]?.focus();
  return true;
}
