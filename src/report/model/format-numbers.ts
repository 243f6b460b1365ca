/** Returns a whole number with its thousands marked. */
export const whole = (n: number): string => n.toLocaleString('en-US');

/** Returns a number of things: `1 layer`, `1,200 layers`. */
export const count = (n: number, thing: string): string => `${whole(n)} ${thing}${n === 1 ? '' : 's'}`;

/** Returns a number in three to four significant digits. */
export const short = (x: number): string =>
  Math.abs(x) >= 100 && Math.abs(x) < 1e6 ? whole(Math.round(x)) : String(Number(x.toPrecision(3)));

/** Returns a large number in words: `3.47 million`. */
export const wholeShort = (n: number): string =>
  n >= 1e9 ? `${short(n / 1e9)} billion` : n >= 1e6 ? `${short(n / 1e6)} million` : whole(n);
