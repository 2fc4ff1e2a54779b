import { kinds, type PointDefinition, pointDefinition } from '@plantroom/model';
import type { EquipmentView, LatestPoint } from '@plantroom/model/api';
import { type UsedTexts, useTexts } from '../i18n/use-texts.ts';
import { useLatest } from '../live/use-latest.ts';
import { useNow } from '../live/use-now.ts';
import { type Freshness, freshnessOf } from '../util/freshness.ts';
import { formatValue } from '../util/numbers.ts';
import { formatSpan } from '../util/time.ts';

export function definitionOf(equipment: Pick<EquipmentView, 'kind'>, point: string): PointDefinition | undefined {
  return pointDefinition(kinds[equipment.kind], point);
}

/** Says in words how far a value may be believed; nothing about a good one. */
export function describeFreshness(
  freshness: Freshness,
  point: LatestPoint | undefined,
  now: number,
  { t, language }: UsedTexts,
): string {
  if (freshness === 'stale' && point)
    return t('freshness.staleSince', { age: formatSpan(now - point.heardAt, language) });
  const word = t(`freshness.${freshness}`);
  return point?.reason ? `${word}, ${t(`reason.${point.reason}`)}` : word;
}

interface LiveValueProps {
  readonly equipment: Pick<EquipmentView, 'id' | 'kind'>;
  readonly point: string;
  /** Large: a key figure of its picture. */
  readonly size?: 'large';
  /** Its age is said elsewhere: by the row that it stands in. */
  readonly quiet?: boolean;
}

/** A point's present value with its unit. A stale one is hatched and says since when; a bad one shows no figure. */
export function LiveValue({ equipment, point, size, quiet = false }: LiveValueProps) {
  const texts = useTexts();
  const now = useNow();
  const latest = useLatest(equipment.id, point);
  const freshness = freshnessOf(latest, now);
  const value = latest?.value ?? null;
  const shown =
    value === null
      ? { text: '–', unit: '' }
      : formatValue(definitionOf(equipment, point), value, texts.language, texts.local);
  const words = describeFreshness(freshness, latest, now, texts);
  return (
    <span
      className={`value ${freshness}${size ? ` ${size}` : ''}`}
      data-point={`${equipment.id}/${point}`}
      data-freshness={freshness}
      title={freshness === 'fresh' ? undefined : words}
    >
      <span className="figure">{shown.text}</span>
      {shown.unit && <small> {shown.unit}</small>}
      {freshness === 'uncertain' && <small aria-hidden="true">?</small>}
      {freshness !== 'fresh' && (
        <span className={freshness === 'stale' && !quiet ? 'value-age' : 'hidden'}>{words}</span>
      )}
    </span>
  );
}
