import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';
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
  onPress: () => void;
  children: ReactNode;
}) {
  const { current, setCurrent } = useGraphActions();
  return (
    <button
      type="button"
      data-node={id}
      tabIndex={current === id ? 0 : -1}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onFocus={() => setCurrent(id)}
      onClick={onPress}
      className={classNames(
        'pointer-events-auto flex size-full overflow-hidden rounded-lg border bg-raised text-left',
        'hover:border-line-strong focus-visible:outline-offset-2',
        className,
      )}
    >
      {children}
    </button>
  );
}
