/** Looks for what the tests need beside Node, and installs what is missing where that is possible. */
import { spawnSync } from 'node:child_process';

interface Prerequisite {
  what: string;
  /** A command that succeeds where it is there. */
  check: readonly string[];
  /** Debian's packages that bring it. */
  packages: readonly string[];
}

const prerequisites: readonly Prerequisite[] = [
  { what: 'openssl, for the certificates of the TLS tests', check: ['openssl', 'version'], packages: ['openssl'] },
  {
    what: 'PHP with cURL, for the sample of the public documentation',
    check: ['php', '-r', 'exit(function_exists("curl_init") ? 0 : 1);'],
    packages: ['php-cli', 'php-curl'],
  },
  { what: 'Chromium, for the tests of pages', check: ['chromium', '--version'], packages: ['chromium'] },
  { what: 'curl and jq, for the recipes', check: ['sh', '-c', 'curl -V && jq -V'], packages: ['curl', 'jq'] },
  {
    what: 'Python 3.9 or newer, for the recipes',
    check: ['python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 9))'],
    packages: ['python3'],
  },
  {
    what: 'a C compiler, for the disk that fails on request',
    check: ['sh', '-c', 'echo "#include <stdio.h>" | cc -E - >/dev/null'],
    packages: ['gcc', 'libc6-dev'],
  },
];

function succeeds([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function run(command: readonly string[]): boolean {
  const [program = '', ...args] = command;
  return (
    spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0
  );
}

/** Throws, naming the packages and the command, when something is missing and cannot be installed. */
export function ensurePrerequisites(): void {
  const missing = prerequisites.filter(({ check }) => !succeeds(check));
  if (missing.length === 0) return;
  const packages = missing.flatMap((entry) => entry.packages);
  for (const { what } of missing) console.log(`Missing: ${what}`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const canInstall = succeeds(['apt-get', '--version']) && (asRoot.length === 0 || succeeds(['sudo', '-n', 'true']));
  if (canInstall) {
    console.log(`Installing ${packages.join(' ')} with apt-get …`);
    run([...asRoot, 'apt-get', 'update', '-q']);
    run([...asRoot, 'apt-get', 'install', '-y', '-q', ...packages]);
  }
  const still = missing.filter(({ check }) => !succeeds(check));
  if (still.length === 0) return;
  throw new Error(
    `The tests need ${still.map(({ what }) => what).join(' and ')}. Install it and run the tests again:\n` +
      `  sudo apt-get install ${still.flatMap((entry) => entry.packages).join(' ')}`,
  );
}
