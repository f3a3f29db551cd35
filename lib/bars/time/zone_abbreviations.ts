/**
 * Abbreviations of time zones: which offsets they stand for, and where. Several
 * zones share one, so that none is read unless the config says which zone it is.
 *
 * @module
 */

/** A zone in which an abbreviation is in use, and minutes east of UTC there. */
export interface AbbreviatedZone {
  /** An IANA name of it. */
  readonly zone: string;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
}

const ZONES: readonly (readonly [zone: string, ...abbreviations: readonly [string, number][]])[] = [
  ["America/New_York", ["EST", -300], ["EDT", -240]],
  ["America/Chicago", ["CST", -360], ["CDT", -300]],
  ["America/Denver", ["MST", -420], ["MDT", -360]],
  ["America/Los_Angeles", ["PST", -480], ["PDT", -420]],
  ["America/Halifax", ["AST", -240], ["ADT", -180]],
  ["America/Anchorage", ["AKST", -540], ["AKDT", -480]],
  ["America/Sao_Paulo", ["BRT", -180], ["BRST", -120]],
  ["Pacific/Honolulu", ["HST", -600]],
  ["Europe/Lisbon", ["WET", 0], ["WEST", 60]],
  ["Europe/London", ["BST", 60]],
  ["Europe/Dublin", ["IST", 60]],
  ["Europe/Berlin", ["CET", 60], ["CEST", 120], ["MEZ", 60], ["MESZ", 120]],
  ["Europe/Helsinki", ["EET", 120], ["EEST", 180]],
  ["Europe/Moscow", ["MSK", 180]],
  ["Asia/Jerusalem", ["IST", 120], ["IDT", 180]],
  ["Asia/Dubai", ["GST", 240]],
  ["Asia/Kolkata", ["IST", 330]],
  ["Asia/Shanghai", ["CST", 480]],
  ["Asia/Hong_Kong", ["HKT", 480]],
  ["Asia/Singapore", ["SGT", 480]],
  ["Asia/Manila", ["PST", 480]],
  ["Asia/Tokyo", ["JST", 540]],
  ["Asia/Seoul", ["KST", 540]],
  ["Australia/Perth", ["AWST", 480]],
  ["Australia/Sydney", ["AEST", 600], ["AEDT", 660], ["EST", 600]],
  ["Africa/Johannesburg", ["SAST", 120]],
  ["Pacific/Auckland", ["NZST", 720], ["NZDT", 780]],
];

/** Where an abbreviation, in upper case, is in use; none if it is not known. */
export function zonesOf(abbreviation: string): readonly AbbreviatedZone[] {
  return ZONES.flatMap(([zone, ...abbreviations]) =>
    abbreviations.filter(([known]) => known === abbreviation)
      .map(([, offsetMinutes]) => ({ zone, offsetMinutes }))
  );
}
