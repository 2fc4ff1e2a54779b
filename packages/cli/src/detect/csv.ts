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
 * whole: a byte order mark, any line end, `sep=;` above the header; empty lines are left out.
 */
export async function* readCsv({ path, separator: told }: CsvFile): AsyncGenerator<CsvRecord> {
  let separator = told;
  let columns: number | undefined;
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
    for (const record of take(pending, { separator, columns }, false)) {
      columns ??= record.cells.length;
      yield record;
    }
  }
  yield* take(pending, { separator: separator ?? ',', columns }, true);
}

interface Shape {
  readonly separator: string;
  /** Of the header, once it has been read. */
  readonly columns: number | undefined;
}

/** Takes the records that are whole; with `all`, also the lines behind a quotation mark that never closes. */
function* take(
  pending: { line: number; text: string }[],
  shape: Shape,
  all: boolean,
): Generator<CsvRecord, void, undefined> {
  for (let first = pending[0]; first; first = pending[0]) {
    const whole = shortest(pending, shape);
    if (whole === 'open' && !all && pending.length < longestText) return;
    const isWhole = whole !== 'open' && whole !== 'stray';
    const { cells, lines } = isWhole ? whole : { cells: splitLine(first.text, shape.separator), lines: 1 };
    pending.splice(0, lines);
    if (cells.some((cell) => cell.trim() !== '')) yield { line: first.line, cells: cells.map((cell) => cell.trim()) };
  }
}

/**
 * The record that the first line begins, over as few lines as it needs; `open` while a quotation mark is, `stray` when that
 * cannot have begun a text: what it would hold closes in the midst of a cell, or has a row of the file in it.
 */
function shortest(
  pending: readonly { text: string }[],
  { separator, columns }: Shape,
): { cells: string[]; lines: number } | 'open' | 'stray' {
  let text = '';
  for (const [at, line] of pending.entries()) {
    text += at === 0 ? line.text : `\n${line.text}`;
    const { cells, open, stray } = splitRecord(text, separator);
    if (stray) return 'stray';
    if (!open) return { cells, lines: at + 1 };
    if (at === 0 || columns === undefined) continue;
    const inner = line.text.split(separator);
    if (inner.length === columns && shapeOf(inner[0]) === shapeOf(pending[0]?.text.split(separator)[0])) return 'stray';
  }
  return 'open';
}

/** What kinds of letters a cell has, run by run: rows of one file begin alike. */
const shapeOf = (cell = '') =>
  cell
    .trim()
    .replaceAll(/\d+/g, '0')
    .replaceAll(/\p{L}+/gu, 'a');

/** The mark that occurs most in the header, outside quotation marks. */
function separatorOf(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = candidates.map((mark) => ({ mark, count: bare.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

/**
 * The cells of a record; `open` while a quotation mark is. Only one that begins a cell opens a quoted text, and one that
 * runs over lines has to end with its cell, else the mark is `stray`.
 */
function splitRecord(text: string, separator: string): { cells: string[]; open: boolean; stray: boolean } {
  if (!text.includes('"')) return { cells: text.split(separator), open: false, stray: false };
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const quoted = quotedIn(text, at, separator);
    if (quoted && quoted.end < 0) return { cells, open: true, stray: false };
    const { cell, next } = cellAt(text, at, separator, quoted);
    if (quoted?.value.includes('\n') && cell !== quoted.value) return { cells, open: false, stray: true };
    cells.push(cell);
    at = next;
  }
  return { cells, open: false, stray: false };
}

/** The cells of one line, in which a quotation mark that does not close is a letter. */
function splitLine(text: string, separator: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const quoted = quotedIn(text, at, separator);
    const { cell, next } = cellAt(text, at, separator, quoted && quoted.end < 0 ? undefined : quoted);
    cells.push(cell);
    at = next;
  }
  return cells;
}

function cellAt(text: string, at: number, separator: string, quoted: { value: string; end: number } | undefined) {
  const end = text.indexOf(separator, quoted?.end ?? at);
  const stop = end < 0 ? text.length : end;
  const cell = quoted ? quoted.value + text.slice(quoted.end, stop).trim() : text.slice(at, stop);
  return { cell, next: stop + separator.length };
}

function quotedIn(text: string, at: number, separator: string): { value: string; end: number } | undefined {
  const opened = /^\s*"/.exec(text.slice(at, at + 20));
  return opened && !opened[0].includes(separator) ? quotedAt(text, at + opened[0].length) : undefined;
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

/** The lines of a text file in UTF-8 or UTF-16, counted from 1; they end with `\n`, `\r\n` or, in a file without either, `\r`. */
async function* readLines(path: string): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder(await encodingOf(path));
  let end: string | undefined;
  let rest = '';
  let line = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    end ??= text.includes('\r') && !text.includes('\n') ? '\r' : '\n';
    const parts = (rest + text).split(end);
    rest = parts.pop() ?? '';
    for (const part of parts) yield { line: ++line, text: withoutReturn(part) };
  }
  rest += decoder.decode();
  if (rest !== '') yield { line: ++line, text: withoutReturn(rest) };
}

const withoutReturn = (text: string) => (text.endsWith('\r') ? text.slice(0, -1) : text);

/** By the byte order mark; without one, by the zero byte that the first letter has in UTF-16. */
async function encodingOf(path: string): Promise<'utf-8' | 'utf-16le' | 'utf-16be'> {
  const file = await open(path).catch((cause: unknown) => {
    throw new PlantroomError('csv-unreadable', `Cannot open ${path}: ${describeError(cause)}.`, { cause });
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead < 2) return 'utf-8';
    const [first = 0, second = 0] = buffer;
    if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
    return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : 'utf-8';
  } finally {
    await file.close();
  }
}
