import { Fragment } from 'react';

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
      <span className="hidden text-[19px]/[23px] wrap-anywhere group-data-[far=true]/graph:line-clamp-2">
        <Breakable name={name} />
      </span>
    </span>
  );
}

/** The name with the places where a line may end. */
function Breakable({ name }: { name: string }) {
  let at = 0;
  return name.split(/(?<=[-._])/).map((part) => {
    at += part.length;
    return (
      <Fragment key={at}>
        {part}
        <wbr />
      </Fragment>
    );
  });
}
