/** The dashboard and the alert rules speak of metrics, labels and values that a running server has. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { callApi, newDni, paths } from '../support/ask.ts';
import { askSocket } from '../support/ask-socket.ts';
import { readMetrics, type Sample } from '../support/metrics.ts';
import { startServer, type TestServer } from '../support/server.ts';

const folder = new URL('../../docs/monitoring/', import.meta.url);
/** Labels that the scrape adds, not the server. */
const addedLabels = ['instance', 'job'];

let server: TestServer;
let samples: Sample[];

before(async () => {
  server = await startServer();
  // Each kind of answer once: what has never been asked has no series yet.
  const agent = { agent_dni: newDni(), agent_name: 'Ana', agent_pass: 'Xkcd7788!' };
  for (const path of [paths.create, paths.edit('10000')]) await callApi(server.port, server.token, path, agent);
  for (const path of [paths.disable, paths.enable]) {
    await callApi(server.port, server.token, path, { agent_id: '10000' });
  }
  await callApi(server.port, server.token, paths.tokenInfo);
  samples = readMetrics((await askSocket(server.dataDir, '/metrics')).text);
});
after(() => server.remove());

/** The expressions of the dashboard's panels. */
function readDashboard(text: string): string[] {
  const { panels } = JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

/** The expressions of the rules: what follows `expr:`, on its line or folded on the lines below. */
function readRules(text: string): string[] {
  return [...text.matchAll(/^( +)expr: (?:>-\n((?:\1 +.*\n)+)|(.*)\n)/gm)].map(([, , folded, plain]) =>
    (folded ?? plain ?? '').replaceAll(/\s+/g, ' ').trim(),
  );
}

interface Selector {
  name: string;
  matchers: { label: string; operator: string; value: string }[];
}

/** The series that an expression names. */
function findSelectors(expression: string): Selector[] {
  return [...expression.matchAll(/\b((?:roster|nodejs|process)_[a-z0-9_]+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', inside = '']) => ({
      name,
      matchers: [...inside.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].map(
        ([, label = '', operator = '', value = '']) => ({
          label,
          operator,
          value,
        }),
      ),
    }),
  );
}

function assertKnown(expression: string): void {
  const selectors = findSelectors(expression);
  assert.ok(selectors.length > 0 || expression.startsWith('up{'), `no metric in ${expression}`);
  for (const { name, matchers } of selectors) {
    const found = samples.filter((sample) => sample.name === name);
    assert.ok(found.length > 0, `there is no metric ${name}`);
    for (const { label, operator, value } of matchers) {
      if (addedLabels.includes(label)) continue;
      const values = found.map(({ labels }) => labels[label]);
      assert.ok(
        values.every((known) => known !== undefined),
        `${name} has no label ${label}`,
      );
      if (operator === '!=') assert.ok(values.includes(value) || value === 'ok', `${name} has no ${label} ${value}`);
      // A status of 5xx or the like may not have happened; alternatives are names, and must all be there.
      const names = /^[a-z_|]+$/.test(value) && operator === '=~' ? value.split('|') : [];
      for (const each of names) assert.ok(values.includes(each), `${name} has no ${label} ${each}`);
    }
  }
  for (const [, list = ''] of expression.matchAll(/\bby \(([^)]*)\)/g)) {
    for (const label of list.split(',').map((part) => part.trim())) {
      const isKnown =
        addedLabels.includes(label) ||
        samples.some((sample) => selectors.some(({ name }) => name === sample.name) && label in sample.labels);
      assert.ok(isKnown, `${label} is no label of what ${expression} is about`);
    }
  }
}

test('every metric, label and name in the dashboard is there', async () => {
  const expressions = readDashboard(await readFile(new URL('grafana-dashboard.json', folder), 'utf8'));
  assert.ok(expressions.length >= 25, `${expressions.length} expressions`);
  for (const expression of expressions) assertKnown(expression);
});

test('every metric, label and name in the alert rules is there', async () => {
  const text = await readFile(new URL('alerts.yml', folder), 'utf8');
  const expressions = readRules(text);
  assert.equal(expressions.length, [...text.matchAll(/^ +- alert: /gm)].length);
  for (const expression of expressions) assertKnown(expression);
  assert.throws(() => assertKnown('rate(roster_nothing_total[5m])'), /there is no metric roster_nothing_total/);
  assert.throws(() => assertKnown('sum by (customer) (roster_writer_queue)'), /customer is no label/);
});

test('every metric of Roster itself is on the dashboard or in a rule, and in the table of the documents', async () => {
  const [dashboard, rules, readme] = await Promise.all(
    ['grafana-dashboard.json', 'alerts.yml', 'README.md'].map((name) => readFile(new URL(name, folder), 'utf8')),
  );
  const families = new Set(
    samples.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')).filter((name) => name.startsWith('roster_')),
  );
  for (const name of families) {
    assert.ok(`${dashboard}${rules}`.includes(name), `${name} is shown nowhere`);
    assert.ok(readme?.includes(`\`${name}\``), `${name} is not described`);
  }
  for (const [, name = ''] of (readme ?? '').matchAll(/`(roster_[a-z_]+)`/g)) {
    assert.ok(families.has(name), `${name} is described and does not exist`);
  }
});
