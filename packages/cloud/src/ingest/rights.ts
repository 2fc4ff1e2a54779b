import { createHash, timingSafeEqual } from 'node:crypto';
import { identifierPattern } from '@plantroom/model';
import {
  downTopic,
  type GatewayAddress,
  liveFilter,
  mayPublish,
  maySubscribe,
  parseUpTopic,
  upChannels,
  upFilter,
  upFilterOf,
  upTopic,
} from '@plantroom/model/wire';

/** Who a connection belongs to: the service itself, or one gateway. */
export type Party = 'internal' | GatewayAddress;

/** Takes the user name `{site}/{gateway}` apart. */
export function parseUser(username: string): GatewayAddress | undefined {
  const [site = '', gateway = '', ...rest] = username.split('/');
  if (rest.length > 0 || !identifierPattern.test(site) || !identifierPattern.test(gateway)) return undefined;
  return { site, gateway };
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares two SHA-256 digests in hex in a time that does not depend on where they differ. */
export function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === 32 && right.length === 32 && timingSafeEqual(left, right);
}

/** Why a party may not publish this, or undefined when it may. */
export function refusePublish(party: Party, topic: string, retain: boolean): string | undefined {
  if (party === 'internal') return isInternalTopic(topic) ? undefined : 'the service does not publish there';
  if (!mayPublish(party, topic)) return 'the topic is not its own';
  if (retain && topic !== upTopic(party, 'model') && topic !== upTopic(party, 'status'))
    return 'only model and status are retained';
  return undefined;
}

/** Why a party may not subscribe to this, or undefined when it may. */
export function refuseSubscribe(party: Party, filter: string): string | undefined {
  if (filter.startsWith('$share/'))
    return 'the embedded broker does not know shared subscriptions; several ingest workers need EMQX or Mosquitto';
  if (party === 'internal')
    return internalFilters.includes(filter) || isLiveTopic(filter) ? undefined : 'not of the service';
  return maySubscribe(party, filter) ? undefined : 'the filter reaches beyond its own topics';
}

const internalFilters = [upFilter, liveFilter, ...upChannels.map(upFilterOf)];

function isLiveTopic(topic: string): boolean {
  const [root, version, site = '', live, ...rest] = topic.split('/');
  return (
    `${root}/${version}/+/${live}` === liveFilter && (site === '+' || identifierPattern.test(site)) && rest.length === 0
  );
}

/** What goes down to gateways, and the live topics. */
function isInternalTopic(topic: string): boolean {
  if (isLiveTopic(topic)) return true;
  const up = parseUpTopic(topic.replace(/\/down\/[^/]*$/, '/up/status'));
  return up !== undefined && (topic === downTopic(up, 'acks') || topic === downTopic(up, 'commands'));
}
