import type { EquipmentView } from '@plantroom/model/api';
import { useState } from 'react';
import { Age } from '../../components/age.tsx';
import { Card } from '../../components/card.tsx';
import { definitionOf, LiveValue } from '../../components/live-value.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { useLatest } from '../../live/use-latest.ts';
import { useNow } from '../../live/use-now.ts';
import { freshnessOf, usableAt } from '../../util/freshness.ts';
import { inKindOrder } from '../../util/kinds.ts';

/** More than this and single devices of a panel hide the points of the panel itself. */
const manyPoints = 60;

/** Every point with its value, how far it may be believed, and how old it is. */
export function PointsCard({ machine }: { readonly machine: EquipmentView }) {
  const { t } = useTexts();
  const [isAll, setAll] = useState(machine.points.length <= manyPoints);
  const points = inKindOrder(machine.kind, machine.points);
  const shown = isAll ? points : points.filter((point) => !point.includes('['));
  const rest = machine.points.length - shown.length;
  return (
    <Card title={t('points.title')} note={t('points.count', { count: machine.points.length })}>
      <div className="scroll-x">
        <table className="table dense points">
          <thead>
            <tr>
              <th scope="col">{t('points.point')}</th>
              <th scope="col" className="number">
                {t('points.value')}
              </th>
              <th scope="col" className="after-number">
                {t('points.quality')}
              </th>
              <th scope="col" className="number">
                {t('points.age')}
              </th>
              <th scope="col" className="number wide-only">
                {t('points.changed')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((point) => (
              <PointRow key={point} machine={machine} point={point} />
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {t('points.showDevices', { count: rest })}
        </button>
      )}
    </Card>
  );
}

function PointRow({ machine, point }: { machine: EquipmentView; point: string }) {
  const { t, local } = useTexts();
  const latest = useLatest(machine.id, point);
  const freshness = freshnessOf(latest, useNow());
  const definition = definitionOf(machine, point);
  const address = /\[\d+\]/.test(point) ? ` ${point.replace(/[^\d]+/g, '-').replace(/^-|-$/g, '')}` : '';
  return (
    <tr className={freshness === 'stale' ? 'row-stale' : undefined}>
      <th scope="row" className="point-name">
        {definition ? local(definition.label) : point}
        {address} <code>{point}</code>
      </th>
      <td className="number">
        <LiveValue equipment={machine} point={point} quiet />
      </td>
      <td className={freshness === 'fresh' ? 'after-number muted' : 'after-number strong'}>
        {t(`freshness.${freshness}`)}
        {latest?.reason && <span className="muted small"> {t(`reason.${latest.reason}`)}</span>}
      </td>
      <td className="number">{latest ? <Age since={usableAt(latest)} /> : t('age.never')}</td>
      <td className="number wide-only">{latest && <Age since={latest.changedAt} />}</td>
    </tr>
  );
}
