/** Parsed options as a command line again, so that each service alone decides what its options mean. */
export function toArguments(values: Readonly<Record<string, string | boolean | readonly string[]>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof value === 'boolean') return value ? [flag] : [];
    return [value].flat().flatMap((one) => [flag, one]);
  });
}
