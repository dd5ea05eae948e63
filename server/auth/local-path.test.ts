import { expect, it } from 'vitest';
import { localPath } from './local-path.ts';

it.each([
  ['/', '/'],
  ['/guests/alpha/web-1?disk=vda', '/guests/alpha/web-1?disk=vda'],
  ['/apis', '/apis'],
])('leads to %s', (wanted, path) => {
  expect(localPath(wanted)).toBe(path);
});

it.each([
  null,
  undefined,
  '',
  'guests',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '\\\\evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/api/auth/sign-out',
  '/api',
  '/sign-in?token=x',
  '/sign-in/',
])('leads to the front page in place of %j', (wanted) => {
  expect(localPath(wanted)).toBe('/');
});
