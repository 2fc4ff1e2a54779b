// For who writes frames and keeps them; of all that reads their content (and so of the schemas) nothing is loaded.
export { qualityCode } from '../quality.ts';
export { encodeEvents, encodePacked } from './encode.ts';
export { lanes } from './header.ts';
export { spanOf } from './packed-samples.ts';
export { peekHeader } from './peek.ts';
export { decodePacked } from './read-packed.ts';
export type { ColumnFrame, SampleColumns, ThinnedColumns } from './samples.ts';
export { largestFrame } from './samples.ts';
export { packColumns } from './write-columns.ts';
