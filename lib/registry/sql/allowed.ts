/**
 * What a statement of a user may name: functions and tables that are known to
 * do no harm. SQLite has others that read and write files (`readfile`,
 * `writefile`, `fsdir`, `load_extension`), show pages of the database
 * (`dbstat`, `sqlite_dbpage`) or fill the memory (`zeroblob`, `randomblob`).
 *
 * @module
 */

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** The functions that may be called, in small letters. */
export const FUNCTIONS: ReadonlySet<string> = words(`
  abs char coalesce concat concat_ws format glob hex ifnull iif instr length like likelihood likely
  lower ltrim max min nullif octet_length printf quote random replace round rtrim sign sqlite_version
  substr substring trim typeof unhex unicode unlikely upper

  avg count group_concat string_agg sum total

  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value

  date time datetime julianday unixepoch strftime timediff

  json json_array json_array_length json_error_position json_extract json_insert json_object
  json_patch json_quote json_remove json_replace json_set json_type json_valid json_group_array
  json_group_object

  acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2
  mod pi pow power radians sin sinh sqrt tan tanh trunc
`);

/** The tables that may be read. */
export const TABLES: ReadonlySet<string> = words(`
  runs params metrics tags artifacts damage sqlite_schema sqlite_master
`);

/** The functions that may stand for a table. */
export const TABLE_FUNCTIONS: ReadonlySet<string> = words("json_each json_tree");

/**
 * Words of the grammar that a parenthesis may follow. None of them is the name
 * of a function that does harm.
 */
export const BEFORE_PARENTHESIS: ReadonlySet<string> = words(`
  all and as between by case cast distinct else escape except exists filter having in intersect is
  limit match materialized not offset on or over regexp select then union using values when where
`);
