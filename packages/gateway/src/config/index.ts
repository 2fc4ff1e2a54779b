export { type CloudAccess, cloudAccess } from './cloud-access.ts';
export { type Changed, diffSites, type KeyChange, type ListDiff, type SiteDiff } from './diff-sites.ts';
export { type CloudOverride, type GatewayOptions, optionsFromArguments, packageVersion } from './gateway-options.ts';
export { loadSite, parseSite } from './load-site.ts';
export { modelRevisionOf, type SiteModel } from './model-revision.ts';
export type { SitePoint } from './points.ts';
export { type ReadRule, rulesFor } from './read-rules.ts';
export { readSecrets, type SecretLookup } from './secrets.ts';
export type { SiteConfig, SiteConnection, SiteEquipment } from './site-config.ts';
