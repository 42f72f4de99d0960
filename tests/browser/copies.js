// Return the addresses in each cache.
async () => {
    const names = await caches.keys();
    return Object.fromEntries(await Promise.all(names.map(async name =>
        [name, (await (await caches.open(name)).keys()).map(request => request.url)])));
}
