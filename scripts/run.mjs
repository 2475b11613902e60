/** `node scripts/run.mjs FILE args…`: runs a TypeScript program of the project, packages first. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bringPackages, root } from './packages.mjs';

bringPackages();
const { register } = await import('tsx/esm/api');
register();
process.argv = [process.argv[0], resolve(root, process.argv[2]), ...process.argv.slice(3)];
await import(pathToFileURL(process.argv[1]).href);
