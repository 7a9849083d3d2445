/** Bars of text. */
import { formatCount } from './format.ts';
import type { Line } from './summary.ts';

const barWidth = 50;
const groups: readonly (readonly [string, readonly string[]])[] = [
  ['Assigned passwords, creates a second', ['assigned', 'no-store', 'slow-sync', 'rows', 'bare-rows']],
  ['Chosen passwords, creates a second', ['chosen', 'hash-rate']],
];

/** A bar for each line's median, to one scale within a group. */
export function plotLines(lines: readonly Line[]): string {
  return groups
    .map(([title, kinds]) =>
      plotGroup(
        title,
        lines.filter(({ name }) => kinds.includes(name.replace(/-\d+$/, ''))),
      ),
    )
    .filter((plot) => plot !== '')
    .join('\n\n');
}

function plotGroup(title: string, lines: readonly Line[]): string {
  if (lines.length === 0) return '';
  const longest = Math.max(...lines.map(({ perSecond }) => perSecond.median));
  const nameWidth = Math.max(...lines.map(({ name }) => name.length));
  const bars = lines.map(({ name, perSecond: { median } }) => {
    const bar = '█'.repeat(Math.max(1, Math.round((median / longest) * barWidth)));
    return `${name.padEnd(nameWidth)}  ${bar} ${formatCount(median)}`;
  });
  return [title, ...bars].join('\n');
}
