import { diffSites, loadSite } from '@plantroom/gateway/config';
import { diffText } from '../field/diff-text.ts';
import { withFolder } from '../field/open-site.ts';
import { planSite } from '../field/plan.ts';
import { planText, type SitePlan } from '../field/plan-text.ts';

export interface PlanCommand {
  readonly requests: boolean;
  readonly measure: boolean;
  readonly json: boolean;
  readonly data?: string;
}

/** `plantroom gateway plan`; false when a period cannot be met. */
export async function plan(file: string, { requests, measure, json, data }: PlanCommand): Promise<boolean> {
  const site = loadSite(file);
  const read = (directory: string) => planSite(site, { directory, measure });
  const found = data === undefined ? await withFolder(read) : await read(data);
  if (json) console.log(JSON.stringify(asJson(found), null, 2));
  else for (const line of planText(found, requests)) console.log(line);
  return found.buses.every((bus) => bus.warnings.length === 0);
}

/** `plantroom gateway diff`; a difference is no problem, a period that the new file cannot keep is. */
export async function diff(oldFile: string, newFile: string, { json }: { json: boolean }): Promise<boolean> {
  const [before, after] = [loadSite(oldFile), loadSite(newFile)];
  const difference = diffSites(before, after);
  return withFolder(async (directory) => {
    const [old, fresh] = [await planSite(before, { directory }), await planSite(after, { directory })];
    if (json) console.log(JSON.stringify({ ...difference, before: asJson(old), after: asJson(fresh) }, null, 2));
    else for (const line of diffText(difference, old, fresh)) console.log(line);
    return fresh.buses.every((bus) => bus.warnings.length === 0);
  });
}

function asJson({ buses, pushed, firePanels }: SitePlan) {
  return { buses, pushed, firePanels: [...firePanels] };
}
