/**
 * Runs the program in one process for each command line of a JSON list on standard input. Writes the output and exit
 * code of each as JSON. It is meant for command lines that are refused: modules take a second to load, but only once.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const program = pathToFileURL(process.argv[2]).href;
const commandLines = JSON.parse(readFileSync(0, 'utf8'));
const own = { stdout: process.stdout.write.bind(process.stdout), exit: process.exit };
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0); // each run of the program adds one

const results = [];
for (const [i, args] of commandLines.entries()) {
  const result = { stdout: '', stderr: '', status: 0 };
  for (const stream of ['stdout', 'stderr']) {
    process[stream].write = (text) => {
      result[stream] += text;
      return true;
    };
  }
  // the program's last act
  process.exit = (status) => {
    result.status = status;
  };
  process.argv = [process.argv[0], process.argv[1], ...args];
  await import(`${program}?${i}`);
  results.push(result);
}
own.stdout(JSON.stringify(results), () => own.exit(0));
