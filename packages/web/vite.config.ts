import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite packages/web` finds the API while developing; `npm run build` needs none. */
const api = process.env.PLANTROOM_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/api': api } },
  build: {
    target: 'es2024',
    // The vocabulary is entered whole, but the browser needs its tables only: schemas nobody reads are left out.
    rolldownOptions: {
      treeshake: {
        moduleSideEffects: (id) => !/packages\/(?:model|operations)\/src\//.test(id.replaceAll('\\', '/')),
        manualPureFunctions: ['z'],
      },
    },
  },
});
