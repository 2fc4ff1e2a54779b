/** What happened on a connection since it was prepared, for the person who asks whether a server can be relied on. */
export interface UaTally {
  /** Sessions that were opened. */
  sessions: number;
  /** Values that say that the server's queue was too short: others before them are gone. */
  overflows: number;
  /** Publications that never came: the numbers of those around them leave a hole. */
  gaps: number;
  /** Nodes that the server refuses, in the newest session. */
  refused: number;
  /** Nodes whose sampling, queue or deadband is not as asked, in the newest session. */
  revised: number;
  /** Nodes that are polled, for which the server has no subscription or monitored item. */
  polling: number;
}

export function newTally(): UaTally {
  return { sessions: 0, overflows: 0, gaps: 0, refused: 0, revised: 0, polling: 0 };
}
