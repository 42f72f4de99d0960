// Note whatever is stored or sent.
window.wrote = [];
Storage.prototype.setItem = () => window.wrote.push('stored');
for (const name of ['fetch', 'XMLHttpRequest', 'WebSocket']) window[name] = () => window.wrote.push(name);
navigator.sendBeacon = () => window.wrote.push('beacon');
window.print = () => {};
