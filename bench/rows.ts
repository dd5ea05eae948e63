import type { Row } from './row.ts';
import { cheapestPlan } from './rows/cheapest-plan.ts';
import { crossSection } from './rows/cross-section.ts';
import { demoStart } from './rows/demo-start.ts';
import { eventToDom } from './rows/event-to-dom.ts';
import { flatten } from './rows/flatten.ts';
import { idleCalls } from './rows/idle-calls.ts';
import { inventory } from './rows/inventory.ts';
import { layerMap } from './rows/layer-map.ts';
import { navigation } from './rows/navigation.ts';
import { planTime } from './rows/plan-time.ts';
import { serverMemory } from './rows/server-memory.ts';
import { shortening } from './rows/shortening.ts';
import { startToJob } from './rows/start-to-job.ts';
import { timeLeft } from './rows/time-left.ts';

export const rows: readonly Row[] = [
  inventory,
  flatten,
  eventToDom,
  idleCalls,
  startToJob,
  navigation,
  serverMemory,
  layerMap,
  cheapestPlan,
  shortening,
  timeLeft,
  crossSection,
  demoStart,
  planTime,
];
