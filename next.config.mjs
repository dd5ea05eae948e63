import { PHASE_PRODUCTION_SERVER } from 'next/constants.js';

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: true }, // `npm test` type-checks the whole tree once, with the same tsconfig
  serverExternalPackages: ['pino', 'kysely', 'better-auth'],
  devIndicators: false,
  // With it a page that `next dev` compiles for the first time never comes alive: github.com/vercel/next.js/issues/96294
  experimental: { reactDebugChannel: false },
};

/**
 * The plugin says where the texts are to whoever builds. What serves the build has them, and would keep the 24 MB of the
 * compiler that the plugin brings in memory for nothing.
 * @param {string} phase
 */
export default async function configOf(phase) {
  if (phase === PHASE_PRODUCTION_SERVER) return config;
  const { default: createNextIntlPlugin } = await import('next-intl/plugin');
  return createNextIntlPlugin('./app/texts.ts')(config);
}
