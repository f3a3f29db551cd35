/**
 * Names and short forms of months in languages of Europe, as spreadsheets and
 * brokers write them. Pure.
 *
 * @module
 */

/** German, French, Spanish, Italian, Portuguese and Dutch, as far as they are not English. */
const WORDS: Readonly<Record<string, string>> = {
  Jan: "januar jänner janvier janv enero ene gennaio gen janeiro januari",
  Feb: "februar février févr fév febrero febbraio fevereiro fev februari",
  Mar: "märz mär mrz mars marzo março maart mrt",
  Apr: "avril avr abril abr aprile",
  May: "mai mayo maggio mag maio mei",
  Jun: "juni juin junio giugno giu junho",
  Jul: "juli juillet juil julio luglio lug julho",
  Aug: "août aou agosto ago augustus",
  Sep: "septembre septiembre settembre set setembro",
  Oct: "oktober okt octobre octubre ottobre ott outubro out",
  Nov: "novembre noviembre novembro",
  Dec: "dezember dez décembre déc diciembre dic dicembre dezembro",
};

/** The English short form of each word, which is in lower case and without a point. */
export const MONTH_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries(WORDS).flatMap(([month, words]) => words.split(" ").map((word) => [word, month])),
);
