import { blank, isTest, type SourceFile, type Violations } from './source-text.ts';

export const limits = { fileLines: 400, fileMedian: 100, functionLines: 80 } as const;

export function checkSizes(files: readonly SourceFile[]): Violations {
  const counted = files.filter((f) => !isTest(f.path) && !f.path.includes('/generated/'));
  return counted.flatMap((file) => [...checkFile(file), ...checkFunctions(file)]);
}

/** The median number of lines, 0 without files. */
export function medianLines(files: readonly SourceFile[]): number {
  const sizes = files
    .filter((f) => !isTest(f.path))
    .map((f) => lineCount(f.text))
    .sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

function checkFile(file: SourceFile): Violations {
  const lines = lineCount(file.text);
  return lines > limits.fileLines ? [`${file.path}: ${lines} lines; at most ${limits.fileLines}`] : [];
}

/**
 * A function begins on a line that ends in `{` and looks like a head, and ends at the next `}` with the same indentation:
 * the formatter guarantees that. A head over several lines counts from its last line.
 */
function checkFunctions(file: SourceFile): Violations {
  const lines = blank(file.text).split('\n');
  return lines.flatMap((line, start) => {
    if (!isFunctionHead(line)) return [];
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    const after = lines.findIndex((l, i) => i > start && l.startsWith(`${indent}}`));
    const length = (after < 0 ? lines.length : after) - start + 1;
    if (length <= limits.functionLines) return [];
    return [`${file.path}:${start + 1}: a function of ${length} lines; at most ${limits.functionLines}`];
  });
}

function isFunctionHead(line: string): boolean {
  const text = line.trim();
  if (!text.endsWith('{') || /^(?:\}\s*)?(?:if|else|for|while|switch|catch|try|do|class|interface)\b/.test(text))
    return false;
  return (
    /\bfunction\b/.test(text) ||
    /=>\s*\{$/.test(text) ||
    /^\)(?::.*)?\s*\{$/.test(text) ||
    /^[\w#*\s]+(?:<.*>)?\(.*\{$/.test(text)
  );
}
