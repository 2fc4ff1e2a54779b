import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, formatProblem } from './problem.ts';
import { YamlFile } from './yaml-file.ts';

const schema = z.strictObject({
  site: z.strictObject({ id: z.string(), mode: z.enum(['on', 'off']) }),
  ports: z.array(z.number()).optional(),
  link: z.union([z.string(), z.strictObject({ host: z.string(), port: z.number() })]).optional(),
});

function problemsOf(text: string): string[] {
  return YamlFile.parse(text, 'site.yaml').read(schema).problems.map(formatProblem);
}

describe('YamlFile', () => {
  it('gives the value of a text that fits', () => {
    const read = YamlFile.parse('site: { id: a, mode: "on" }\n', 'site.yaml').read(schema);
    expect(read).toEqual({ value: { site: { id: 'a', mode: 'on' } }, problems: [] });
  });

  it('reports everything at once, each with its line and what to write instead', () => {
    const text = ['site:', '  id: 7', '  mode: perhaps', '  colour: red', 'ports:', '  - 1', '  - two'].join('\n');
    expect(problemsOf(text)).toEqual([
      'site.yaml:2: `site.id` must be a string; write a string',
      'site.yaml:3: `site.mode` is not one of the allowed values; write on or off',
      'site.yaml:4: unknown key `colour` in `site`; remove it or correct its spelling',
      'site.yaml:7: `ports.1` must be a number; write a number',
    ]);
  });

  it('explains the form of a union that the writer meant', () => {
    const text = 'site: { id: a, mode: "on" }\nlink:\n  host: h\n  port: x\n';
    expect(problemsOf(text)).toEqual(['site.yaml:4: `link.port` must be a number; write a number']);
  });

  it('refuses aliases that grow beyond measure, and a name that JavaScript would swallow, with their line', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 9; n++)
      bomb.push(
        `a${n}: &a${n} [${Array(9)
          .fill(n === 1 ? '*a' : `*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(problemsOf(bomb.join('\n'))).toEqual([
      expect.stringMatching(/^site\.yaml:1: its aliases .* stand for too much/),
    ]);
    expect(() => YamlFile.parse('site:\n  __proto__: { id: a }\n', 'site.yaml')).toThrow(
      /site\.yaml:2: no entry can be/,
    );
  });

  it('points a missing key at the map that lacks it', () => {
    expect(problemsOf('# a comment\nsite:\n  id: a\n')[0]).toMatch(/^site\.yaml:2: `site\.mode`/);
  });

  it('refuses a key that stands twice', () => {
    expect(() => YamlFile.parse('a: 1\nb: 2\na: 3\n', 'x.yaml')).toThrowError(ConfigError);
    expect(() => YamlFile.parse('a: 1\nb: 2\na: 3\n', 'x.yaml')).toThrowError(/x\.yaml:3/);
  });

  it('reads a part by itself, with its lines', () => {
    const yaml = YamlFile.parse('site:\n  id: a\n  mode: perhaps\nother: 1\n', 'x.yaml');
    expect(yaml.readAt(['site', 'id'], z.string())).toEqual({ value: 'a', problems: [] });
    expect(yaml.readAt(['site'], schema.shape.site).problems.map(formatProblem)).toEqual([
      'x.yaml:3: `site.mode` is not one of the allowed values; write on or off',
    ]);
    expect(yaml.readAt(['nothing'], z.string().optional())).toEqual({ value: undefined, problems: [] });
  });
});
