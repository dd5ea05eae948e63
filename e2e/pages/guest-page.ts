import { expect, type Locator, type Page } from '@playwright/test';
import type { LabGuest } from '../../lab/lab.ts';
import { Drawer } from './drawer.ts';
import { Fleet } from './fleet.ts';
import { Graph } from './graph.ts';
import { Notices } from './notices.ts';
import { Plan } from './plan.ts';

/** One disk of one guest. */
export class GuestPage {
  readonly page: Page;
  readonly fleet: Fleet;
  readonly graph: Graph;
  readonly plan: Plan;
  readonly drawer: Drawer;
  readonly notices: Notices;
  readonly main: Locator;
  /** Whether what is on screen is what there is. */
  readonly live: Locator;

  constructor(page: Page) {
    this.page = page;
    this.fleet = new Fleet(page);
    this.graph = new Graph(page);
    this.plan = new Plan(page);
    this.drawer = new Drawer(page);
    this.notices = new Notices(page);
    this.main = page.getByRole('main');
    this.live = page.getByRole('banner').getByRole('status');
  }

  /**
   * Comes in by the guest's address, which loads one page instead of two.
   * @param target the disk; where none is given the one with the deepest chain, as in the list
   */
  static async open(page: Page, guest: LabGuest, target = deepestOf(guest)): Promise<GuestPage> {
    await page.goto(`/h/${await hostIdOf(page, guest)}/${guest.uuid}/${target}`);
    const at = new GuestPage(page);
    // Until the page has come alive its buttons are only drawn, and a click is lost.
    await at.live.filter({ hasText: 'live' }).waitFor();
    return at;
  }

  /** Comes in by the list of guests. By key: other tests' guests come and go, and move the rows under a pointer. */
  static async openFromList(page: Page, guest: LabGuest): Promise<GuestPage> {
    const at = new GuestPage(page);
    await page.goto('/');
    await at.fleet.guest(guest.name).press('Enter');
    await expect(page).toHaveURL(new RegExp(`/h/[^/]+/${guest.uuid}`));
    return at;
  }

  /**
   * Picks a base and starts the flatten toward it.
   *
   * @param limit MiB per second
   */
  async flattenToward(base: string, limit?: number): Promise<void> {
    await this.graph.image(base).click();
    if (limit !== undefined) await this.plan.limit.fill(String(limit));
    await this.plan.start.click();
  }

  disk(target: string): Locator {
    return this.page.getByRole('navigation', { name: /^Disks of / }).getByRole('link', { name: target });
  }

  view(name: 'Graph' | 'Cross-section' | 'Table'): Locator {
    return this.page.getByRole('navigation', { name: 'View' }).getByRole('link', { name });
  }
}

function deepestOf({ disks }: LabGuest): string {
  return disks.toSorted((a, b) => b.images.length - a.images.length)[0]?.target ?? '';
}

/** What the dashboard calls the guest's host in addresses. */
async function hostIdOf(page: Page, guest: LabGuest): Promise<string> {
  const answer = await page.request.get('/api/trpc/hosts.list');
  const hosts: readonly { id: string; name: string }[] = (await answer.json()).result.data.json;
  const found = hosts.find(({ name }) => name === guest.host);
  if (found === undefined) throw new Error(`The dashboard has no host ${guest.host}`);
  return found.id;
}
