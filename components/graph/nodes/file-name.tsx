import { Fragment, useLayoutEffect, useRef, useState } from 'react';
import { cut } from './cut.ts';

/** From far away the name is large and may take two lines; the rest of the node gives way. */
export function FileName({ name, className = '' }: { name: string; className?: string }) {
  return (
    <span title={name} className={className}>
      <Fitted name={name} />
      <span className="hidden text-[19px]/[23px] wrap-anywhere group-data-[far=true]/graph:line-clamp-2">
        <Breakable name={name} />
      </span>
    </span>
  );
}

/** The name in one line. CSS elides at the end only, so it is measured; out of sight it is measured once it shows. */
function Fitted({ name }: { name: string }) {
  const line = useRef<HTMLSpanElement>(null);
  const [shown, setShown] = useState(name);
  useLayoutEffect(() => {
    const span = line.current;
    const pen = document.createElement('canvas').getContext('2d');
    if (span === null || pen === null) return;
    function measure(box: HTMLElement, ruler: CanvasRenderingContext2D) {
      if (box.clientWidth === 0) return;
      const style = getComputedStyle(box);
      // The shorthand `font` is empty where figures are tabular; those are no wider than a nought.
      ruler.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const wide = (text: string) => ruler.measureText(text.replace(/\d/g, '0')).width;
      setShown(cut(name, (text) => wide(text) <= box.clientWidth));
    }
    measure(span, pen);
    const again = () => measure(span, pen);
    const observer = new ResizeObserver(again);
    observer.observe(span);
    // A font that comes later has other widths.
    document.fonts.addEventListener('loadingdone', again);
    return () => {
      observer.disconnect();
      document.fonts.removeEventListener('loadingdone', again);
    };
  }, [name]);
  return (
    <span ref={line} className="block truncate whitespace-pre group-data-[far=true]/graph:hidden">
      {shown}
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
