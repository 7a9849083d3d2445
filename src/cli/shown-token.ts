import type { ShownTokenShape } from '../client/management-client.ts';
import { printError, printJson, printLine } from './output.ts';

/** A new token: its text alone on standard output, so that a script can take it. */
export function printShownToken(token: ShownTokenShape, json: boolean): void {
  if (json) return printJson(token);
  printError(`Token ${token.token_id} has been made. It is shown now and never again:`);
  printLine(token.token);
}
