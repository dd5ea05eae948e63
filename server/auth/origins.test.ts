import { expect, it } from 'vitest';
import { originOfHost, originsOf } from './origins.ts';

const env = (values: Record<string, string>): NodeJS.ProcessEnv => ({ NODE_ENV: 'test', ...values });

it('knows the names of this machine at the port', () => {
  const all = ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'];
  expect(originsOf(env({}))).toEqual({ base: 'http://127.0.0.1:3000', all });
  expect(originsOf(env({ PORT: '8080' })).base).toBe('http://127.0.0.1:8080');
  expect(originsOf(env({ PORT: '80' })).all).toContain('http://localhost');
});

it('makes links with the first of the configured names', () => {
  const { base, all } = originsOf(env({ BACKCHAIN_ORIGIN: 'https://a.example, https://b.example:8443/' }));
  expect(base).toBe('https://a.example');
  expect(all.slice(0, 2)).toEqual(['https://a.example', 'https://b.example:8443']);
  expect(all).toHaveLength(5);
});

it.each(['a.example', 'https://a.example/path', 'ftp://a.example', 'https://', 'https://u@a.example', '*'])(
  'refuses to start with %s for an origin',
  (text) => {
    expect(() => originsOf(env({ BACKCHAIN_ORIGIN: text }))).toThrow(/not an origin\. Write it like/);
  },
);

it('finds the origin that a Host names', () => {
  const origins = originsOf(env({ BACKCHAIN_ORIGIN: 'https://a.example' }));
  expect(originOfHost(origins, 'A.example')).toBe('https://a.example');
  expect(originOfHost(origins, 'localhost:3000')).toBe('http://localhost:3000');
  expect(originOfHost(origins, 'b.example')).toBeNull();
  expect(originOfHost(origins, null)).toBeNull();
});
