import type { EquipmentBinding } from './binding.ts';

/** The profile's parameters with their figures: the entry's own, else its rating of that name, else the profile's default. */
export function parametersOf(binding: EquipmentBinding): Record<string, number> {
  return Object.fromEntries(
    Object.entries(binding.profile.parameters).map(([name, parameter]) => {
      const own = binding.options[name];
      return [name, typeof own === 'number' ? own : (binding.ratings[name] ?? parameter.default)];
    }),
  );
}
