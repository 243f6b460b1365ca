import { messageOf } from '../../errors.js';

/**
 * Returns a package that is installed only where it is needed.
 * @throws Error that names the package and how to install it, with the cause
 */
export async function loadOptional<T>(name: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const reason = messageOf(cause).split('\n')[0];
    throw new Error(`missing package: ${name} (${purpose} need it: npm install ${name}); ${reason}`, {
      cause,
    });
  }
}
