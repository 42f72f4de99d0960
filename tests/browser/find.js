// Search for queries and return the addresses found; places of one title are together.
async ([root, queries]) => {
    const { Finder } = await import(`${root}theme/js/find.js`);
    const finder = new Finder(await (await fetch(`${root}search.json`)).json());
    return queries.map(([typed, operator]) => finder.find(typed, operator).found.map(({ record, also }) => [record, ...also].map((one) => one.url)));
}
