import { type KindName, kindNames, kinds } from '@plantroom/model';
import type { EquipmentView, LatestPoint } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { byEquipment } from '../api/latest-state.ts';
import { equipmentQuery } from '../api/queries.ts';
import { Age } from '../components/age.tsx';
import { Card } from '../components/card.tsx';
import { definitionOf, LiveValue } from '../components/live-value.tsx';
import { Empty } from '../components/notice.tsx';
import { PrioritySymbol } from '../components/priority-symbol.tsx';
import { Ready } from '../components/ready.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useTexts } from '../i18n/use-texts.ts';
import { PageTitle } from '../layout/page-title.tsx';
import { useSite } from '../layout/site-context.ts';
import { useLatestState } from '../live/use-latest.ts';
import { useNow } from '../live/use-now.ts';
import { equipmentFreshness } from '../util/freshness.ts';
import { keyPointOf } from '../util/kinds.ts';
import { paths } from '../util/paths.ts';

interface Filter {
  readonly kind: KindName | 'all';
  readonly text: string;
}

const everything: Filter = { kind: 'all', text: '' };

/** Kind and every word typed, in the name of either language, the id or the place. */
export function fitsFilter(machine: EquipmentView, { kind, text }: Filter): boolean {
  const hay =
    `${machine.id} ${machine.name.en} ${machine.name.zh} ${machine.place.en} ${machine.place.zh}`.toLowerCase();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (kind === 'all' || machine.kind === kind) && words.every((word) => hay.includes(word));
}

/** Every machine by kind, with its present key value and its most urgent alarm. */
export function EquipmentListPage() {
  const { t, local } = useTexts();
  const site = useSite();
  const query = useQuery(equipmentQuery(site.id));
  const [filter, setFilter] = useState(everything);
  const alarmed = query.data?.filter((each) => each.openAlarms > 0).length ?? 0;
  const points = byEquipment(useLatestState());
  const now = useNow();
  const silent = query.data?.filter(({ id }) => equipmentFreshness(points.get(id) ?? [], now).isSilent).length ?? 0;
  const alsoSilent = silent > 0 ? `${t('overview.separator')}${t('elevators.silent', { count: silent })}` : '';
  const sentence =
    query.data &&
    t('equipment.sentence', { count: query.data.length, site: local(site.name), alarmed, silent: alsoSilent });
  return (
    <>
      <PageTitle title={t('equipment.title')} sentence={sentence} />
      <Ready query={query}>
        {(equipment) => (
          <>
            <FilterBar equipment={equipment} filter={filter} onChange={setFilter} />
            <Groups equipment={equipment} filter={filter} onClear={() => setFilter(everything)} />
          </>
        )}
      </Ready>
    </>
  );
}

interface FilterBarProps {
  readonly equipment: readonly EquipmentView[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

function FilterBar({ equipment, filter, onChange }: FilterBarProps) {
  const { t, local } = useTexts();
  const present = kindNames.filter((kind) => equipment.some((each) => each.kind === kind));
  const options = [
    { value: 'all' as const, label: t('all') },
    ...present.map((kind) => ({ value: kind, label: local(kinds[kind].plural) })),
  ];
  return (
    <div className="toolbar">
      <Segmented
        label={t('equipment.kinds')}
        options={options}
        value={filter.kind}
        onChange={(kind) => onChange({ ...filter, kind })}
      />
      <div className="field grow">
        <input
          type="search"
          aria-label={t('equipment.filter')}
          placeholder={t('equipment.filter')}
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
        />
      </div>
    </div>
  );
}

interface GroupsProps {
  readonly equipment: readonly EquipmentView[];
  readonly filter: Filter;
  readonly onClear: () => void;
}

function Groups({ equipment, filter, onClear }: GroupsProps) {
  const { t, local } = useTexts();
  const points = byEquipment(useLatestState());
  const shown = Map.groupBy(
    equipment.filter((each) => fitsFilter(each, filter)),
    (each) => each.kind,
  );
  if (equipment.length === 0) return <Empty title={t('equipment.empty.title')}>{t('equipment.empty.body')}</Empty>;
  if (shown.size === 0)
    return (
      <Empty title={t('equipment.none')}>
        <button type="button" className="button" onClick={onClear}>
          {t('equipment.clear')}
        </button>
      </Empty>
    );
  return (
    <div className="grid">
      {kindNames.map((kind) => {
        const members = shown.get(kind);
        return (
          members && (
            <Card key={kind} title={local(kinds[kind].plural)} note={members.length}>
              <KindTable members={members} points={points} />
            </Card>
          )
        );
      })}
    </div>
  );
}

interface KindTableProps {
  readonly members: readonly EquipmentView[];
  readonly points: ReadonlyMap<string, LatestPoint[]>;
}

/** What the column of values holds: the point's name when all machines show the same one. */
function useValueHeading(members: readonly EquipmentView[]): string {
  const { t, local } = useTexts();
  const [first, ...others] = new Set(members.map((machine) => keyPointOf(machine.kind, machine.points)));
  const machine = members[0];
  const definition = first !== undefined && others.length === 0 && machine && definitionOf(machine, first);
  return definition ? local(definition.label) : t('equipment.now');
}

function KindTable({ members, points }: KindTableProps) {
  const { t } = useTexts();
  const heading = useValueHeading(members);
  return (
    <table className="table stacked">
      <thead>
        <tr>
          <th scope="col" className="narrow">
            <span className="hidden">{t('alarms.priority')}</span>
          </th>
          <th scope="col" className="col-name">
            {t('equipment.name')}
          </th>
          <th scope="col">{t('equipment.place')}</th>
          <th scope="col" className="number">
            {heading}
          </th>
          <th scope="col" className="number col-age">
            {t('equipment.heard')}
          </th>
        </tr>
      </thead>
      <tbody>
        {members.map((machine) => (
          <MachineRow key={machine.id} machine={machine} points={points.get(machine.id) ?? []} />
        ))}
      </tbody>
    </table>
  );
}

function MachineRow({ machine, points }: { machine: EquipmentView; points: readonly LatestPoint[] }) {
  const { t, local } = useTexts();
  const site = useSite();
  const { heardAt, isSilent } = equipmentFreshness(points, useNow());
  const key = keyPointOf(machine.kind, machine.points);
  return (
    <tr>
      <td>{machine.priority !== null && <PrioritySymbol priority={machine.priority} />}</td>
      <td className="strong">
        <Link to={paths.equipment(site.id, machine.id)} className="plain">
          {local(machine.name)}
        </Link>
      </td>
      <td className="muted">{local(machine.place)}</td>
      <td className="number">{key && <LiveValue equipment={machine} point={key} quiet />}</td>
      <td className={isSilent ? 'number ink-p2' : 'number'}>
        {heardAt === undefined ? t('age.never') : <Age since={heardAt} />}
      </td>
    </tr>
  );
}
