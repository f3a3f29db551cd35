import { assertEquals } from "@std/assert";
import { timeRange } from "../../../lib/registry/query/dates.ts";

const NOW = new Date("2026-03-31T08:55:01.500Z");

function range(text: string): string | undefined {
  const found = timeRange(text, NOW);
  return found && `${found.from}/${found.to}`.replaceAll(":00.000Z", "").replaceAll("T00:00", "");
}

Deno.test("a part of a date is all the time that begins like it", () => {
  const cases: Readonly<Record<string, string>> = {
    "2026": "2026-01-01/2027-01-01",
    "2026-12": "2026-12-01/2027-01-01",
    "2024-02-29": "2024-02-29/2024-03-01",
    "2026-11-23T14": "2026-11-23T14:00/2026-11-23T15:00",
    "2026-11-23 14:05": "2026-11-23T14:05/2026-11-23T14:06",
    "2026-11-23T14:05:59Z": "2026-11-23T14:05:59.000Z/2026-11-23T14:06",
    "2026-11-23T14:05:07.25z": "2026-11-23T14:05:07.250Z/2026-11-23T14:05:07.260Z",
    "2026-11-23T14:05:07.250999": "2026-11-23T14:05:07.250Z/2026-11-23T14:05:07.251Z",
    "2026-11-23T01:00+02:00": "2026-11-22T23:00/2026-11-22T23:01",
    "2026-11-23T23-0130": "2026-11-24T00:30/2026-11-24T01:30",
    "0026": "0026-01-01/0027-01-01",
  };
  for (const [text, expected] of Object.entries(cases)) assertEquals(range(text), expected, text);
});

Deno.test("relative dates are relative to now, days begin at midnight in UTC", () => {
  const cases: Readonly<Record<string, string>> = {
    "today": "2026-03-31/2026-04-01",
    " Yesterday ": "2026-03-30/2026-03-31",
    "2 days ago": "2026-03-29T08:55:01.500Z/2026-03-29T08:55:01.500Z",
    "2d ago": "2026-03-29T08:55:01.500Z/2026-03-29T08:55:01.500Z",
    "1.5 hours ago": "2026-03-31T07:25:01.500Z/2026-03-31T07:25:01.500Z",
    "1 h ago": "2026-03-31T07:55:01.500Z/2026-03-31T07:55:01.500Z",
    "90 min ago": "2026-03-31T07:25:01.500Z/2026-03-31T07:25:01.500Z",
    "2 weeks ago": "2026-03-17T08:55:01.500Z/2026-03-17T08:55:01.500Z",
    "1 month ago": "2026-02-28T08:55:01.500Z/2026-02-28T08:55:01.500Z",
    "2 years ago": "2024-03-31T08:55:01.500Z/2024-03-31T08:55:01.500Z",
  };
  for (const [text, expected] of Object.entries(cases)) assertEquals(range(text), expected, text);
});

Deno.test("what is no date is none", () => {
  const texts = [
    "",
    "20",
    "20261123",
    "2026-13",
    "2026-02-29",
    "2026-11-23T24",
    "2026-11-23T10:60",
    "2026-11-23T10:00+99:00",
    "tomorrow",
    "days ago",
    "-1 days ago",
    "1.5 months ago",
    "1 constructor ago",
    "99999999999999999999 years ago",
    "9999999 days ago",
    "9999",
  ];
  for (const text of texts) assertEquals(range(text), undefined, text);
});
