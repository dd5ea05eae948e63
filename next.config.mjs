import createNextIntlPlugin from 'next-intl/plugin';

const withTexts = createNextIntlPlugin('./app/texts.ts');

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  typescript: { ignoreBuildErrors: true }, // `npm test` type-checks the whole tree once, with the same tsconfig
  serverExternalPackages: ['pino', 'kysely', 'better-auth'],
  devIndicators: false,
};

export default withTexts(config);
