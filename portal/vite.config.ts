import vue from '@vitejs/plugin-vue';
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import components from 'unplugin-vue-components/vite';
import { defineConfig } from 'vite';

/** Where a platform of one's own answers while the portal is worked on: `npm start`, then `npx vite` in this folder. */
const API = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [
    vue(),
    // Only the components that pages use, each with its own styles: all of Element Plus is twice as big.
    components({ dts: false, dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
  ],
  build: {
    target: 'es2022',
    assetsDir: 'assets',
    // Fonts and pictures stay files: the page's policy lets no data: in but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': API } },
});
