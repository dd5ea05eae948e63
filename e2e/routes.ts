import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';

const UUID = '00000000-0000-4000-8000-000000000000';
const app = join(import.meta.dirname, '../app');

/** An address of every page that `app/` has, with and without the part of a path that may be left out. */
export function pageAddresses(): string[] {
  return routesOf('page.tsx').flatMap(addressesOf).sort();
}

/** An address of every route handler that `app/` has. */
export function handlerAddresses(): string[] {
  return routesOf('route.ts').flatMap(addressesOf).sort();
}

/** Folders of `app/` that hold a file of this name, as paths within it. */
function routesOf(file: string): string[] {
  return globSync(`**/${file}`, { cwd: app }).map(dirname);
}

function addressesOf(folder: string): string[] {
  const parts = folder.split('/').filter((part) => part !== '.' && !/^\(.*\)$/.test(part));
  const withAll = `/${parts.map((part) => (part.startsWith('[') ? UUID : part)).join('/')}`;
  const needed = parts.filter((part) => !part.startsWith('[[...'));
  return needed.length === parts.length ? [withAll] : [withAll, ...addressesOf(needed.join('/'))];
}
