/** Ids of sites, gateways, equipment, connections: lower-case ASCII, fit for a topic level, a tag and a file name. */
export const identifierPattern = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
