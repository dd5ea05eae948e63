/** Where a sign-in leads: to `wanted` if it is a page of this dashboard, else to the front page. */
export function localPath(wanted: string | null | undefined): string {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, BASE)) return '/';
  const url = new URL(wanted, BASE);
  const path = url.pathname + url.search;
  // Checks the result too: the parser turns "/.//evil.example" into "//evil.example".
  const ours = url.origin === BASE && new URL(path, BASE).origin === BASE;
  return ours && !/^\/(api|sign-in)(\/|$)/.test(url.pathname) ? path : '/';
}

const BASE = 'http://dashboard.invalid';
