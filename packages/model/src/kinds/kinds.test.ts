import { describe, expect, it } from 'vitest';
import { pointNamePattern } from '../identifiers.ts';
import { type Kind, pointDefinition } from './define-kind.ts';
import { kindNames, kinds } from './index.ts';

describe.each(kindNames)('kind %s', (name) => {
  const kind: Kind = kinds[name];

  it('has points whose names, texts and figures can be used', () => {
    expect(kind.kind).toBe(name);
    for (const [point, definition] of Object.entries(kind.points)) {
      expect(point.replaceAll('[]', '[1]')).toMatch(pointNamePattern);
      expect(definition.label.zh).not.toBe('');
      if (definition.type === 'state') expect(Object.keys(definition.states).length).toBeGreaterThan(1);
      else expect(definition.deadband).toBeGreaterThan(0);
      if (definition.type === 'analog') expect(definition.range[0]).toBeLessThan(definition.range[1]);
    }
  });
});

it('finds an indexed point by its full name', () => {
  expect(pointDefinition(kinds['fire-panel'], 'loop[2].device[31].state')?.type).toBe('state');
  expect(pointDefinition(kinds['fire-panel'], 'loop[2].state')).toBeUndefined();
});
