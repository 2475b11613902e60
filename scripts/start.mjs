/** `npm start`: packages first, then everything else. */
import { bringPackages } from './packages.mjs';

bringPackages();
const { register } = await import('tsx/esm/api');
register();
await import('../engine-adapters/launcher/main.ts');
