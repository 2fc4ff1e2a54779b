/** The topic itself and those of the filters that it fits; `+` stands for one level (MQTT 3.1.1, 4.7). */
export function filtersOf(topic: string, filters: readonly string[]): string[] {
  const levels = topic.split('/');
  return [topic, ...filters.filter((filter) => filter !== topic && fits(levels, filter.split('/')))];
}

function fits(levels: readonly string[], filter: readonly string[]): boolean {
  return levels.length === filter.length && filter.every((level, at) => level === '+' || level === levels[at]);
}
