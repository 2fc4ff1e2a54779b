import { useTexts } from '../i18n/use-texts.ts';

export function Brand() {
  const { t } = useTexts();
  return (
    <div className="brand">
      <svg width={20} height={20} viewBox="0 0 20 20" aria-hidden="true">
        <rect x={1.5} y={1.5} width={17} height={17} rx={4} fill="none" stroke="currentColor" strokeWidth={1.6} />
        <path d="M6 14V9m4 5V6m4 8v-3" stroke="currentColor" strokeWidth={1.8} strokeLinecap="round" />
      </svg>
      {t('app.name')}
    </div>
  );
}
