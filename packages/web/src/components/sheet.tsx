import { type ReactNode, useEffect, useRef } from 'react';
import { useTexts } from '../i18n/use-texts.ts';

interface SheetProps {
  readonly label: string;
  /** `side` lies along the right edge, `top` hangs from the top. */
  readonly place: 'side' | 'top';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: the browser keeps the focus inside and closes it on Escape; a click beside it closes it too. */
export function Sheet({ label, place, onClose, children }: SheetProps) {
  const { t } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open) return;
    element.showModal();
    // The browser would take the button that closes; what the sheet is for comes first.
    element.querySelector<HTMLElement>('[data-focus]')?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way, and the browser provides it.
    <dialog
      ref={dialog}
      className={`sheet sheet-${place}`}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="sheet-body" tabIndex={-1} data-focus={place === 'side' ? true : undefined}>
        <button type="button" className="icon-button sheet-close" onClick={() => dialog.current?.close()}>
          <span aria-hidden="true">×</span>
          <span className="hidden">{t('close')}</span>
        </button>
        {children}
      </div>
    </dialog>
  );
}
