import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { useGraphActions } from './graph-actions.ts';

/** The pressable card of one node in the chain. Only the current one is in the order of the Tab key. */
export function NodeFrame({
  id,
  label,
  pressed,
  expanded,
  className,
  onPress,
  children,
}: {
  id: string;
  label: string;
  pressed?: boolean;
  expanded?: boolean;
  className?: string;
  /** Left out for what can't be picked. */
  onPress?: () => void;
  children: ReactNode;
}) {
  const { current, wanted, onFocus } = useGraphActions();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (wanted.current !== id) return;
    wanted.current = null;
    button.current?.focus({ preventScroll: true });
  }, [id, wanted]);

  return (
    <Button
      ref={button}
      variant="bare"
      data-node={id}
      tabIndex={current === id ? 0 : -1}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-disabled={onPress === undefined || undefined}
      onFocus={(event) => onFocus(id, event.currentTarget.matches(':focus-visible'))}
      onClick={onPress}
      className={classNames(
        'pointer-events-auto flex size-full overflow-hidden rounded-lg border text-left',
        onPress === undefined ? 'cursor-default' : 'hover:border-line-strong',
        'focus-visible:outline-offset-2',
        className,
      )}
    >
      {children}
    </Button>
  );
}
