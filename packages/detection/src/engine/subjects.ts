/** `loop[2].device[31].state` becomes `loop[].device[].state`. */
export function templateOf(point: string): string {
  return point.replace(/\[\d+\]/g, '[]');
}

/** The indices of a point's name, as text: `['2', '31']`. */
export function indices(point: string): string[] {
  return [...point.matchAll(/\[(\d+)\]/g)].map((match) => match[1] ?? '');
}

/** The group of an indexed point: its first segment with its index, `loop-2`. */
export function groupOf(point: string): string {
  return `${point.slice(0, point.indexOf('['))}-${indices(point)[0] ?? ''}`;
}

/** Whether a group's subject (`loop-2`) holds a point's subject (`2-31`). */
export function groupHolds(group: string, subject: string): boolean {
  return group.endsWith(`-${subject.split('-')[0] ?? ''}`);
}
