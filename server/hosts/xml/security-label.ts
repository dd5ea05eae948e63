import { children, type Element } from './xml.ts';

/** What a domain's XML says about one security model: a `<seclabel>`. */
export interface SecurityLabel {
  /** `none` where the model does not confine the guest. */
  readonly type: string;
  /** `null` where it is about every model of the host. */
  readonly model: string | null;
}

export function labelsOf(domain: Element): readonly SecurityLabel[] {
  return children(domain, 'seclabel').map(({ attributes: { type, model } }) => ({
    type: type ?? 'dynamic',
    model: model ?? null,
  }));
}
