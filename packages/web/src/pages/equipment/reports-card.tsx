import { en54Conditions, gbt26875States, type LocalText, nfpa72Signals } from '@plantroom/model';
import type { DeviceEventView, EquipmentView } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { deviceEventsQuery } from '../../api/queries.ts';
import { Card } from '../../components/card.tsx';
import { Ready } from '../../components/ready.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { usePlace } from '../../layout/site-context.ts';
import { formatFull } from '../../util/time.ts';

/** What a panel reported of itself, and what the standards call it. */
export function ReportsCard({ machine }: { readonly machine: EquipmentView }) {
  const { t } = useTexts();
  const query = useQuery(deviceEventsQuery(machine.site, machine.id));
  return (
    <Card title={t('reports.title')} note={t('reports.note')}>
      <Ready query={query}>
        {(reports) =>
          reports.length === 0 ? <p className="notice">{t('reports.none')}</p> : <Reports reports={reports} />
        }
      </Ready>
    </Card>
  );
}

function Reports({ reports }: { readonly reports: readonly DeviceEventView[] }) {
  const { t } = useTexts();
  return (
    <table className="table stacked">
      <thead>
        <tr>
          <th scope="col">{t('reports.time')}</th>
          <th scope="col">{t('reports.what')}</th>
          <th scope="col">{t('reports.where')}</th>
          <th scope="col">GB/T 26875.3</th>
          <th scope="col">NFPA 72</th>
          <th scope="col">EN 54-2</th>
        </tr>
      </thead>
      <tbody>
        {reports.map((report) => (
          <Report key={report.id} report={report} />
        ))}
      </tbody>
    </table>
  );
}

function Report({ report }: { readonly report: DeviceEventView }) {
  const { t, local } = useTexts();
  const place = usePlace();
  const { time, category, message, address, zone, classes } = report;
  const where = [address, zone && t('reports.zone', { zone })].filter(Boolean).join(t('overview.separator'));
  const of = (names: Readonly<Record<string, LocalText>>, name: string | number | null) => {
    const text = name === null ? undefined : names[name];
    return text ? local(text) : '–';
  };
  return (
    <tr>
      <td>{formatFull(time, place)}</td>
      <td>
        <span className={category === 'fire' ? 'chip chip-p1' : 'chip'}>{t(`category.${category}`)}</span> {message}
      </td>
      <td>{where}</td>
      <td>{of(gbt26875States, classes.gbt26875)}</td>
      <td>{of(nfpa72Signals, classes.nfpa72)}</td>
      <td>{of(en54Conditions, classes.en54)}</td>
    </tr>
  );
}
