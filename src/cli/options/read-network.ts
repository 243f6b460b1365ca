import { invalid } from '../../errors.js';
import { inFile } from '../../files/in-file.js';
import { readJson } from '../../files/parse-json.js';
import { networkFromJson } from '../../networks/network-json.js';
import { networkNameFormats, networkNamed, usualNetworks } from '../../networks/network-named.js';
import type { Network } from '../../networks/network.js';
import { withSettings, type NetworkSettings } from '../../networks/network-settings.js';

/** The operand of commands that take networks. */
export const networkOperand = {
  describe: `JSON files, or ${networkNameFormats.join(', ')}; W and D are factors, C channels`,
  values: usualNetworks,
};

/**
 * Returns the network of a name (see `networkNameFormats`) or of a file whose name ends in `.json`.
 * @throws RangeError for an unknown name, a file that cannot be read, or a file that does not describe a network
 */
export async function readNetwork(nameOrPath: string, settings: NetworkSettings = {}): Promise<Network> {
  if (!nameOrPath.endsWith('.json')) return networkNamed(nameOrPath, settings);
  const value = await readJson('network file', nameOrPath);
  return withSettings(
    inFile(nameOrPath, () => networkFromJson(value)),
    settings,
  );
}

/** Returns the settings of the flags `--resolution` and `--classes`. */
export function settingsOf(flags: {
  resolution?: string | undefined;
  classes?: string | undefined;
}): NetworkSettings {
  return {
    resolution: numberOf('resolution', flags.resolution),
    classes: numberOf('classes', flags.classes),
  };
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw invalid(flag, text, 'a whole number');
  return Number(text);
}
