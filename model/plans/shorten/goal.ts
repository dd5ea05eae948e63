/** The chain that a shortening leads to. */
export type Goal =
  /** One image for everything above this one, which stays. */
  | { readonly kind: 'above'; readonly base: string }
  | { readonly kind: 'at-most'; readonly images: number }
  /** This image alone. */
  | { readonly kind: 'only'; readonly image: string };
