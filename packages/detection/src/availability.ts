import { type FaultNeeds, type LocalText, lackOf } from '@plantroom/model';
import { templateOf } from './engine/subjects.ts';
import type { Fault, Parameter } from './faults/define-fault.ts';
import { allFaults, library } from './faults/index.ts';
import type { Availability, DetectionEquipment } from './types.ts';

const byId = new Map(allFaults.map((fault) => [fault.id, fault]));

type Having = Pick<DetectionEquipment, 'points' | 'ratings'>;

/**
 * Whether a fault can run on an equipment that has these points and ratings: "cannot run: no flow point". An unknown fault
 * cannot run.
 */
export function availability(id: string, having: Having): Availability {
  const fault = byId.get(id);
  if (!fault) return cannot(id, [id], { en: `no such fault: ${id}`, zh: `没有此故障：${id}` });
  return judge(fault, templatesOf(having), having.ratings);
}

function templatesOf({ points }: Pick<Having, 'points'>): ReadonlySet<string> {
  return new Set(points.map(({ point }) => templateOf(point)));
}

/** What a fault reads of an equipment. */
export function needsOf({ points, oneOf, ratings, subjects }: Fault): FaultNeeds {
  const indexed = subjects.by === 'name' ? [] : [subjects.template];
  return { points: [...new Set([...points, ...indexed])], oneOf: [...oneOf], ratings: [...ratings] };
}

/** `names` are the templates of the points that the equipment has. */
function judge(fault: Fault, names: ReadonlySet<string>, having: Having['ratings']): Availability {
  const { id } = fault;
  if (fault.trigger === 'reserved')
    return cannot(id, [], { en: 'cannot run: nothing finds it yet', zh: '无法运行：此版本尚不支持' });
  const silent = fault.trigger === 'silence' && names.size === 0;
  const lack = silent ? { points: ['*'], ratings: [] } : lackOf(needsOf(fault), names, having);
  if (!lack) return { fault: id, runs: true };
  const { points, ratings } = lack;
  const en = [...wordsOf(points, 'point'), ...wordsOf(ratings, 'rating')].join(', ');
  const zh = [
    points.length > 0 ? `测点 ${points.join('、')}` : '',
    ratings.length > 0 ? `额定值 ${ratings.join('、')}` : '',
  ];
  const reason = { en: `cannot run: ${en}`, zh: `无法运行：缺少${zh.filter(Boolean).join('，')}` };
  return cannot(id, [...points, ...ratings], reason);
}

function wordsOf(names: readonly string[], what: string): string[] {
  return names.map((name) => `no ${name} ${what}`);
}

function cannot(fault: string, missing: readonly string[], reason: LocalText): Availability {
  return { fault, runs: false, missing, reason };
}

/**
 * Every fault of the equipment's kind and of its site's rules, with the reason for each that cannot run. What only has its
 * place in the catalogue is left out: nothing that the equipment could be given would make it run.
 */
export function availabilityOf(
  equipment: Pick<DetectionEquipment, 'kind' | 'points' | 'ratings' | 'rules'>,
): Availability[] {
  const names = templatesOf(equipment);
  return [...library[equipment.kind], ...(equipment.rules ?? [])]
    .filter(({ trigger }) => trigger !== 'reserved')
    .map((fault) => judge(fault, names, equipment.ratings));
}

/** All parameters of a fault, its delays among them. */
export function allParameters(fault: Fault): Readonly<Record<string, Parameter>> {
  const { parameters, onDelay, offDelay, reAlarm } = fault;
  return { ...parameters, onDelay, offDelay, reAlarm };
}

/** The site's figure where it has one, kept inside the legal range; else the default. */
export function effectiveParameters(
  fault: Fault,
  own: Readonly<Record<string, number>> | undefined,
): Readonly<Record<string, number>> {
  if (own) return figuresOf(fault, own);
  const known = defaults.get(fault) ?? figuresOf(fault, {});
  defaults.set(fault, known);
  return known;
}

/** Shared by all machines whose site says nothing else. */
const defaults = new WeakMap<Fault, Readonly<Record<string, number>>>();

function figuresOf(fault: Fault, own: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(allParameters(fault)).map(([name, { default: value, minimum, maximum }]) => [
      name,
      Math.min(maximum, Math.max(minimum, own[name] ?? value)),
    ]),
  );
}
