// A machine with a voice for French and one for German.
window.spoken = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const voices = [{ lang: "fr-BE" }, { lang: "de_DE" }];
const speak = (said) => window.spoken.push([said.text, said.lang]);
const engine = { getVoices: () => voices, speak, cancel() {}, addEventListener() {} };
Object.defineProperty(window, "speechSynthesis", { value: engine });
