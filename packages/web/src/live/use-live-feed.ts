import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { applyEvent, missedEvents } from './apply-event.ts';
import { LiveFeed } from './live-feed.ts';
import { setLiveStatus } from './live-status.ts';

/** Follows a site while the page is open. */
export function useLiveFeed(site: string): void {
  const client = useQueryClient();
  useEffect(() => {
    setLiveStatus({ phase: 'connecting', heardAt: undefined });
    const feed = new LiveFeed(site, {
      onEvent: (event) => applyEvent(client, site, event),
      onReturn: () => missedEvents(client, site),
    });
    feed.start();
    return () => feed.stop();
  }, [client, site]);
}
