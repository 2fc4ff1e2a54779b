import { type KindName, kinds } from '@plantroom/model';
import { expandPoint } from '../src/point-path.ts';
import { loadProfile, profileNames } from '../src/profiles/load.ts';
import type { Profile } from '../src/profiles/schema.ts';

const marks: Readonly<Record<Profile['mark'], string>> = {
  'two-sources': 'two',
  'one-source': 'one',
  doubtful: 'doubtful',
  own: 'own',
};

const protocols: Readonly<Record<Profile['protocol'], string>> = {
  modbus: 'Modbus',
  'opc-ua': 'OPC UA',
  mqtt: 'MQTT',
  sparkplug: 'Sparkplug B',
};

const introduction = `# Devices

Every device that Plantroom reads without a map of your own, as its profile has it. Write the profile's name in the site file:

\`\`\`yaml
main-meter: { profile: eastron-sdm630, on: bus, unit: 1, name: { en: Main meter, zh: 总表 }, at: Cellar }
\`\`\`

- **Mark**: *two* independent sources agree on what is read, *one* source has it, *doubtful* (a source leaves something open), or the
  layout is Plantroom's *own*. Read the first values of a device marked *one* or *doubtful* beside its display.
- **Points**: what the device fills of its kind. Currents, voltages and powers of all three phases stand as one. What a profile leaves
  out, and why, stands at the head of its file in \`packages/drivers/src/profiles\`.
- **Set**: figures that differ from one installation to the next, written into the equipment's entry, with what holds otherwise.
- Addresses that are one off are the commonest error in printed maps: \`addressOffset\` in the equipment's entry moves them all.
- No profile writes to a device.
`;

const leftOut = `## Known, but not read

| Device | Why |
| --- | --- |
| Schneider PM800 | no scale of its integers is sourced |
| Schneider PM8000 | whether its printed addresses count from 0 or 1 is not sourced |
| Siemens SICAM T 7KG966; PQ Plus UMD 96; Camille Bauer A-Plus; Embrasul MD30 and TR4020; EIG Shark 100; SolarEdge SE-MTR-3Y (its own map) | no unit of power and energy is sourced |
| Socomec DIRIS B30; Eltako DSZ15 | the width of the values is not sourced |
| DDM18SD | one energy, whose direction is not sourced |
| Carlo Gavazzi EM100, EM111, EM112, ET112 | the sources differ on the order of words |
| Finder 7M.24 and 7M.38, Iskra MC3x0 | the sources differ by one register, and no unit of the power is stated |
| Acrel PZ96 and PZ72 | the scale stands in registers of the device, and how they count is not sourced |
| Control Techniques Commander C200 and C300; Invertek Elevator Core | whether the addresses count from 0 or 1 is not sourced |
| Honeywell CLSS CGW-MB, Eaton RTK 725B | no table of states is sourced |
| Wilo-Control SC and EC | a register per pump, none for whether any of them runs |
| Wilo Stratos and Para with IF-Module | no measured values are sourced |
| RS485 level transmitters with a decimals register | the scale stands in a register of the device, the unit is not stated |
| Milesight EM310-UDL and EM500-PP | a distance and a pressure, where the kind has a depth |
| iSMA TP, Vaisala status words, KinCony SHT30, Campbell MetSENS, Belimo 22DT | scales, or the order of words, are not sourced |
| Kamstrup MULTICAL, Sontex Supercal, Aqua Metro CALEC, Dynasonics TFX, Seametrics | units stand in registers of the device or are not sourced; write a profile of the site's own for yours |
| Air handling, refrigeration, UPS, gensets | no kind of equipment for them |
`;

/** The page that lists all profiles, by kind, in Markdown. */
export function devicesDocument(): string {
  const profiles = profileNames().map(loadProfile);
  const sections = (Object.keys(kinds) as KindName[]).flatMap((kind) => {
    const ofKind = profiles.filter((profile) => profile.kind === kind);
    return ofKind.length > 0 ? [sectionOf(kind, ofKind)] : [];
  });
  return [introduction, ...sections, leftOut].join('\n');
}

function sectionOf(kind: KindName, profiles: readonly Profile[]): string {
  const sorted = profiles.toSorted((a, b) => a.title.en.localeCompare(b.title.en, 'en'));
  const head =
    '| Device | Profile | Over | Mark | Points | Set | Source |\n| --- | --- | --- | --- | --- | --- | --- |';
  return `## ${kinds[kind].plural.en}: ${profiles.length}\n\n${head}\n${sorted.map(rowOf).join('\n')}\n`;
}

function rowOf(profile: Profile): string {
  const parameters = Object.entries(profile.parameters).map(([name, { default: value }]) => `${name} = ${value}`);
  const cells = [
    profile.title.en,
    `\`${profile.name}\``,
    protocols[profile.protocol],
    marks[profile.mark],
    pointsOf(profile).join(', '),
    parameters.join(', '),
    profile.source,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The points in their kind's order; three phases as one name, an indexed point with how many it stands for. */
function pointsOf(profile: Profile): string[] {
  const own = Object.keys(profile.points).map((name) => ({ ...expandPoint(name) }));
  const names = Object.keys(kinds[profile.kind].points).flatMap((generic) => {
    const count = own.filter((o) => o.generic === generic).reduce((sum, o) => sum + o.points.length, 0);
    if (count === 0) return [];
    return [generic.includes('[]') ? `${generic} (${count})` : generic];
  });
  const phases = new Set(names.filter((n) => n.endsWith('L3')).map((n) => n.slice(0, -2)));
  return names.flatMap((name) => {
    if (!phases.has(name.slice(0, -2)) || !/L[123]$/.test(name)) return [name];
    return name.endsWith('L1') ? [`${name.slice(0, -2)}L1-L3`] : [];
  });
}
