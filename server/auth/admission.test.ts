import { expect, it } from 'vitest';
import { admission } from './admission.ts';

const stranger = new Headers();
const member = new Headers({ cookie: 'backchain.session_token=abc.def' });

it.each([
  ['/sign-in', 'admitted'],
  ['/icon.svg', 'admitted'],
  ['/api/auth/sign-in/link', 'admitted'],
  ['/api/trpc/hosts.list', 'admitted'],
  ['/api/health', 'admitted'],
  ['/', 'to-sign-in'],
  ['/sign-in/else', 'to-sign-in'],
  ['/guests/alpha/icon.svg', 'to-sign-in'],
  ['/operations', 'to-sign-in'],
  ['/api/else', 'unauthorized'],
  ['/api/trpc', 'unauthorized'],
  ['/api/health/else', 'unauthorized'],
])('for a stranger, %s is %s', (path, expected) => {
  expect(admission({ method: 'GET', path, headers: stranger })).toBe(expected);
  expect(admission({ method: 'GET', path, headers: member })).toBe('admitted');
});

it('answers a change without a session with a 401, not with a page', () => {
  expect(admission({ method: 'POST', path: '/operations', headers: stranger })).toBe('unauthorized');
});
