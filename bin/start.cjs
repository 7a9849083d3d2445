/** Runs the command: from its sources in a clone, compiled in the published package. */
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const places = [join(__dirname, '../src/cli/roster.ts'), join(__dirname, '../dist/cli/roster.js')];
const found = places.find((file) => existsSync(file));
if (found === undefined) {
  throw new Error(`Roster is not complete: none of ${places.join(', ')} is there. "npm run pack" makes the package`);
}
void import(pathToFileURL(found).href);
