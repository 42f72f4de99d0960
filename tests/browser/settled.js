// Wait until scripts that were asked for have run.
async (scripts) => {
  await Promise.allSettled(scripts.map((script) => import(script)));
  await new Promise((done) => setTimeout(done));
}
