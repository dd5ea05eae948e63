/** Shapes for states, beside their colour and text. */
export function LockShape() {
  return (
    <svg width="9" height="10" viewBox="0 0 9 10" aria-hidden="true" className="shrink-0">
      <path d="M2.5 4.5V3a2 2 0 0 1 4 0v1.5" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <rect x="1" y="4.5" width="7" height="5" rx="1" fill="currentColor" />
    </svg>
  );
}

export function MissingShape() {
  return (
    <svg width="9" height="9" viewBox="0 0 9 9" aria-hidden="true" className="shrink-0">
      <path d="M1 1L8 8M8 1L1 8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}

export function SharedShape() {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" className="shrink-0">
      <path d="M2 5H4L8 1.5M4 5L8 8.5" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <circle cx="1.8" cy="5" r="1.6" fill="currentColor" />
      <circle cx="8.2" cy="1.6" r="1.4" fill="currentColor" />
      <circle cx="8.2" cy="8.4" r="1.4" fill="currentColor" />
    </svg>
  );
}

export function BranchShape() {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" className="shrink-0">
      <path d="M0 8H10M3 8V5Q3 2 6 2H9" fill="none" stroke="currentColor" strokeWidth="1.2" />
    </svg>
  );
}
