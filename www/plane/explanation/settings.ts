// What of explanations can be set; what each field is stands in fields.ts.

/** A field under the particles: scores as arrows, densities as contours. */
export const fieldNames = [
  'main-score',
  'guide-score',
  'difference',
  'result',
  'error',
  'data-density',
  'main-density',
  'guide-density',
  'ratio',
] as const;
export type FieldName = (typeof fieldNames)[number];

/** A straight line through the plane, along which densities are shown. */
export interface Cut {
  from: [number, number];
  to: [number, number];
}
