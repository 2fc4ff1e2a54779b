import { ConfigError, formatProblem } from '@plantroom/base';
import { expect, test } from 'vitest';
import { parseSite } from './load-site.ts';
import { rulesFor } from './read-rules.ts';

const file = (rules: string, pump = '') => `site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
connections: { bus: { modbus-tcp: 192.0.2.10 } }
equipment:
  pump-1: { profile: generic-pump-controller, on: bus, unit: 1, name: One ${pump} }
  pump-2: { profile: generic-pump-controller, on: bus, unit: 2, name: Two }
rules:
${rules}
`;
const texts = '{ priority: 3, trade: mechanical, title: T, cause: C, consequence: D, steps: [S]';

function problemsOf(text: string): string[] {
  try {
    parseSite(text, 'site.yaml');
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems.map(formatProblem);
    throw thrown;
  }
}

test('a rule is a fault of the machines that it names, with parameters that a machine may set', () => {
  const least = 'parameters: { least: { unit: m3/h, default: 3, minimum: 0, maximum: 9 } }';
  const rule = `  low-flow: ${texts}, kind: pump, equipment: [pump-1], when: flow < parameters.least, ${least} }`;
  const { rules } = parseSite(file(rule, ', parameters: { rule.low-flow: { least: 5, onDelay: 30 } }'), 'site.yaml');
  expect(rulesFor(rules, 'pump-1', 'pump')).toMatchObject([{ id: 'rule.low-flow', points: ['flow'] }]);
  expect(rulesFor(rules, 'pump-2', 'pump')).toBeUndefined();
  expect(problemsOf(file(rule, ', parameters: { rule.low-flow: { least: 50 } }'))).toEqual([
    'site.yaml:4: `least` of `rule.low-flow` cannot be 50; write 0 to 9 m3/h',
  ]);
});

test('every mistake is told with its line, at once', () => {
  expect(
    problemsOf(
      file(`  a:
    ${texts.slice(2)}
    kind: pump
    when: flow < power
  b: ${texts}, kind: pump, equipment: [pump-9], when: running == 2 }
  c: ${texts}, kind: boiler, when: 1 > 0 }
  d: ${texts}, kind: pump, when: 1 > 0, parameters: { x: { default: 5, minimum: 6, maximum: 9 } } }
  E: ${texts}, kind: pump, when: 1 > 0 }`).replace(
        '    priority: 3, trade: mechanical, title: T, cause: C, consequence: D, steps: [S]',
        '    priority: 3\n    trade: mechanical\n    title: T\n    cause: C\n    consequence: D\n    steps: [S]',
      ),
    ),
  ).toEqual([
    'site.yaml:15: rule `a`: m3/h and kW do not go together (character 6); see "Rules of your own" in docs/configuration.md',
    'site.yaml:16: rule `b`: there is no equipment `pump-9`',
    'site.yaml:16: rule `b`: `running` is compared with one of its codes: 0, 1 (character 9); see "Rules of your own" in docs/configuration.md',
    'site.yaml:17: `rules.c.kind` is not one of the allowed values; write elevator or pump or fire-panel or energy-meter or environment-sensor or water-tank',
    'site.yaml:18: `rules.d.parameters.x.default`: write a figure from `minimum` to `maximum`',
    'site.yaml:19: `E` cannot be an id; write 1 to 64 lower-case letters, digits and inner hyphens, such as main-meter',
    'site.yaml:19: rule `E`: names no point, so nothing could ever raise it (character 1); see "Rules of your own" in docs/configuration.md',
  ]);
});
