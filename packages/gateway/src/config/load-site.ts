import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, type ConfigProblem, errorCode, PlantroomError } from '@plantroom/base';
import { YamlFile } from '@plantroom/base/yaml';
import { checkEmbeddedBroker, type Joined, joinEquipment } from './check-equipment.ts';
import { checkLines } from './check-lines.ts';
import { readDraft } from './read-draft.ts';
import { secretsIn } from './secrets.ts';
import type { SiteConfig, SiteEquipment } from './site-config.ts';
import type { DraftEquipment, SiteDraft } from './site-draft.ts';

/**
 * Reads and checks a site file without network and without its secrets. Throws ConfigError with everything that is
 * wrong, in the order of the lines, or PlantroomError `site-file` when it cannot be read at all.
 */
export function loadSite(file: string): SiteConfig {
  return parseSite(readText(file), file);
}

/** The same for a text; `file` is where relative paths start and what problems are reported under. */
export function parseSite(text: string, file: string): SiteConfig {
  const draft = readDraft(parse(text, file), (name) => readNamedFile(name, file));
  const joined = joinEquipment(draft);
  checkEmbeddedBroker(draft);
  checkLines(draft);
  const { site, gateway, broker, problems } = draft;
  if (problems.length > 0 || !site || !gateway) throw new ConfigError(inOrder(draft));
  return {
    file,
    site,
    gateway,
    broker,
    connections: draft.connections.map((c) => ({ ...c, bindings: bindingsOf(c.id, joined) })),
    equipment: draft.equipment.map((each) => describeEquipment(each, draft)),
    rules: draft.rules,
    secrets: secretsOf(draft),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new PlantroomError('site-file', `The site file ${file} cannot be read (${errorCode(thrown) ?? 'error'}).`, {
      hint: 'Give the path of a YAML file that describes the site.',
      cause: thrown,
    });
  }
}

/** A file that the site file names, reported under its path from where the site file's own path starts. */
function readNamedFile(name: string, siteFile: string) {
  try {
    const bytes = readFileSync(resolve(dirname(siteFile), name));
    return { file: join(dirname(siteFile), name), text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (thrown) {
    if (errorCode(thrown) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { what: `${name} is not UTF-8`, instead: 'save it as UTF-8' };
    return {
      what: `the file ${name} cannot be read (${errorCode(thrown) ?? 'error'})`,
      instead: "give its path from the site file's folder",
    };
  }
}

/** The site file's problems before those of its tables, each by line; one in a shared place once, not for each equipment. */
function inOrder({ problems, sharedPlaces, equipmentIds, yaml }: SiteDraft): ConfigProblem[] {
  const ids = new Set(equipmentIds);
  const told = new Set<string>();
  const files = [...new Set([yaml.file, ...problems.map((p) => p.file)])];
  return problems
    .filter(({ file, line, what }) => {
      const place = `${file}:${line}`;
      if (!sharedPlaces.has(place)) return true;
      const key = `${place} ${what.replaceAll(/[\w-]+/g, (word) => (ids.has(word) ? '*' : word))}`;
      return !told.has(key) && told.add(key);
    })
    .sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line);
}

function parse(text: string, file: string): YamlFile {
  try {
    return YamlFile.parse(text, file);
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    throw new ConfigError(thrown.problems.map(explainSyntax));
  }
}

/** The YAML library's words for the mistake that is made most: the same id twice. */
function explainSyntax(problem: ConfigProblem): ConfigProblem {
  if (!problem.what.startsWith('Map keys must be unique')) return problem;
  const { file, line } = problem;
  return { file, line, what: 'this key stands here a second time', instead: 'give each entry its own id' };
}

function bindingsOf(connection: string, joined: readonly Joined[]) {
  return joined.filter((j) => j.connection === connection).map((j) => j.binding);
}

function describeEquipment({ id, entry, profile }: DraftEquipment, draft: SiteDraft): SiteEquipment {
  const { name, at, on, ratings, parent, maintenance, parameters, report, learn = draft.learn } = entry;
  return {
    id,
    kind: profile.kind,
    name,
    place: at,
    profile,
    connection: on,
    ratings,
    parameters,
    report,
    ...(parent === undefined ? {} : { parent }),
    ...(maintenance === undefined ? {} : { maintenance }),
    ...(learn === undefined ? {} : { learn }),
  };
}

function secretsOf(draft: SiteDraft) {
  const lineOf = (path: string[]) => draft.yaml.lineOf(path);
  return [
    ...secretsIn(draft.gateway, ['gateway'], lineOf),
    ...secretsIn(draft.broker, ['broker'], lineOf),
    ...draft.connections.flatMap((c) => secretsIn(c.settings, ['connections', c.id, c.type], lineOf)),
  ];
}
