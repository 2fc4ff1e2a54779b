import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../config.ts';

/** The demo's site file as the repository has it; valid as it stands, with these ports. */
export const siteTemplate = join(projectDirectory, 'deploy', 'demo', 'site.yaml');

/** The ports that the template names. */
export const templatePorts = {
  opcua: 14_840,
  pumps: 15_021,
  metersA: 15_022,
  metersB: 15_023,
  fire: 15_024,
  deviceBroker: 11_883,
  cloudMqtt: 11_884,
} as const;
export type SitePort = keyof typeof templatePorts;

/** Writes the template to `file` with the ports of this demo. */
export function writeSiteFile(file: string, ports: Readonly<Record<SitePort, number>>): void {
  const names = Object.keys(templatePorts) as SitePort[];
  const byTemplate = new Map(names.map((name) => [String(templatePorts[name]), String(ports[name])]));
  const text = readFileSync(siteTemplate, 'utf8').replace(/\b\d{5}\b/g, (port) => byTemplate.get(port) ?? port);
  writeFileSync(file, `# Written by the demo at each start, from deploy/demo/site.yaml.\n${text}`);
}
