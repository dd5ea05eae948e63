/** Where to go after signing in: `wanted`, if it is a page of ours, else the front page. */
export function localPath(wanted: string | null | undefined): string {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, BASE)) return '/';
  const url = new URL(wanted, BASE);
  const path = url.pathname + url.search;
  // Asked of what is returned too: out of "/.//evil.example" the parser makes "//evil.example".
  const ours = url.origin === BASE && new URL(path, BASE).origin === BASE;
  return ours && !/^\/(api|sign-in)(\/|$)/.test(url.pathname) ? path : '/';
}

const BASE = 'http://dashboard.invalid';
