import { kinds, pointDefinition } from '@plantroom/model';
import type { EquipmentView, FaultView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { machineFaultsQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { ratingOf } from '../../util/ratings.ts';

/** Which faults of its kind are watched for on a machine, and what the others lack to be found here. */
export function FaultsCard({ machine }: { readonly machine: EquipmentView }) {
  const { t, local } = useTexts();
  const { data = [] } = useQuery(machineFaultsQuery(machine.site, machine.id));
  // What only has its place in the catalogue is nothing that this machine lacks.
  const faults = data.filter((fault) => !fault.reserved);
  const blind = faults.filter((fault) => fault.lack !== null);
  if (faults.length === 0) return null;
  const counts = { watched: faults.length - blind.length, count: faults.length };
  return (
    <Card title={t('faults.title')} note={t('faults.count', counts)}>
      {blind.length === 0 ? (
        <p className="notice">{t('faults.all')}</p>
      ) : (
        <dl className="facts">
          {blind.map((fault) => (
            <div key={fault.fault}>
              <dt>{local(fault.title)}</dt>
              <dd>
                <Lack machine={machine} fault={fault} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

/** In the words of the reader; of points of which one is enough, all are named. */
function Lack({ machine, fault }: { readonly machine: EquipmentView; readonly fault: FaultView }) {
  const { t, local } = useTexts();
  if (!fault.lack) return null;
  const labelOf = (point: string) => {
    const definition = pointDefinition(kinds[machine.kind], point);
    return definition ? local(definition.label) : point;
  };
  const points = fault.lack.points.map((point) => point.split(' / ').map(labelOf).join(' / '));
  const ratings = fault.lack.ratings.map((rating) => local(ratingOf(rating).label));
  const said = [
    ...points.map((point) => t('faults.noPoint', { point })),
    ...ratings.map((rating) => t('faults.noRating', { rating })),
  ];
  return t('faults.cannotRun', { what: said.join(t('overview.separator')) });
}
