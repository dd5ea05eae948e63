import { describe, expect, it } from 'vitest';
import { refusal } from './guard.ts';
import { originsOf } from './origins.ts';

const origins = originsOf({
  NODE_ENV: 'test',
  PORT: '3000',
  BACKCHAIN_ORIGIN: 'https://backchain.example.org, http://vmhost.lan:8080',
});

function codeOf(method: string, path: string, headers: Record<string, string>): string | null {
  return refusal({ method, path, headers: new Headers(headers) }, origins)?.code ?? null;
}

describe('guard', () => {
  it.each([
    '127.0.0.1:3000',
    'localhost:3000',
    'LOCALHOST:3000',
    '[::1]:3000',
    'backchain.example.org',
    'vmhost.lan:8080',
  ])('answers to %s', (name) => {
    expect(codeOf('GET', '/', { host: name })).toBeNull();
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost',
    'localhost:3001',
    'localhost:3000.evil.example',
    '127.0.0.1.nip.io:3000',
    'backchain.example.org:3000',
    'vmhost.lan',
    '',
  ])('does not answer to the name "%s", on any path', (name) => {
    for (const path of ['/', '/api/trpc/hosts.list', '/api/auth/get-session', '/sign-in']) {
      expect(codeOf('GET', path, { host: name })).toBe('HOST_UNKNOWN');
    }
  });

  it('does not answer without a Host', () => {
    expect(codeOf('GET', '/', {})).toBe('HOST_UNKNOWN');
  });

  const host = '127.0.0.1:3000';

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])('wants an own Origin for %s', (method) => {
    for (const path of ['/', '/api/trpc/operations.start', '/api/auth/sign-in/username']) {
      expect(codeOf(method, path, { host })).toBe('ORIGIN_MISSING');
      for (const origin of [
        'https://evil.example',
        'null',
        'http://127.0.0.1:3001',
        'https://127.0.0.1:3000',
      ]) {
        expect(codeOf(method, path, { host, origin })).toBe('ORIGIN_UNKNOWN');
      }
      expect(codeOf(method, path, { host, origin: 'http://127.0.0.1:3000' })).toBeNull();
      expect(codeOf(method, path, { host, origin: 'https://backchain.example.org' })).toBeNull();
    }
  });

  it('lets other sites link to a page, but not read from the API', () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { host, 'sec-fetch-site': site };
      expect(codeOf('GET', '/guests/alpha', headers)).toBeNull();
      expect(codeOf('GET', '/api/trpc/hosts.list', headers)).toBe('CROSS_SITE');
      expect(codeOf('HEAD', '/api/auth/get-session', headers)).toBe('CROSS_SITE');
    }
    for (const site of ['same-origin', 'none']) {
      expect(codeOf('GET', '/api/trpc/hosts.list', { host, 'sec-fetch-site': site })).toBeNull();
    }
  });

  it('says what to do about an unknown name or origin', () => {
    const strange = new Headers({ host: 'vm.example' });
    const refused = refusal({ method: 'GET', path: '/', headers: strange }, origins);
    expect(refused?.status).toBe(421);
    expect(refused?.message).toContain('BACKCHAIN_ORIGIN');
  });
});
