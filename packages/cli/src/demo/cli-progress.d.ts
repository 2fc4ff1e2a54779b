/** What we use of cli-progress 3, which comes without types. */
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: { format: string; hideCursor?: boolean; barsize?: number; clearOnComplete?: boolean });
    start(total: number, value: number): void;
    update(value: number): void;
    stop(): void;
  }
}
