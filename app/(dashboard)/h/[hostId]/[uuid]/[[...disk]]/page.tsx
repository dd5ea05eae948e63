import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { GuestPage } from '../../../../../../components/guest/guest-page.tsx';
import { requireSession } from '../../../../../sign-in/require-session.ts';
import { viewer } from '../../../../../viewer.ts';

export const dynamic = 'force-dynamic';

interface Props {
  params: Promise<{ hostId: string; uuid: string; disk?: string[] }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireSession();
  const { hostId, uuid, disk } = await params;
  const { guests } = await (await viewer()).api.guests.list();
  const guest = guests.find((one) => one.uuid === uuid && one.hostId === hostId);
  return guest ? { title: [guest.name, ...(disk ?? [])].join(' · ') } : {};
}

export default async function Page({ params }: Props) {
  await requireSession();
  const { hostId, uuid, disk } = await params;
  if ((disk?.length ?? 0) > 1) notFound();
  return <GuestPage hostId={hostId} uuid={uuid} target={disk?.[0] ?? null} />;
}
