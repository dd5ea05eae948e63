/** What a host makes of a guest's CPU. `virCPUCompareResult` */
export const CpuCompareResult = {
  ERROR: -1,
  INCOMPATIBLE: 0,
  IDENTICAL: 1,
  SUPERSET: 2,
} as const;
