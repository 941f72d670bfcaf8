/// <reference lib="dom" />
import { explore, watchNews } from "./explore.js";

// The link worked once: it is no use in a history.
history.replaceState(null, "", `/${location.hash}`);
explore().then(watchNews);
