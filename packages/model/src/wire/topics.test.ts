import { describe, expect, it } from 'vitest';
import { downTopic, mayPublish, maySubscribe, parseUpTopic, upTopic } from './topics.ts';

const own = { site: 'harbour-tower', gateway: 'gw-1' };
const other = { site: 'harbour-tower', gateway: 'gw-2' };

describe('topic rights of a gateway', () => {
  it('reach its own topics and no others', () => {
    expect(mayPublish(own, upTopic(own, 'telemetry'))).toBe(true);
    expect(mayPublish(own, upTopic(other, 'telemetry'))).toBe(false);
    expect(mayPublish(own, downTopic(own, 'acks'))).toBe(false);
    expect(mayPublish(own, 'plantroom/1/harbour-tower/live')).toBe(false);
    expect(maySubscribe(own, downTopic(own, 'commands'))).toBe(true);
    expect(maySubscribe(own, 'plantroom/1/harbour-tower/gw-1/down/#')).toBe(true);
    for (const filter of [
      '#',
      'plantroom/#',
      'plantroom/1/harbour-tower/+/down/acks',
      '$share/a/plantroom/1/harbour-tower/gw-1/down/acks',
      '$SYS/#',
    ])
      expect(maySubscribe(own, filter)).toBe(false);
  });

  it('come from a topic that parses back to the same gateway', () => {
    expect(parseUpTopic(upTopic(own, 'events'))).toEqual({ ...own, channel: 'events' });
    for (const topic of [
      'plantroom/2/a/b/up/events',
      'plantroom/1/a/b/up/secrets',
      'plantroom/1/A b/c/up/events',
      'plantroom/1/a/b/up/events/x',
    ])
      expect(parseUpTopic(topic)).toBeUndefined();
  });
});
