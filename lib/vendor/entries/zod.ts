/** Checks configs and parameters. */
export { z } from "zod";
