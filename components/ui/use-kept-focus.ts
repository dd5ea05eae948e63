import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the focus in a part of the page whose content gives way to other content: when `content` changes and the
 * focused element went with it, the part itself takes over. It wants `tabIndex={-1}` for that.
 */
export function useKeptFocus<T extends HTMLElement>(content: string | null): RefObject<T | null> {
  const part = useRef<T>(null);
  const inside = useRef(false);
  const before = useRef(content);

  useEffect(() => {
    function onFocusIn({ target }: FocusEvent) {
      inside.current = target instanceof Node && part.current?.contains(target) === true;
    }
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);

  useEffect(() => {
    if (before.current === content) return;
    before.current = content;
    if (inside.current && document.activeElement === document.body)
      part.current?.focus({ preventScroll: true });
  }, [content]);

  return part;
}
