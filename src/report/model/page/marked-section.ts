import type { PageLayer, PageView } from '../page-report.js';
import type { Dom } from './dom.js';

/**
 * Makes the list of the layers to look at, the least used first, each with its reasons. The page has the text of this
 * function.
 * @param link returns a button that opens a layer
 */
export function markedSection(
  { html, number, button, titled }: Dom,
  { id, title, layers, marks }: PageView,
  link: (place: number) => HTMLElement,
): HTMLElement {
  const SHOWN = 12;
  interface Marked {
    readonly layer: PageLayer;
    readonly place: number;
  }
  const marked = layers
    .map((layer, place): Marked => ({ layer, place }))
    .filter(({ layer }) => layer.marks.length > 0)
    .sort((a, b) => a.layer.used - b.layer.used || a.place - b.place);
  const card = ({ layer, place }: Marked) => {
    const tags = layer.marks.map((mark) => html('span', { class: 'mark' }, marks[mark]!.label));
    return html('li', {}, html('p', {}, link(place), ' ', ...tags), html('p', {}, layer.lead.join(' ')));
  };
  const list = html('ol', { class: 'cards' }, ...marked.slice(0, SHOWN).map(card));
  const all = button(`Show all ${number(marked.length)}`, () => {
    const cards = marked.slice(SHOWN).map(card);
    list.append(...cards);
    all.remove();
    cards[0]?.querySelector('button')?.focus();
  });
  return html(
    'section',
    { id: `${id}-marked`, 'aria-labelledby': `${id}-marked-heading` },
    html('h2', { id: `${id}-marked-heading` }, titled(title, 'Layers to look at')),
    html(
      'p',
      { class: 'quiet' },
      marked.length === 0
        ? `No layer is marked for ${marks.map(({ label }) => label).join(' or ')}.`
        : 'The least used first. The rules are at the end of the page.',
    ),
    list,
    ...(marked.length > SHOWN ? [html('p', {}, all)] : []),
  );
}
