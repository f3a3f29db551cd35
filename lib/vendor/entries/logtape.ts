/** The run's log. */
export { configureSync, getLogfmtFormatter, getLogger, resetSync } from "@logtape/logtape";
