import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { describeError, PlantroomError } from '@plantroom/base';

/** One record of a file; `line`, from 1, is where it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  readonly path: string;
  /** Decided by the header unless it is told. */
  readonly separator: string | undefined;
}

/** A quoted text may run over so many lines; a quotation mark that stays open longer is a letter like any other. */
const longestText = 50;
const candidates = [',', ';', '\t', '|'];

/**
 * The records of a delimited file (RFC 4180 and what spreadsheets make of it), the header first, without reading it as a
 * whole: a byte order mark, either line end, `sep=;` above the header; empty lines are left out.
 */
export async function* readCsv({ path, separator: told }: CsvFile): AsyncGenerator<CsvRecord> {
  let separator = told;
  const pending: { line: number; text: string }[] = [];
  const begun = (text: string) => {
    const declared = /^sep=(?<mark>.)$/i.exec(text)?.groups?.mark;
    if (declared !== undefined) separator ??= declared;
    return declared === undefined;
  };
  for await (const { line, text } of readLines(path)) {
    if (line === 1 && !begun(text)) continue;
    if (pending.length === 0 && text.trim() === '') continue;
    separator ??= separatorOf(text);
    pending.push({ line, text });
    yield* take(pending, separator, false);
  }
  yield* take(pending, separator ?? ',', true);
}

/** Takes the records that are whole; with `all`, also the lines behind a quotation mark that never closes. */
function* take(
  pending: { line: number; text: string }[],
  separator: string,
  all: boolean,
): Generator<CsvRecord, void, undefined> {
  for (let first = pending[0]; first; first = pending[0]) {
    const whole = shortest(pending, separator);
    if (!whole && !all && pending.length < longestText) return;
    const { cells, lines } = whole ?? { cells: first.text.split(separator), lines: 1 };
    pending.splice(0, lines);
    if (cells.some((cell) => cell.trim() !== '')) yield { line: first.line, cells: cells.map((cell) => cell.trim()) };
  }
}

/** The record that the first line begins, over as few lines as it needs; undefined while it is open. */
function shortest(
  pending: readonly { text: string }[],
  separator: string,
): { cells: string[]; lines: number } | undefined {
  let text = '';
  for (const [at, line] of pending.entries()) {
    text += at === 0 ? line.text : `\n${line.text}`;
    const cells = splitRecord(text, separator);
    if (cells) return { cells, lines: at + 1 };
  }
  return undefined;
}

/** The mark that occurs most in the header, outside quotation marks. */
function separatorOf(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = candidates.map((mark) => ({ mark, count: bare.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

/** The cells of a record; undefined while a quotation mark is open. Only one that begins a cell opens a quoted text. */
function splitRecord(text: string, separator: string): string[] | undefined {
  if (!text.includes('"')) return text.split(separator);
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const opened = /^\s*"/.exec(text.slice(at, at + 20));
    const quoted = opened && !opened[0].includes(separator) ? quotedAt(text, at + opened[0].length) : undefined;
    if (quoted && quoted.end < 0) return undefined;
    const end = text.indexOf(separator, quoted?.end ?? at);
    const stop = end < 0 ? text.length : end;
    cells.push(quoted ? quoted.value + text.slice(quoted.end, stop).trim() : text.slice(at, stop));
    at = stop + separator.length;
  }
  return cells;
}

/** A quoted text from behind its mark on, and where it ends, -1 if it does not; a doubled mark stands for one. */
function quotedAt(text: string, from: number): { value: string; end: number } {
  let value = '';
  for (let at = from; ; ) {
    const mark = text.indexOf('"', at);
    if (mark < 0) return { value, end: -1 };
    value += text.slice(at, mark);
    if (text[mark + 1] !== '"') return { value, end: mark + 1 };
    value += '"';
    at = mark + 2;
  }
}

/** The lines of a text file in UTF-8 or UTF-16 (by its byte order mark), counted from 1. */
async function* readLines(path: string): AsyncGenerator<{ line: number; text: string }> {
  const stream = createReadStream(path, { encoding: await encodingOf(path) });
  let rest = '';
  let line = 0;
  for await (const chunk of stream) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield { line: ++line, text: clean(part, line) };
  }
  if (rest !== '') yield { line: ++line, text: clean(rest, line) };
}

function clean(text: string, line: number): string {
  const bare = text.endsWith('\r') ? text.slice(0, -1) : text;
  return line === 1 && bare.startsWith('\uFEFF') ? bare.slice(1) : bare;
}

async function encodingOf(path: string): Promise<BufferEncoding> {
  const file = await open(path).catch((cause: unknown) => {
    throw new PlantroomError('csv-unreadable', `Cannot open ${path}: ${describeError(cause)}.`, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0xff && buffer[1] === 0xfe ? 'utf16le' : 'utf8';
  } finally {
    await file.close();
  }
}
