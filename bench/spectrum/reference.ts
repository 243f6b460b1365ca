import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What numpy or torch answered to one timed call. */
export interface Timing {
  milliseconds: number;
  value: number | number[];
}

/** A Python process that times numpy and torch, one thread each; undefined where there is no numpy. */
export class Reference {
  private readonly lines: AsyncIterator<string>;

  private constructor(private readonly process: ChildProcessWithoutNullStreams) {
    // a missing Python shows as an end of its output
    process.on('error', () => undefined);
    process.stdin.on('error', () => undefined);
    this.lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  static start(python: string): Reference {
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      OPENBLAS_NUM_THREADS: '1',
      OMP_NUM_THREADS: '1',
      MKL_NUM_THREADS: '1',
    };
    // these make OpenBLAS take another processor's code
    delete environment['OPENBLAS_CORETYPE'];
    delete environment['OPENBLAS_L2_SIZE'];
    const script = join(__dirname, 'reference.py');
    return new Reference(spawn(python, [script], { env: environment, stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  /** Hands a float32 file over; the functions that can be timed, none where Python or numpy is missing. */
  async load(path: string, rows: number, columns: number): Promise<{ names: string[]; versions: object }> {
    return (
      (await this.ask<{ names: string[]; versions: object }>({ load: path, rows, columns })) ?? {
        names: [],
        versions: {},
      }
    );
  }

  async time(name: string): Promise<Timing> {
    const answer = await this.ask<Timing>({ time: name });
    if (answer === undefined) throw new Error(`the Python process ended while timing ${name}`);
    return answer;
  }

  stop(): void {
    this.process.kill();
  }

  private async ask<T>(request: object): Promise<T | undefined> {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    return done ? undefined : (JSON.parse(value) as T);
  }
}
