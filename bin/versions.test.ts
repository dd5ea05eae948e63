import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Files that read a host's versions, or show them. */
const MAY_NAME_VERSIONS = [
  'components/hosts/add-host.tsx',
  'components/hosts/host-list.tsx',
  'model/fleet/capabilities.ts',
  'server/api/context.ts',
  'server/hosts/fleet/supervisor.ts',
  'server/services/fleet-service.ts',
];

test('only the capabilities are decided by a version', () => {
  const sources = globSync('{app,components,model,server}/**/*.{ts,tsx}').filter(isSource);
  const naming = sources.filter((file) => /libvirtVersion|qemuVersion/.test(readFileSync(file, 'utf8')));
  expect(naming.toSorted()).toEqual(MAY_NAME_VERSIONS);
});

const isSource = (file: string) => !/\.test\.tsx?$|(^|\/)testing(\/|\.ts$)/.test(file);
