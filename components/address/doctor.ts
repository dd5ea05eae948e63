import { addressOf } from './params.ts';
import { isUuid } from './uuid.ts';

/** What the doctor's page shows. */
export interface DoctorQuery {
  /** The guest that is examined; `null` for all. */
  readonly uuid: string | null;
  /** Key of the finding whose fix is open. */
  readonly fix: string | null;
}

export function doctorFrom(query: URLSearchParams): DoctorQuery {
  const uuid = query.get('guest');
  return { uuid: uuid !== null && isUuid(uuid) ? uuid : null, fix: query.get('fix') };
}

/** The page of what is wrong with all guests, or with one; with the plan of a fix open where one is given. */
export function doctorAddress({ uuid = null, fix = null }: Partial<DoctorQuery> = {}): string {
  return addressOf('/doctor', { guest: uuid, fix });
}
