/** The certificate and key of the TLS listener: read, checked, and read again when the files change. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { StartError } from '../domain/start-error.ts';

export interface TlsIdentity {
  cert: Buffer;
  key: Buffer;
}

/** How often the files are looked at, in milliseconds. */
const watchInterval = 1000;

/** Reads and checks both files. Throws `StartError`: unreadable, no PEM, not a pair, expired, or not valid yet. */
export function loadTlsIdentity(certificateFile: string, keyFile: string): TlsIdentity {
  const cert = readPem(certificateFile, 'ROSTER_TLS_CERTIFICATE');
  const key = readPem(keyFile, 'ROSTER_TLS_KEY');
  const remedy = 'Put a valid certificate and its key in place.';
  const problem = findProblem(cert, key, certificateFile, keyFile);
  if (problem !== undefined) throw new StartError(problem, remedy);
  return { cert, key };
}

function readPem(file: string, variable: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The file that ${variable} names cannot be read: ${reason}.`, 'Name a file that is there.');
  }
}

function findProblem(cert: Buffer, key: Buffer, certificateFile: string, keyFile: string): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return `${certificateFile} holds no PEM certificate.`;
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return `The key in ${keyFile} is not the key of the certificate in ${certificateFile}.`;
    }
    createSecureContext({ cert, key });
  } catch {
    return `${keyFile} holds no private key that can be used (PEM, without a passphrase).`;
  }
  const now = Date.now();
  if (certificate.validToDate.getTime() <= now)
    return `The certificate in ${certificateFile} expired on ${certificate.validTo}.`;
  if (certificate.validFromDate.getTime() > now)
    return `The certificate in ${certificateFile} is valid only from ${certificate.validFrom} on.`;
  return undefined;
}

export interface TlsWatcher {
  onChange: (identity: TlsIdentity) => void;
  /** Told once for each state of the files that cannot be used. */
  onProblem: (problem: string) => void;
}

/**
 * Looks at both files every second; a change is told once both fit together. Looking at what the paths lead to, not at
 * the files themselves, sees renames and exchanged links too. Gives what ends it.
 */
export function watchTlsIdentity(certificateFile: string, keyFile: string, watcher: TlsWatcher): () => void {
  const fingerprint = (): string =>
    [certificateFile, keyFile]
      .map((file) => {
        const stats = statSync(file, { throwIfNoEntry: false });
        return stats === undefined ? 'missing' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
      })
      .join(' ');
  let known = fingerprint();
  const timer = setInterval(() => {
    const now = fingerprint();
    if (now === known) return;
    known = now;
    try {
      watcher.onChange(loadTlsIdentity(certificateFile, keyFile));
    } catch (error) {
      watcher.onProblem(error instanceof Error ? error.message : String(error));
    }
  }, watchInterval);
  return () => clearInterval(timer);
}
