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
const templateCloud = `url: mqtt://127.0.0.1:${templatePorts.cloudMqtt}`;
export type SitePort = keyof typeof templatePorts;

/** Who writes the file, and the cloud that its gateway reports to, where it is not the template's. */
export interface SiteFileAuthor {
  readonly name: string;
  readonly cloud?: { readonly url: string; readonly ca: string };
}

/** Writes the template to `file` with the ports of this building. */
export function writeSiteFile(
  file: string,
  ports: Readonly<Record<SitePort, number>>,
  { name, cloud }: SiteFileAuthor = { name: 'the demo' },
): void {
  const names = Object.keys(templatePorts) as SitePort[];
  const byTemplate = new Map(names.map((port) => [String(templatePorts[port]), String(ports[port])]));
  const template = readFileSync(siteTemplate, 'utf8');
  const own = cloud
    ? template.replace(templateCloud, () => `url: ${cloud.url}, ca: ${JSON.stringify(cloud.ca)}`)
    : template;
  const text = own.replace(/\b\d{5}\b/g, (port) => byTemplate.get(port) ?? port);
  const head = [
    `# Written by ${name} at each start, from deploy/demo/site.yaml: what you change here is gone then.`,
    '# Copy it, and start a gateway of your own with the copy.',
  ];
  writeFileSync(file, `${head.join('\n')}\n${text}`);
}
