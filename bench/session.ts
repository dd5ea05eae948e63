/** A person who is signed in, as a cookie. */
export interface Session {
  readonly origin: string;
  readonly cookie: { readonly name: string; readonly value: string };
}
