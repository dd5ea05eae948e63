import { Overview } from '../../components/overview/overview.tsx';
import { requireSession } from '../sign-in/require-session.ts';

export const dynamic = 'force-dynamic';

export default async function Page() {
  await requireSession();
  return <Overview />;
}
