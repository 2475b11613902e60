import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const programs = ['api', 'workers', 'release', 'demo', 'demo-cases'];

/** Modules go on finding the files beside their sources. */
function ownPlace(): Plugin {
  return {
    name: 'own-place',
    transform: {
      filter: { id: /\.ts$/, code: /import\.meta\.url/ },
      handler: (code, id) => ({
        code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
        map: null,
      }),
    },
  };
}

/** One file for hundreds of modules; packages stay where they are. */
export default defineConfig({
  root,
  plugins: [ownPlace()],
  build: {
    ssr: true,
    target: 'node20',
    outDir: resolve(root, '../dist/server'),
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: Object.fromEntries(programs.map((name) => [name, resolve(root, `src/main/${name}.ts`)])),
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
