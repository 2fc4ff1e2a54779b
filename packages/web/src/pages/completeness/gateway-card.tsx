import type { GatewayCompleteness, Statement } from '@plantroom/model/api';
import { Card } from '../../components/card.tsx';
import { KeyFigure } from '../../components/key-figure.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { DayCoverage } from '../../pictures/day-coverage.tsx';
import { isBad } from '../../util/completeness.ts';
import { formatNumber, formatShare } from '../../util/numbers.ts';

interface GatewayCardProps {
  readonly statement: Statement;
  readonly gateway: GatewayCompleteness;
}

/** One gateway's day: how much of it is known, drawn and in figures. */
export function GatewayCard({ statement, gateway }: GatewayCardProps) {
  const { t, language } = useTexts();
  const { thinned, dropped, corrupt } = gateway.given;
  const given = thinned + dropped + corrupt;
  const frames = gateway.missing.reduce((sum, m) => sum + m.last - m.first + 1, 0);
  const isLost = gateway.missing.some((m) => isBad(m.cause));
  return (
    <Card title={gateway.id} note={!gateway.online && <span className="chip chip-p2">{t('gateways.offline')}</span>}>
      <DayCoverage
        statement={statement}
        gateway={gateway}
        holes={statement.holes.filter((hole) => hole.gateway === gateway.id)}
      />
      <div className="figures coverage-figures">
        <KeyFigure
          value={gateway.coverage === null ? '–' : formatShare(gateway.coverage, language, 2)}
          unit="%"
          note={t('completeness.coverage')}
        />
        <KeyFigure
          value={formatNumber(gateway.stored, language)}
          note={t('completeness.stored', { expected: formatNumber(gateway.expected, language) })}
        />
        <KeyFigure
          value={formatNumber(gateway.complete, language)}
          note={t('completeness.points', { count: formatNumber(gateway.points, language) })}
        />
        {frames > 0 && (
          <KeyFigure
            value={formatNumber(frames, language)}
            note={t('completeness.frames')}
            {...(isLost && { tone: 'ink-p2' })}
          />
        )}
        {given > 0 && <KeyFigure value={formatNumber(given, language)} note={t('completeness.given')} tone="ink-p2" />}
      </div>
    </Card>
  );
}
