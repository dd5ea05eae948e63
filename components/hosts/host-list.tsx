'use client';

import { useTranslations } from 'next-intl';
import { HostStateMark } from '../fleet/host-state-mark.tsx';
import type { FleetList } from '../live/fleet-list.ts';
import { AddHost } from './add-host.tsx';
import { RemoveHost } from './remove-host.tsx';

/** The libvirt daemons that this dashboard watches. */
export function HostList({ fleet }: { fleet: FleetList }) {
  const t = useTranslations('hosts');
  const ui = useTranslations('ui');
  return (
    <section aria-labelledby="hosts">
      <h2 id="hosts" className="mb-1.5 font-semibold">
        {t('title')}
      </h2>
      <ul className="rounded-lg border border-line bg-panel">
        {fleet.hosts.map((host) => (
          <li
            key={host.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line px-3 py-2 not-first:border-t"
          >
            <span className="font-medium">{host.name}</span>
            <HostStateMark state={host.state} />
            <code className="min-w-0 flex-1 basis-60 font-mono text-xs wrap-anywhere text-muted">
              {host.uri}
            </code>
            {host.libvirtVersion !== null && (
              <span className="text-muted">
                {t('versions', { libvirt: host.libvirtVersion, qemu: host.qemuVersion ?? ui('unknown') })}
              </span>
            )}
            <RemoveHost host={host} />
          </li>
        ))}
        <li className="border-t border-line px-3 py-2">
          <AddHost />
        </li>
      </ul>
    </section>
  );
}
