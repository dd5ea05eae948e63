import { TRPCError } from '@trpc/server';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { historyAddress } from '../../../../components/address/history.ts';
import { diskName } from '../../../../components/operations/disk-name.ts';
import { OperationPage } from '../../../../components/operations/operation-page.tsx';
import { EmptyState } from '../../../../components/ui/empty-state.tsx';
import { Link } from '../../../../components/ui/link.tsx';
import { requireSession } from '../../../sign-in/require-session.ts';
import { viewer } from '../../../viewer.ts';

export const dynamic = 'force-dynamic';

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession();
  const found = await find((await params).id);
  return found ? { title: diskName(found.operation) } : {};
}

export default async function Page({ params }: Props) {
  await requireSession();
  const { id } = await params;
  const found = await find(id);
  if (found) return <OperationPage key={id} initial={found} />;
  const t = await getTranslations('operations');
  return (
    <EmptyState title={t('unknown')} action={<Link href={historyAddress()}>{t('history')}</Link>}>
      {t('unknownText', { id })}
    </EmptyState>
  );
}

/** `null` for an id that is none, or that the journal does not have. */
async function find(id: string) {
  const { api } = await viewer();
  try {
    return await api.operations.get({ id });
  } catch (error) {
    if (error instanceof TRPCError && ['NOT_FOUND', 'BAD_REQUEST'].includes(error.code)) return null;
    throw error;
  }
}
