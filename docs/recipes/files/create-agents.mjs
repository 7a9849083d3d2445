/**
 * Creates the agents of a CSV file, one by one: node create-agents.mjs agents.csv created.csv
 *
 * Columns in this order: agent_dni, agent_name, agent_sso (may be empty). Run it again after a break, with the same two
 * files: rows that are in created.csv are left out, and a create whose answer was lost gets the first answer again.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { call, RosterError } from './roster.mjs';

const [source, target] = process.argv.slice(2);
const done = new Set(existsSync(target) ? readRows(target).map(([dni]) => dni) : []);
let refused = 0;
// Passwords go into this file: only its owner may read it.
const out = openSync(target, 'a', 0o600);
if (fstatSync(out).size === 0) writeSync(out, 'agent_dni,agent_id,password\n');

for (const [rawDni, name, sso = ''] of readRows(source)) {
  const dni = rawDni.trim();
  if (done.has(dni)) continue;
  const body = { agent_dni: dni, agent_name: name, agent_sso: sso };
  try {
    const { answer } = await call(
      'POST',
      'configuration.php?api=create_agent',
      body,
      `import-${encodeURIComponent(dni)}`,
    );
    const [{ agent_id: agentId, password }] = answer.data;
    writeSync(out, `${[dni, agentId, password].map(quote).join(',')}\n`);
    fsyncSync(out);
    done.add(dni);
  } catch (error) {
    // The token: no other row will fare better.
    if (!(error instanceof RosterError) || error.status === 401 || error.status === 403) throw error;
    refused += 1;
    console.error(`${dni}: ${error.message}`);
  }
}
closeSync(out);
console.log(`${done.size} agents are in ${target}, ${refused} rows were refused`);
process.exitCode = refused === 0 ? 0 : 1;

/** The rows of a CSV file (RFC 4180) below its first line. */
function readRows(file) {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.slice(1).filter((row) => row.some((cell) => cell !== ''));
}

function quote(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
