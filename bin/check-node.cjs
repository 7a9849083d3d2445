/**
 * Ends the process with an explanation where Node is too old to run Roster. It is plain old JavaScript on purpose: it
 * must run where nothing else of Roster does. Everything that starts Roster requires it first.
 */
/* oxlint-disable no-var, no-console, prefer-template */
'use strict';

/** The first Node that runs TypeScript as it is and has all that Roster uses. */
var oldest = [22, 18];

/** The exit code of a Roster that could not start; see `exitCodes` in src/cli/command.ts. */
var unavailable = 4;

/** True where `version`, such as `20.19.0`, is older than the oldest that will do. */
function isTooOld(version) {
  var parts = version.split('.');
  var major = Number(parts[0]);
  return major < oldest[0] || (major === oldest[0] && Number(parts[1]) < oldest[1]);
}

if (isTooOld(process.versions.node)) {
  var lines = [
    'roster: this is Node ' + process.versions.node + ' (' + process.execPath + '); Roster needs 22.18 or newer.',
    'Install Node 24 from https://nodejs.org/en/download, or with your version manager ("nvm install 24",',
    '"fnm install 24", "volta install node@24"), see with "node --version" that it is found, and run this again.',
  ];
  if (require('fs').existsSync(__dirname + '/../src')) {
    lines.push(
      'Or let "npm ci" bring one along: it does for Linux with glibc (x64, arm64) and macOS (arm64), and "npm start",',
    );
    lines.push('"npm test" and "npm run roster -- <command>" find it.');
  }
  console.error(lines.join('\n'));
  process.exit(unavailable);
}
