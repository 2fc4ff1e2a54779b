/** The namespace of the bench's server. */
export const benchNamespace = 'urn:plantroom:bench';

/** A point of an energy meter, what its value stands around, and how far it jumps at each change. */
const points = {
  voltageL1: [230, 2],
  voltageL2: [230, 2],
  voltageL3: [230, 2],
  currentL1: [10, 1],
  currentL2: [10, 1],
  currentL3: [10, 1],
  powerL1: [2.3, 0.4],
  powerL2: [2.3, 0.4],
  powerL3: [2.3, 0.4],
  power: [7, 1],
  reactivePower: [0.5, 0.4],
  apparentPower: [7, 1],
  powerFactor: [0.9, 0.05],
  frequency: [50, 0.05],
  currentNeutral: [3, 1],
  flow: [10, 2],
} as const;

/** 125 meters of 16 nodes. */
const meters = 125;

export const benchItems = meters * Object.keys(points).length;

export function meterNodes(): { name: string; middle: number; step: number }[] {
  return Array.from({ length: meters }, (_, m) =>
    Object.entries(points).map(([point, [middle, step]]) => ({ name: `M${m + 1}.${point}`, middle, step })),
  ).flat();
}

/** The profile that reads one of these meters. */
export function meterProfileText(): string {
  const lines = Object.keys(points).map((point) => `  ${point}: { node: "ns={ns};s={node}.${point}" }`);
  return `
name: bench-meter
title: { en: Bench meter, zh: 基准电表 }
kind: energy-meter
source: the bench itself
mark: own
period: 1000
protocol: opc-ua
namespace: ${benchNamespace}
points:
${lines.join('\n')}
`;
}

/** A site that reads all of them over one session. */
export function opcuaSite(port: number, profile: string): string {
  const reports = Object.keys(points).map((point) => `${point}: { deadband: 0 }`);
  const equipment = Array.from(
    { length: meters },
    (_, m) =>
      `  meter-${m + 1}: { profile: ${profile}, on: server, node: M${m + 1}, name: Meter ${m + 1}, report: { ${reports.join(', ')} } }`,
  );
  return `
site: { id: bench, name: { en: Bench, zh: 基准 }, timezone: Asia/Shanghai }
connections:
  server: { opc-ua: { endpoint: "opc.tcp://127.0.0.1:${port}", publishingInterval: 1000, samplingInterval: 500 } }
equipment:
${equipment.join('\n')}
`;
}
