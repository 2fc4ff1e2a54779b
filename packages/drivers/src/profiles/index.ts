export { loadProfile, parseProfile, profileNames } from './load.ts';
export { type Profile, type Protocol, profile, protocols } from './schema.ts';
