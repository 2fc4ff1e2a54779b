import { identifierPattern } from '../identifier-pattern.ts';

/** Topics of the uplink: `plantroom/1/{site}/{gateway}/...`. The 1 is the major version of the wire format. */
const root = 'plantroom/1';

export const upChannels = ['telemetry', 'events', 'model', 'status'] as const;
export type UpChannel = (typeof upChannels)[number];
export const downChannels = ['acks', 'commands'] as const;
export type DownChannel = (typeof downChannels)[number];

export interface GatewayAddress {
  readonly site: string;
  readonly gateway: string;
}

export function upTopic(to: GatewayAddress, channel: UpChannel): string {
  return `${root}/${to.site}/${to.gateway}/up/${channel}`;
}

export function downTopic(to: GatewayAddress, channel: DownChannel): string {
  return `${root}/${to.site}/${to.gateway}/down/${channel}`;
}

/** Committed, current values of a site, for the processes that serve browsers. */
export function liveTopic(site: string): string {
  return `${root}/${site}/live`;
}

/** All that gateways send, of every site. */
export const upFilter = `${root}/+/+/up/+`;
/** The live feed of every site. */
export const liveFilter = `${root}/+/live`;

/** One channel of every gateway of every site. */
export function upFilterOf(channel: UpChannel): string {
  return `${root}/+/+/up/${channel}`;
}
/** The same for workers that share it: each message goes to one of them. */
export function shared(filter: string): string {
  return `$share/ingest/${filter}`;
}

/** What a broker lets a gateway publish (`up`) and hear (`down`). */
export function gatewayFilters(as: GatewayAddress): { readonly up: string; readonly down: string } {
  return { up: `${root}/${as.site}/${as.gateway}/up/+`, down: `${root}/${as.site}/${as.gateway}/down/+` };
}

/** What a broker lets the service hear (`up`) and publish (`down`), beside the live feed, which it does both with. */
export const serviceFilters = { up: [upFilter, shared(upFilter)], down: `${root}/+/+/down/+` } as const;

/** Takes an `up` topic apart; undefined for any other topic. */
export function parseUpTopic(topic: string): (GatewayAddress & { channel: UpChannel }) | undefined {
  const [a, b, site = '', gateway = '', direction, channel, ...rest] = topic.split('/');
  if (`${a}/${b}` !== root || direction !== 'up' || rest.length > 0) return undefined;
  if (!identifierPattern.test(site) || !identifierPattern.test(gateway)) return undefined;
  const known = upChannels.find((c) => c === channel);
  return known && { site, gateway, channel: known };
}

/** What a gateway's credential may publish. */
export function mayPublish(as: GatewayAddress, topic: string): boolean {
  return upChannels.some((c) => topic === upTopic(as, c));
}

/** What a gateway's credential may subscribe to; no wildcard reaches beyond its own topics. */
export function maySubscribe(as: GatewayAddress, filter: string): boolean {
  const own = `${root}/${as.site}/${as.gateway}/down`;
  return filter === `${own}/#` || filter === `${own}/+` || downChannels.some((c) => filter === downTopic(as, c));
}
