/** A name's end tells layers apart as often as its beginning does, so a long one loses its middle. */
const KEPT_END = 11;

/** From far away the name is large and may take two lines; the rest of the node then makes room. */
export function FileName({ name, className = '' }: { name: string; className?: string }) {
  const cut = Math.max(name.length - KEPT_END, 0);
  return (
    <span title={name} className={className}>
      <span className="flex min-w-0 whitespace-pre group-data-[far=true]/graph:hidden">
        <span className="truncate">{name.slice(0, cut)}</span>
        <span className="shrink-0">{name.slice(cut)}</span>
      </span>
      <span className="hidden text-[20px]/[24px] break-all group-data-[far=true]/graph:line-clamp-2">
        {name}
      </span>
    </span>
  );
}
