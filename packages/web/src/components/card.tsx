import { type ReactNode, useId } from 'react';

export interface CardProps {
  readonly title: string;
  readonly note?: ReactNode | undefined;
  /** Columns of twelve on a desk. */
  readonly span?: 4 | 6 | 8 | 12;
  /** Where it comes in the one column of a phone: alarms, orders, systems, energy. */
  readonly phone?: 'alarms' | 'orders' | 'systems' | 'energy';
  /** The old picture is shown while a new one is on its way. */
  readonly isWaiting?: boolean;
  readonly children: ReactNode;
}

/** A region of the page with its name. */
export function Card({ title, note, span = 12, phone = 'systems', isWaiting = false, children }: CardProps) {
  const id = useId();
  return (
    <section className={`card span-${span} phone-${phone}`} aria-labelledby={id} aria-busy={isWaiting}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <div className="card-note">{note}</div>}
      </div>
      <div className={isWaiting ? 'card-body waiting' : 'card-body'}>{children}</div>
    </section>
  );
}
