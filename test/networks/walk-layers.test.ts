import { describe, expect, it } from 'vitest';
import { addLayer, type LayerProperties } from '../../src/networks/add-layer.js';
import type { LayerSource, NetworkLayer } from '../../src/networks/network-layer.js';
import { walkLayers } from '../../src/networks/walk-layers.js';

const images = { name: 'images', outputShape: [3, 8, 8] } as const;

function layerList() {
  const layers: NetworkLayer[] = [];
  const place = { layers, block: null, prefix: '' };
  const add = (name: string, inputs: readonly LayerSource[], own: Partial<LayerProperties> = {}) =>
    addLayer(place, inputs, { name, kind: 'convolution', role: 'spatial', ...own });
  return { layers, add };
}

describe('walkLayers', () => {
  /** b and c read a, which e reads again; nothing reads d. */
  const diamond = () => {
    const { layers, add } = layerList();
    const a = add('a', [images]);
    const b = add('b', [a]);
    const c = add('c', [a]);
    add('d', [c]);
    add('e', [c, a, b], { kind: 'add' });
    return layers;
  };

  it('gives each layer what it reads, and frees each value once, behind its last reader', () => {
    const events: string[] = [];
    const result = walkLayers(diamond(), 'images', {
      apply: ({ name }, inputs) => `${name}(${inputs.map((input) => input[0]).join('')})`,
      free: (value) => events.push(`free ${value}`),
      visit: (_, output, i) => events.push(`${i} ${output}`),
    });
    expect(result).toBe('e(cab)');
    expect(events).toEqual([
      ...['free images', '0 a(i)', '1 b(a)', '2 c(a)', '3 d(c)', 'free d(c)'],
      ...['free c(a)', 'free a(i)', 'free b(a)', '4 e(cab)'],
    ]);
  });

  it.each(['apply', 'visit'] as const)('frees every value once when %s throws', (where) => {
    const living = new Set(['images']);
    const fail = (name: string) => {
      if (name === 'c') throw new Error('enough');
    };
    const walk = () =>
      walkLayers(diamond(), 'images', {
        apply: ({ name }) => {
          if (where === 'apply') fail(name);
          living.add(name);
          return name;
        },
        free: (value) => expect(living.delete(value)).toBe(true),
        visit: ({ name }) => fail(where === 'visit' ? name : ''),
      });
    expect(walk).toThrow('enough');
    expect([...living]).toEqual([]);
  });

  it('returns the images where there is no layer', () => {
    expect(walkLayers([], 1, { apply: () => 2 })).toBe(1);
  });

  it('refuses layers that read a later or an unknown one, and two of one name', () => {
    const layers = diamond();
    const walk = (list: NetworkLayer[]) => () => walkLayers(list, 0, { apply: () => 0 });
    expect(walk(layers.toReversed())).toThrow(
      /^unknown input of e: c \(allowed: images, an earlier layer\)$/,
    );
    const constructor = { ...layers[0]!, inputs: ['constructor'] };
    expect(walk([constructor])).toThrow(/^unknown input of a: constructor/);
    expect(walk([layers[0]!, layers[0]!])).toThrow(
      /^invalid name of a layer: a \(allowed: one that no other/,
    );
    expect(walk([{ ...layers[0]!, name: 'images' }])).toThrow(/^invalid name of a layer: images/);
  });
});

describe('addLayer', () => {
  it.each<[Partial<LayerProperties>, (one: LayerSource, half: LayerSource) => LayerSource[], RegExp]>([
    [{}, () => [], /^missing inputs of wrong/],
    [
      {},
      (one, half) => [one, half],
      /^invalid inputs of wrong: one \[4, 8, 8\] and half \[4, 4, 4\] .*: one\)$/,
    ],
    [{ kind: 'add' }, (one, half) => [one, half], /allowed: inputs of the same height and width/],
    [{ kind: 'multiply' }, (one, half) => [one, half], /allowed: two, the second of the same shape or/],
    [{ kind: 'multiply' }, (one) => [one, one, one], /allowed: two, /],
    [{ kind: 'depthwise', channels: 8 }, (one) => [one], /allowed: 8 channels/],
  ])('refuses %o with inputs that do not fit', (plan, inputs, message) => {
    const { add } = layerList();
    const one = add('one', [images], { channels: 4 });
    const half = add('half', [one], { stride: 2 });
    expect(() => add('wrong', inputs(one, half), plan)).toThrow(message);
  });
});
