/** How wide text is in a terminal. */
export { default } from "string-width";
