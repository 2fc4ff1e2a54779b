import type { Hole, Statement } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { equipmentQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { definitionOf } from '../../components/live-value.tsx';
import { Empty } from '../../components/notice.tsx';
import { useNames } from '../../components/use-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace, useSite } from '../../layout/site-context.ts';
import { byMachine, isBad } from '../../util/completeness.ts';
import { formatNumber } from '../../util/numbers.ts';
import { formatClock, formatSpan } from '../../util/time.ts';

/** More are in the table that can be saved. */
const mostHoles = 100;

/** Every hole with its time, its cause, what to do about it, and the points that miss it. */
export function HolesCard({ statement }: { readonly statement: Statement }) {
  const { t, language } = useTexts();
  const { holes } = statement;
  if (holes.length === 0)
    return (
      <Card title={t('completeness.holes')}>
        <Empty title={t('completeness.none')}>{t('completeness.noneBody')}</Empty>
      </Card>
    );
  return (
    <Card title={t('completeness.holes')}>
      <table className="table stacked holes">
        <thead>
          <tr>
            <th scope="col">{t('completeness.col.time')}</th>
            <th scope="col">{t('completeness.col.length')}</th>
            <th scope="col">{t('completeness.col.cause')}</th>
            <th scope="col">{t('completeness.col.points')}</th>
          </tr>
        </thead>
        <tbody>
          {holes.slice(0, mostHoles).map((hole) => (
            <HoleRow key={`${hole.gateway}-${hole.from}-${hole.to}-${hole.cause}`} hole={hole} statement={statement} />
          ))}
        </tbody>
      </table>
      {holes.length > mostHoles && (
        <p className="muted small">
          {t('completeness.more', { count: formatNumber(holes.length - mostHoles, language) })}
        </p>
      )}
    </Card>
  );
}

function HoleRow({ hole, statement }: { readonly hole: Hole; readonly statement: Statement }) {
  const { t, language } = useTexts();
  const place = usePlace();
  const end = hole.to === statement.to ? '24:00' : formatClock(hole.to, place);
  const all = statement.gateways.find((gateway) => gateway.id === hole.gateway)?.points === hole.points.length;
  const count = hole.points.length;
  return (
    <tr>
      <td className="strong nowrap">{t('completeness.range', { from: formatClock(hole.from, place), to: end })}</td>
      <td className="nowrap">{formatSpan(hole.to - hole.from, language)}</td>
      <td>
        <span className={isBad(hole.cause) ? 'ink-p2 strong' : 'strong'}>{t(`completeness.cause.${hole.cause}`)}</span>
        <span className="muted small todo">{t(`completeness.todo.${hole.cause}`)}</span>
      </td>
      <td className="wide">
        {count === 1 ? (
          <Points hole={hole} />
        ) : (
          <details>
            <summary>
              {t(all ? 'completeness.all' : 'completeness.some', { count })}{' '}
              <span className="muted">{hole.gateway}</span>
            </summary>
            <Points hole={hole} />
          </details>
        )}
      </td>
    </tr>
  );
}

function Points({ hole }: { readonly hole: Hole }) {
  const { t, local } = useTexts();
  const nameOf = useNames();
  const { data: machines } = useQuery(equipmentQuery(useSite().id));
  const label = (equipment: string, point: string) => {
    const machine = machines?.find((each) => each.id === equipment);
    const definition = machine && definitionOf(machine, point);
    return definition ? local(definition.label) : point;
  };
  return byMachine(hole.points).map(({ equipment, points }) => (
    <div key={equipment}>
      {nameOf(equipment)}{' '}
      <span className="muted">{points.map((point) => label(equipment, point)).join(t('overview.separator'))}</span>
    </div>
  ));
}
