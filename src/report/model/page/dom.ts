type Child = Node | string;
type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Makers of the elements of a page. Texts become text nodes, so that no name of a file is read as markup. */
export interface Dom {
  html<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    attributes?: Attributes,
    ...children: readonly Child[]
  ): HTMLElementTagNameMap[K];
  svg<K extends keyof SVGElementTagNameMap>(
    tag: K,
    attributes?: Attributes,
    ...children: readonly Child[]
  ): SVGElementTagNameMap[K];
  /**
   * Returns a name as a reader can see it, isolated from the direction of the text around it. If `full` is longer, it
   * appears under the pointer.
   */
  name(text: string, characters?: number, full?: string): HTMLElement;
  /** Returns a name in one line of plain text, for places that hold no elements. */
  plainName(text: string, characters?: number): string;
  /** Returns a number with thousands marked, or in `digits` significant digits. */
  number(value: number, digits?: number): string;
  percent(share: number): string;
  /** Returns a heading, with the view that it belongs to. */
  titled(view: string, words: string): string;
  button(label: string, action: () => void): HTMLButtonElement;
  /** Returns an entry of a legend. */
  key(kind: string, words: string): HTMLElement;
  /** Returns the width available for a drawing in an element, in pixels. */
  widthOf(element: Element): number;
}

/** Returns the makers of elements. The page has the text of this function. */
export function makeDom(): Dom {
  const filled = <E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E => {
    for (const [key, value] of Object.entries(attributes))
      if (value !== false) element.setAttribute(key, value === true ? '' : String(value));
    element.append(...children);
    return element;
  };

  /** Both ends of a long text, whole characters of it. */
  const cut = (text: string, characters: number): string => {
    if (text.length <= characters) return text;
    const all = [...text.slice(0, 2 * characters), ...text.slice(-2 * characters)];
    const head = Math.floor(characters / 3);
    return `${all.slice(0, head).join('')}…${all.slice(head + 1 - characters).join('')}`;
  };

  /** Spaces and marks that nobody sees, by their numbers. */
  const seen = (text: string): string => {
    if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) return text;
    if (text === '') return '(no name)';
    const codes = [...text].slice(0, 8).map((it) => `U+${it.codePointAt(0)!.toString(16).padStart(4, '0')}`);
    return `(${codes.join(' ')})`;
  };

  const html: Dom['html'] = (tag, attributes = {}, ...children) =>
    filled(document.createElement(tag), attributes, children);

  return {
    html,
    svg: (tag, attributes = {}, ...children) =>
      filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children),
    name(text, characters = Infinity, full = text) {
      const shown = cut(seen(text), characters);
      const element = filled(document.createElement('bdi'), {}, [shown]);
      if (shown !== seen(full)) element.title = full.slice(0, 500);
      if (seen(text) !== text) element.className = 'unseen';
      return element;
    },
    plainName: (text, characters = 60) => `\u2068${cut(seen(text), characters).replace(/\s+/g, ' ')}\u2069`,
    number: (value, digits) =>
      digits === undefined || Number.isInteger(value) || Math.abs(value) >= 1000
        ? Math.round(value).toLocaleString('en-US')
        : String(Number(value.toPrecision(digits))),
    titled: (view, words) => (view === '' ? words : `${view}: ${words.toLowerCase()}`),
    button(label, action) {
      const it = html('button', { type: 'button' }, label);
      it.addEventListener('click', action);
      return it;
    },
    key: (kind, words) => html('span', {}, html('i', { class: `key ${kind}` }), words),
    widthOf: (element) => Math.max(240, Math.floor(element.getBoundingClientRect().width) || 720),
    percent: (share) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`,
  };
}
