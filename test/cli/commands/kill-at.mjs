/**
 * Ends the process by SIGKILL just before its n-th change of a file or folder below a given one. `node --import` loads
 * it before the program. KILL_AT is n, from 1; KILL_BELOW the folder. Figures do not count. So a test can go through
 * all the moments at which a run can be killed. Without KILL_AT the changes are written to standard error.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const files = createRequire(import.meta.url)('node:fs/promises');
const { KILL_AT: at, KILL_BELOW: below } = process.env;
let count = 0;

for (const name of ['link', 'mkdir', 'open', 'rename', 'rm', 'writeFile']) {
  const original = files[name];
  files[name] = (...args) => {
    const path = String(args[0]);
    const changes = name !== 'open' || args[1] === 'w';
    if (changes && path.startsWith(below) && !/curve|spectrum/.test(path)) {
      if (++count === Number(at)) process.kill(process.pid, 'SIGKILL');
      if (at === undefined) process.stderr.write(`${count} ${name} ${path.slice(below.length + 1)}\n`);
    }
    return original(...args);
  };
}
syncBuiltinESMExports();
