/** The sign of the product: images laid over one another, in the colours of the strata. */
export function Logo() {
  return (
    <svg aria-hidden width="20" height="20" viewBox="0 0 22 22" className="shrink-0">
      <path className="fill-stratum-1" d="M11 11.5 20 15.5 11 20 2 15.5Z" />
      <path className="fill-stratum-2 stroke-panel" d="M11 7 20.5 11.2 11 15.8 1.5 11.2Z" />
      <path className="fill-stratum-3 stroke-panel" d="M11 2 20.5 6.4 11 11 1.5 6.4Z" />
    </svg>
  );
}
