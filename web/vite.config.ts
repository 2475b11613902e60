import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));
const api = process.env.API_URL ?? 'http://localhost:8080';

/**
 * Serves the character maps that pdf.js needs for Chinese PDFs without embedded encodings, and the fonts for PDFs
 * without embedded fonts, below `/pdfjs/`.
 */
function pdfjsAssets(): Plugin {
  const folders = ['cmaps', 'standard_fonts'];
  const source = resolve(root, '../node_modules/pdfjs-dist');
  return {
    name: 'pdfjs-assets',
    configureServer(server) {
      server.middlewares.use('/pdfjs', (req, res, next) => {
        const [, folder, file] = (req.url ?? '').split('/');
        if (!folder || !file || !folders.includes(folder) || file.includes('..')) return next();
        createReadStream(join(source, folder, file))
          .on('error', next)
          .pipe(res);
      });
    },
    generateBundle() {
      for (const folder of folders)
        for (const file of readdirSync(join(source, folder)))
          this.emitFile({
            type: 'asset',
            fileName: `pdfjs/${folder}/${file}`,
            source: readFileSync(join(source, folder, file)),
          });
    },
  };
}

export default defineConfig({
  root,
  plugins: [vue(), pdfjsAssets()],
  define: {
    __VUE_OPTIONS_API__: true, // Element Plus
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  server: { proxy: { '/api': api } },
  build: {
    outDir: resolve(root, '../dist/web'),
    emptyOutDir: true,
    // The content security policy allows neither data: scripts nor inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
