import type { ProbeResult, Reading } from './contract.ts';

/** What a person should know about the first read of a device: how much of it makes sense, and what to try if little does. */
export function describeProbe(where: string, readings: readonly Reading[]): ProbeResult {
  const good = readings.filter((r) => r.quality === 'good');
  const counted = `${where} answers: ${good.length} of ${readings.length} points are good`;
  if (good.length > 0) {
    const examples = good.slice(0, 4).map((r) => `${r.point} = ${r.value}`);
    return { ok: true, message: `${counted} (${examples.join(', ')}).` };
  }
  const refused = readings.filter((r) => r.reason === 'device-exception').length;
  const hint =
    refused === readings.length
      ? 'The device refuses every address: check the unit id and the profile, or try addressOffset 1 or -1.'
      : 'The values make no sense: check the profile, or try addressOffset 1 or -1.';
  return { ok: false, message: `${counted}. ${hint}` };
}
