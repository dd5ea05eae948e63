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

  /** Comes in by the list of guests. By key: other tests' guests come and go, and move the rows under a pointer. */
  static async open(page: Page, guest: LabGuest, target?: string): Promise<GuestPage> {
    const at = new GuestPage(page);
    await page.goto('/');
    await at.fleet.guest(guest.name).press('Enter');
    await expect(page).toHaveURL(new RegExp(`/h/[^/]+/${guest.uuid}`));
    if (target !== undefined) await at.disk(target).click();
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
