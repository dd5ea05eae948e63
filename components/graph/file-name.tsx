/** A name's end tells layers apart as often as its beginning does, so a long one loses its middle. */
const KEPT_END = 9;

export function FileName({ name, className = '' }: { name: string; className?: string }) {
  const cut = Math.max(name.length - KEPT_END, 0);
  return (
    <span className={`flex min-w-0 whitespace-pre ${className}`} title={name}>
      <span className="truncate">{name.slice(0, cut)}</span>
      <span className="shrink-0">{name.slice(cut)}</span>
    </span>
  );
}
