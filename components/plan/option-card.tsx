import { type ReactNode, useId } from 'react';

/** One way to reach what is wanted, with its price. Several of them are radio buttons of one group. */
export function OptionCard({
  group,
  title,
  price,
  checked,
  onChoose,
  children,
}: {
  group: string;
  title: string;
  price: string;
  checked: boolean;
  onChoose: () => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className="flex cursor-pointer gap-2.5 rounded-lg border border-line px-3 py-2.5 has-checked:border-accent has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
    >
      <input
        id={id}
        type="radio"
        name={group}
        checked={checked}
        onChange={onChoose}
        className="mt-1 shrink-0 accent-accent outline-none"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline justify-between gap-x-3 font-semibold">
          <span>{title}</span>
          <span>{price}</span>
        </span>
        <span className="mt-0.5 block text-2xs text-muted wrap-anywhere">{children}</span>
      </span>
    </label>
  );
}
