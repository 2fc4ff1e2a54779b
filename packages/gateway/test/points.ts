const label = { en: 'x', zh: 'x' };
const cadence = { period: 1000, maximumSilence: 60_000 };

export function analogPoint(equipment: string, point: string) {
  const definition = { type: 'analog', label, unit: 'kW', range: [-1000, 1000], deadband: 0.5, decimals: 1 } as const;
  return { equipment, point, definition, cadence };
}

export function statePoint(equipment: string, point: string) {
  return { equipment, point, definition: { type: 'state', label, states: {} } as const, cadence };
}
