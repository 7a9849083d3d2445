/** The page at /docs in a real browser: it renders, tries requests against this very server, and asks no other host. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { callApi, paths } from '../support/ask.ts';
import { launchBrowser } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/server.ts';

const create = '#operations-configuration-create_agent';
const edit = '#operations-configuration-edit_agent';

let server: TestServer;
let browser: Browser;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
after(async () => {
  await browser.close();
  await server.remove();
});

interface Visit {
  page: Page;
  /** Hosts that were asked for anything. */
  hosts: Set<string>;
  /** What the browser complained of: scripts that failed, and what the policy kept out. */
  complaints: string[];
}

async function visit(width: number, height: number): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(20_000);
  const hosts = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(`${server.url}/docs`);
  await page.waitForSelector(create);
  return { page, hosts, complaints };
}

async function enterToken(page: Page): Promise<void> {
  await page.click('button.authorize');
  await page.fill('.modal-ux input', server.token);
  await page.click('.modal-ux button.authorize');
  await page.click('.modal-ux .btn-done');
}

async function execute(page: Page, operation: string): Promise<string> {
  await page.click(`${operation} .execute`);
  const answer = await page.waitForSelector(`${operation} .live-responses-table tr.response td.response-col_status`);
  return (await answer.textContent()) ?? '';
}

test('shows every api, and asks no host but its own', async () => {
  const { page, hosts, complaints } = await visit(1280, 900);
  const shown = await page.$$eval('.opblock-summary-path', (elements) =>
    elements.map((element) => (element.textContent ?? '').replaceAll('\u200B', '')),
  );
  assert.deepEqual(shown, [
    paths.create,
    '/api/v2/configuration.php?api=edit_agent',
    paths.enable,
    paths.disable,
    paths.agents,
    paths.tokenInfo,
  ]);
  await page.click(`${create} .opblock-summary-control`);
  await page.waitForSelector(`${create} .responses-table`);
  assert.deepEqual([...hosts], [`127.0.0.1:${server.port}`]);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('tries create_agent and edit_agent with a token', async () => {
  const { page, hosts, complaints } = await visit(1280, 900);
  await enterToken(page);
  await page.click(`${create} .opblock-summary-control`);
  assert.match(await execute(page, create), /^201/);
  await page.click(`${edit} .opblock-summary-control`);
  await page.fill(`${edit} .parameters input[placeholder=agent_id]`, '10000');
  await page.fill(`${edit} textarea.body-param__text`, '{"agent_name": "Eva"}');
  assert.match(await execute(page, edit), /^202/);
  const { data } = (await callApi(server.port, server.token, paths.agents)).json() as {
    data: Record<string, string>[];
  };
  assert.deepEqual(
    data.map(({ agent_id, agent_name }) => [agent_id, agent_name]),
    [['10000', 'Eva']],
  );
  assert.deepEqual([...hosts], [`127.0.0.1:${server.port}`]);
  assert.deepEqual(complaints, []);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0, 'the token is not kept');
  await page.close();
});

test('fits a phone, opened operations too', async () => {
  const { page, complaints } = await visit(390, 844);
  await page.click(`${create} .opblock-summary-control`);
  await page.waitForSelector(`${create} .responses-table`);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.equal(content, window);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('its policy keeps other hosts and inline scripts out', async () => {
  const { page } = await visit(1280, 900);
  const outcome = await page.evaluate(async (url) => {
    const script = document.createElement('script');
    script.textContent = 'window.wasRun = true';
    document.body.append(script);
    const fetched = await fetch(url, { mode: 'no-cors' }).then(
      () => 'answered',
      () => 'refused',
    );
    return { fetched, wasRun: 'wasRun' in window };
  }, `http://localhost:${server.port}/docs`);
  assert.deepEqual(outcome, { fetched: 'refused', wasRun: false });
  await page.close();
});
