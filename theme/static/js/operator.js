// The reader's operator, chosen once for all pages: the id of operators.toml, or "" when none was chosen.
// A page checks that it knows the id: operators come and go.
import { listen, read, write } from "./kept.js";

const KEY = "operator:1";

export function get() {
  const id = read(KEY);
  return /^[a-z0-9-]{1,40}$/.test(id) ? id : "";
}

export const set = (id) => write(KEY, id);
export const clear = () => write(KEY, "");
export const onChange = (run) => listen(KEY, () => run(get()));
