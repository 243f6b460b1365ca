import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Python process that answers one request after the other, with undefined where there is no PyTorch. */
export function startTorch<Answer>(python: string, script: string) {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...environment } = process.env;
  const child = spawn(python, [join(__dirname, script)], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    ask: async (request: object) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value } = (await lines.next()) as { value?: string };
      return value === undefined ? undefined : (JSON.parse(value) as Answer);
    },
    end: () => child.stdin.end(),
  };
}
