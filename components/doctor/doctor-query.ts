import { type Finding, findingKey } from '../../model/doctor/finding.ts';

/** Which guest the address asks for, and the finding whose fix is open. */
export interface DoctorQuery {
  readonly uuid: string | null;
  /** A finding's key. */
  readonly fix: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function doctorFrom(query: URLSearchParams): DoctorQuery {
  const uuid = query.get('guest');
  return { uuid: uuid !== null && UUID.test(uuid) ? uuid : null, fix: query.get('fix') };
}

/** The page of what is wrong with one guest. */
export function doctorAddress(uuid: string): string {
  return `/doctor${doctorQuery({ uuid, fix: null })}`;
}

/** The same with the plan of a finding's fix open. */
export function doctorFixAddress(finding: Finding): string {
  return `/doctor${doctorQuery({ uuid: finding.uuid, fix: findingKey(finding) })}`;
}

/** Ends up as `?…`, or empty. */
export function doctorQuery({ uuid, fix }: DoctorQuery): string {
  const query = new URLSearchParams();
  if (uuid !== null) query.set('guest', uuid);
  if (fix !== null) query.set('fix', fix);
  return query.size === 0 ? '' : `?${query}`;
}
