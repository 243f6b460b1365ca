import { parentPort, workerData } from 'node:worker_threads';
import { invalid, messageOf } from '../errors.js';
import type { ModelFile } from '../formats/model-file.js';
import { openModel } from '../formats/open-model.js';
import type { WeightMatrix } from '../formats/layers/weight-matrix.js';
import { resolveEngine } from '../spectrum/engines.js';
import type { WeightsAnswer, WeightsRequest, WeightsSetup } from './measure-in-workers.js';
import { measureOrSkip } from './measure-layers.js';
import { selectLayers } from './select-layers.js';

/** A worker thread that measures layers of a model, which it opens itself. */
const { path, pattern, names, settings, engine } = workerData as WeightsSetup;
const port = parentPort!;
const say = (answer: WeightsAnswer) => port.postMessage(answer);
let model: ModelFile | undefined;
let layers: readonly WeightMatrix[] = [];

port.on('message', (request: WeightsRequest) => {
  if (request === 'end') {
    model?.close();
    port.close();
  } else void measure(request.place);
});

void start();

async function start(): Promise<void> {
  const own = resolveEngine().name;
  if (own !== engine) {
    say({ problem: `${own} in place of ${engine}` });
    return;
  }
  try {
    model = await openModel(path);
    ({ layers } = selectLayers(model, pattern));
    if (layers.length !== names.length || layers.some(({ name }, i) => name !== names[i]))
      throw invalid('model file', path, 'the layers that it had when it was opened');
    say('ready');
  } catch (error) {
    say({ error: new RangeError(messageOf(error)) });
  }
}

async function measure(place: number): Promise<void> {
  try {
    say({ place, measured: await measureOrSkip(layers[place]!, settings) });
  } catch (error) {
    say({ error });
  }
}
