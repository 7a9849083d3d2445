/** To which part of the server a sample of the profiler belongs. */

export interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

export const idleArea = 'idle';
export const commitArea = 'begin and commit (the log written and synced)';

const special: Readonly<Record<string, string>> = {
  '(idle)': idleArea,
  '(garbage collector)': 'garbage collector',
  '(program)': 'outside JavaScript',
};

/** What begins an area; all other functions of Node, and what is not JavaScript, belong to whoever calls them. */
const places: readonly (readonly [RegExp, string])[] = [
  [/\/src\/platform\/logger/, 'log'],
  [/\/src\/(\w+)\//, 'src/$1'],
  [/\/src\/[\w-]+\.ts/, 'src'],
  [/\/node_modules\/(pino|sonic-boom|fast-safe-stringify|quick-format-unescaped)/, 'log'],
  [/\/node_modules\/(better-sqlite3|kysely)/, 'src/store'],
  [/\/node_modules\/(prom-client|@opentelemetry)/, 'metrics and traces'],
  [/\/node_modules\//, 'fastify'],
  [
    /^node:(_http|net$|_stream|internal\/streams|internal\/stream_base|internal\/http|events)/,
    'HTTP and sockets of Node',
  ],
  [/^node:internal\/(worker|per_context\/messageport)/, 'messages between threads'],
  [/^node:(internal\/(process|timers|async_hooks|abort)|timers|async_hooks)/, 'event loop of Node'],
];

/** Commits are statements like others, but for who runs them. */
function isCommit({ callFrame }: ProfileNode, parent: ProfileNode | undefined): boolean {
  return callFrame.url.includes('/src/store/') && callFrame.functionName === '' && isNamed(parent, 'runBatch');
}

function isNamed(node: ProfileNode | undefined, name: string): boolean {
  return node?.callFrame.functionName === name;
}

export function findArea(node: ProfileNode, parentOf: (node: ProfileNode) => ProfileNode | undefined): string {
  const { functionName, url } = node.callFrame;
  const known = special[functionName];
  if (known !== undefined) return known;
  const parent = parentOf(node);
  if (isCommit(node, parent)) return commitArea;
  for (const [pattern, area] of places) {
    const match = pattern.exec(url);
    if (match !== null) return area.replace('$1', match[1] ?? '');
  }
  return parent === undefined ? 'outside JavaScript' : findArea(parent, parentOf);
}
