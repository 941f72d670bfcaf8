export { createCase, type NewCase, openCase } from "./sqlite/sqlite-store.js";
