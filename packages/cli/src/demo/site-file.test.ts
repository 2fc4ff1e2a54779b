import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSite } from '@plantroom/gateway/config';
import { temporaryDirectory } from '@plantroom/testing';
import { expect, test } from 'vitest';
import { siteTemplate, templatePorts, writeSiteFile } from './site-file.ts';

test('the site file of a demo has its own ports and is otherwise the template', () => {
  using folder = temporaryDirectory();
  const file = join(folder.path, 'site.yaml');
  const ports = {
    opcua: 20_001,
    pumps: 20_002,
    metersA: 20_003,
    metersB: 20_004,
    fire: 20_005,
    deviceBroker: 20_006,
    cloudMqtt: 20_007,
  };
  writeSiteFile(file, ports);
  const [template, written] = [loadSite(siteTemplate), loadSite(file)];
  const ask = (site: typeof template) =>
    JSON.stringify([site.connections.map((c) => c.settings), site.broker, site.gateway]);
  for (const port of Object.values(templatePorts)) {
    expect(ask(template)).toContain(String(port));
    expect(ask(written)).not.toContain(String(port));
  }
  for (const port of Object.values(ports)) expect(ask(written)).toContain(String(port));
  expect(written.equipment).toEqual(template.equipment);
});

test("the site file of a stack names its broker, and the authority of the broker's certificate", () => {
  using folder = temporaryDirectory();
  const file = join(folder.path, 'site.yaml');
  const cloud = { url: 'mqtts://127.0.0.1:20007', ca: '/a folder/ca.pem' };
  writeSiteFile(file, { ...templatePorts }, { name: 'the stack', cloud });
  expect(readFileSync(file, 'utf8')).toMatch(/^# Written by the stack at each start/);
  const { gateway } = loadSite(file);
  expect(gateway.cloud).toEqual({ ...cloud, password: loadSite(siteTemplate).gateway.cloud?.password });
});
