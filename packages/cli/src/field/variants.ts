import type { Profile } from '@plantroom/drivers';

/** Another way to read a device: a mistake that is often made, and what to write if it is the one. */
export interface Variant {
  readonly mistake: string;
  readonly instead: string;
  readonly profile: Profile;
  readonly options: Readonly<Record<string, unknown>>;
}

type Options = Readonly<Record<string, unknown>>;

const offsets = [
  { by: -1, mistake: 'off by one: the device counts its addresses from 0 where the map has them from 1' },
  { by: 1, mistake: 'off by one: the device counts its addresses from 1 where the map has them from 0' },
];

/** Where the bytes or words of an order are exchanged, in 32 and 64 bits alike. */
const exchanges = [
  { mistake: 'swapped words: the low word comes first', of: (order: string) => chunks(order, 2).toReversed().join('') },
  {
    mistake: 'swapped bytes: the low byte of each word comes first',
    of: (order: string) =>
      chunks(order, 2)
        .map((pair) => [...pair].toReversed().join(''))
        .join(''),
  },
  {
    mistake: 'swapped words and bytes: the value comes back to front',
    of: (order: string) => [...order].toReversed().join(''),
  },
];

/** The ways in which a Modbus profile is misread most: one address off, words or bytes exchanged, the other table. */
export function variantsOf(profile: Profile, options: Options): Variant[] {
  if (profile.protocol !== 'modbus') return [];
  const offset = typeof options.addressOffset === 'number' ? options.addressOffset : 0;
  const shifted = offsets.map(({ by, mistake }) => ({
    mistake,
    instead: offset + by === 0 ? 'remove `addressOffset`' : `write \`addressOffset: ${offset + by}\` in the entry`,
    profile,
    options: { ...options, addressOffset: offset + by },
  }));
  const exchanged = exchanges.map(({ mistake, of }) => ({
    mistake,
    instead: `set the order of the profile to ${of(profile.modbus.order)}, or look for the device's setting of it`,
    profile: withOrder(profile, of),
    options,
  }));
  return [...shifted, ...exchanged, ...otherTable(profile, options)];
}

type ModbusProfile = Extract<Profile, { protocol: 'modbus' }>;
type Order = ModbusProfile['modbus']['order'];
const tables = { holding: 'input', input: 'holding' } as const;

function withOrder(profile: ModbusProfile, exchange: (order: string) => string): Profile {
  // An exchange of an order is an order again.
  const moved = <T extends Order | undefined>(order: T) => (order === undefined ? order : (exchange(order) as T));
  const points = Object.entries(profile.points).map(([name, { order, ...point }]) => [
    name,
    order === undefined ? point : { ...point, order: moved(order) },
  ]);
  return {
    ...profile,
    modbus: { ...profile.modbus, order: moved(profile.modbus.order) },
    points: Object.fromEntries(points),
  };
}

function otherTable(profile: ModbusProfile, options: Options): Variant[] {
  const { area } = profile.modbus;
  if (area !== 'holding' && area !== 'input') return [];
  const other = tables[area];
  return [
    {
      mistake: `wrong table: the values stand in the ${other} registers`,
      instead: `set the area of the profile to ${other}`,
      profile: { ...profile, modbus: { ...profile.modbus, area: other } },
      options,
    },
  ];
}

function chunks(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
}
