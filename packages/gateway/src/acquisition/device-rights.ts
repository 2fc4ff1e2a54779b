/** What a device's user may do: topic filters from the site file, or nothing declared. */
export type DeclaredTopics = readonly string[] | undefined;

/** Whether every topic that `filter` (or a topic) names is named by `declared`, by the rules of MQTT 3.1.1, 4.7. */
export function covers(declared: string, filter: string): boolean {
  const wanted = filter.split('/');
  const given = declared.split('/');
  for (const [i, level] of given.entries()) {
    if (level === '#') return true;
    const other = wanted[i];
    if (other === undefined || other === '#') return false;
    if (level !== '+' && level !== other) return false;
  }
  // `a/#` names `a` itself, too.
  return given.length === wanted.length;
}

/** Why a user may not publish there; undefined when it may. The broker's own topics begin with `$`. */
export function refusePublish(declared: DeclaredTopics, topic: string): string | undefined {
  if (topic.startsWith('$')) return 'topics that begin with $ are the broker’s own';
  if (declared && !declared.some((d) => covers(d, topic))) return 'it is not under the topics of this user';
  return undefined;
}

/** Why a user may not subscribe; undefined when it may. What nobody declared is not everything. */
export function refuseSubscribe(declared: DeclaredTopics, filter: string): string | undefined {
  // The library grants a shared subscription and then never delivers to it.
  if (filter.startsWith('$share/')) return 'this broker does not deliver to shared subscriptions';
  if (declared) return declared.some((d) => covers(d, filter)) ? undefined : 'it is not under the topics of this user';
  if (filter.startsWith('$')) return 'topics that begin with $ are the broker’s own';
  return /^[#+]/.test(filter)
    ? 'it names every topic, which has to be declared under `topics` of this user'
    : undefined;
}
