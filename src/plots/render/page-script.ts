/** One data set of a page: its columns and rows. A text in a row is its number in the column's list of texts. */
interface PageSet {
  readonly columns: readonly {
    readonly name: string;
    readonly csvName: string;
    readonly texts: readonly string[] | null;
  }[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** A compiled specification without its data. */
interface PageSpec {
  readonly data: { name: string; values?: unknown }[];
}

/** The content of a page, as JSON in its element `figure`. */
interface PageData {
  readonly name: string;
  readonly wide: PageSpec;
  readonly narrow: PageSpec | null;
  /** Width of the wide drawing, in pixels; null for that of its layout. */
  readonly width: number | null;
  /** Whether the names of the legend can be picked. */
  readonly picks: boolean;
  /** The colours that stand for the light ones on a dark page; null where the figure keeps its own. */
  readonly dark: Readonly<Record<string, string>> | null;
  readonly data: Readonly<Record<string, PageSet>>;
  readonly spec: object;
}

interface View {
  toSVG(): Promise<string>;
  toCanvas(scale: number): Promise<HTMLCanvasElement>;
}

type Embed = (
  element: HTMLElement,
  spec: object,
  options: object,
) => Promise<{ readonly view: View; finalize(): void }>;

/**
 * Draws a page's figure in the layout that fits the window and the colours of the page. Below it are the buttons to
 * save it. The page has the text of this function, so it uses nothing from outside but the browser and `vegaEmbed`.
 */
export function runPage(): void {
  const element = (id: string): HTMLElement => {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`the page has no ${id}`);
    return found;
  };
  const page = JSON.parse(element('figure').textContent ?? '') as PageData;
  const drawing = element('drawing');
  const narrow = window.matchMedia('(max-width: 680px)');
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const embed = (window as unknown as { readonly vegaEmbed: Embed }).vegaEmbed;
  let drawn: Awaited<ReturnType<Embed>> | undefined;

  const valuesOf = ({ rows, columns }: PageSet) =>
    rows.map((row) =>
      row.map((value, i) => {
        const texts = columns[i]?.texts;
        return texts ? (texts[value as number] ?? null) : value;
      }),
    );

  const rowsOf = (set: PageSet) =>
    valuesOf(set).map((row) => Object.fromEntries(set.columns.map(({ name }, i) => [name, row[i]])));

  /** Returns a copy of a specification, with dark colours where the page is dark. */
  function inTheme<T>(spec: T, colours: Readonly<Record<string, string>>): T {
    const isColour = /color$|^(?:stroke|fill|background|range|value|signal)$/i;
    const copy = (value: unknown, key: string): unknown => {
      if (typeof value === 'string')
        return isColour.test(key) && Object.hasOwn(colours, value) ? colours[value] : value;
      if (Array.isArray(value)) return value.map((item) => copy(item, key));
      if (typeof value !== 'object' || value === null) return value;
      if ('interpolate' in value) return structuredClone(value);
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item, name)]));
    };
    return copy(spec, '') as T;
  }

  async function draw(): Promise<void> {
    const turned = dark.matches && page.dark !== null;
    const small = narrow.matches && page.narrow !== null;
    const spec = inTheme(
      small && page.narrow ? page.narrow : page.wide,
      turned && page.dark ? page.dark : {},
    );
    drawing.classList.toggle('turned', turned);
    for (const set of spec.data) {
      const own = page.data[set.name];
      if (set.values === null && own) set.values = rowsOf(own);
    }
    drawn?.finalize();
    drawn = await embed(drawing, spec, {
      mode: 'vega',
      renderer: 'svg',
      actions: false,
      defaultStyle: true,
      tooltip: { offsetX: 16, offsetY: 12 },
    });
    const svg = drawing.querySelector('svg');
    if (svg && page.width !== null && !small) svg.style.width = `${page.width}px`;
    if (page.picks) for (const name of drawing.querySelectorAll('.role-legend-label text')) makeButton(name);
    document.documentElement.dataset['drawn'] = 'yes';
  }

  /** Lets the keyboard pick a name; Vega's legends support only the mouse. */
  function makeButton(name: Element): void {
    name.setAttribute('tabindex', '0');
    name.setAttribute('role', 'button');
    name.setAttribute('aria-label', name.textContent ?? '');
    name.addEventListener('keydown', (event) => {
      const { key, shiftKey } = event as KeyboardEvent;
      if (key !== 'Enter' && key !== ' ') return;
      event.preventDefault();
      const { x, y, width, height } = name.getBoundingClientRect();
      const at = { clientX: x + width / 2, clientY: y + height / 2, shiftKey };
      name.dispatchEvent(new MouseEvent('click', { bubbles: true, ...at }));
    });
  }

  function csvOf(set: PageSet): string {
    const cell = (value: unknown) => {
      const text = value === null || value === undefined ? '' : String(value);
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const head: unknown[] = set.columns.map((column) => column.csvName);
    return [head, ...valuesOf(set)].map((row) => `${row.map(cell).join(',')}\n`).join('');
  }

  /** The drawing as it stands, with what was picked, its fonts inside. */
  async function svgText(): Promise<string> {
    const svg = (await drawn?.view.toSVG()) ?? '';
    const fonts = `<defs><style>${element('fonts').textContent}</style></defs>`;
    return svg.replace(/^<svg[^>]*>/, (opening) => opening + fonts);
  }

  function save(file: string, blob: Blob | null): void {
    if (blob === null) return;
    const link = document.createElement('a');
    link.download = file;
    link.href = URL.createObjectURL(blob);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  function button(label: string, action: () => Promise<void>): void {
    const it = document.createElement('button');
    it.type = 'button';
    it.textContent = label;
    it.addEventListener('click', () => void action());
    element('downloads').append(it);
  }

  function offer(label: string, file: string, type: string, text: string): void {
    const link = document.createElement('a');
    link.textContent = label;
    link.download = file;
    link.href = URL.createObjectURL(new Blob([text], { type }));
    element('downloads').append(link);
  }

  button('Save SVG', async () =>
    save(`${page.name}.svg`, new Blob([await svgText()], { type: 'image/svg+xml' })),
  );
  button('Save PNG', async () => {
    const canvas = await drawn?.view.toCanvas(2);
    canvas?.toBlob((blob) => save(`${page.name}.png`, blob), 'image/png');
  });
  const sets = Object.entries(page.data);
  for (const [name, set] of sets) {
    const [label, file] = sets.length === 1 ? ['Data', page.name] : [`Data: ${name}`, `${page.name}-${name}`];
    offer(`${label} (CSV)`, `${file}.csv`, 'text/csv', csvOf(set));
  }
  const datasets = Object.fromEntries(sets.map(([name, set]) => [name, rowsOf(set)]));
  const whole = JSON.stringify({ ...page.spec, datasets }, null, 2);
  offer('Specification (Vega-Lite)', `${page.name}.vl.json`, 'application/json', whole);

  narrow.addEventListener('change', () => void draw());
  dark.addEventListener('change', () => void draw());
  // a font is else loaded when first drawn with, which is after it was measured
  Promise.all([...document.fonts].map((font) => font.load()))
    .then(draw)
    .catch((error: Error) => {
      drawing.textContent = `The figure could not be drawn: ${error.message}`;
    });
}
