/**
 * What a config says under the reserved keys, before it is validated.
 *
 * @module
 */

import type { ConfigDocument } from "./document.ts";
import { applyOverrides, type Override, writtenTexts } from "./overrides.ts";
import { reservedShape } from "./reserved.ts";
import { typedValues } from "./typed_values.ts";

/** The values of a config with the overrides laid over them, those of reserved keys typed. */
export function reservedValues(
  document: Pick<ConfigDocument, "values" | "written">,
  overrides: readonly Override[] = [],
): Readonly<Record<string, unknown>> {
  const values = applyOverrides(document.values, overrides);
  const written = writtenTexts(document.written, overrides);
  return typedValues(values, { shape: reservedShape, written }).values;
}
