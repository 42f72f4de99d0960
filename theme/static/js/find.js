// Find the places that answer a query. MiniSearch does the searching; here is what it cannot know of Chinese, which has no
// spaces, of traditional characters, and of what people type around the words that matter. Nothing here touches the page.
import MiniSearch from "./vendor/minisearch.js";

// Words that say nothing of what is looked for.
const EMPTY = /怎么办|怎么样|怎么|怎样|如何|请问|想问|我要|我想|想要|我的|我|了|的|吗|呢|吧|啊|什么|能不能|可不可以|可以|是不是|有没有|要不要|应该|一下|比利时/g;
const EMPTY_FOREIGN = new Set("how to do can the an my is in of for it le la les de du des un une mon ma mes je comment een het mijn ik wil hoe ich mein meine wie und".split(" "));
const WEIGHTS = { title: 4, words: 3, typed: 3, trail: 1.5, text: 1 };
const KINDS = { guide: 1.35, page: 1.2, operator: 1.3, letter: 1.2, step: 1, section: 1, topic: 1, phrase: 0.9, term: 0.8 };
const MEANT = 0.45; // what a word weighs that the reader did not type but the glossary says is the same
const NAMED = 3; // what an operator weighs that the query names
const OWN = 1.6; // and the one that the reader has chosen before
const EXACT = 6; // and the place that search.toml names for what was typed
const FAR = 0.1; // of the best score: what has less is no answer
const COMMON = new Set(["mobile", "belgium", "talk"]); // in names of operators

const hasHan = (text) => /\p{Script=Han}/u.test(text);
const isWord = (term) => /^\p{L}+$/u.test(term) && !hasHan(term);

// By its name, or the beginning of it: lyca.
const isNamed = (name, term) => name === term || (term.length > 3 && name.startsWith(term) && isWord(term) && !COMMON.has(term));

export class Finder {
  constructor({ fold, records }) {
    this.simple = new Map();
    for (let n = 0; n < fold.length; n += 2) this.simple.set(fold[n], fold[n + 1]);
    this.records = records.map((record, id) => ({ id, words: [], typed: [], trail: [], text: "", operator: "", ...record }));
    this.engine = new MiniSearch({
      fields: Object.keys(WEIGHTS),
      storeFields: ["kind", "operator"],
      extractField: (record, name) => [record[name]].flat().join(" "),
      tokenize: (text) => this.terms(text),
      processTerm: (term) => term,
    });
    this.engine.addAll(this.records);
    this.brands = this.records.filter((record) => record.kind === "operator").map((record) => {
      const words = this.terms(record.title).filter((word) => !COMMON.has(word));
      return { id: record.operator, names: [...words, this.fold(record.title).folded.replaceAll(" ", "")] };
    });
    this.meanings = this.records.filter((record) => record.kind === "term").map((record) => {
      const names = [record.title, ...record.words].map((name) => this.fold(name).folded);
      return { title: record.title, names };
    });
  }

  // The text in small letters, without accents, in simplified characters; and for each of its units the place in the
  // original where it comes from.
  fold(text) {
    let folded = "";
    const from = [];
    let at = 0;
    for (const char of text) {
      const plain = [...char.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()].map((c) => this.simple.get(c) ?? c).join("");
      folded += plain;
      for (let n = 0; n < plain.length; n++) from.push(at);
      at += char.length;
    }
    return { folded, from: [...from, at] };
  }

  // Words and numbers unchanged; of Chinese every pair of neighbours, and the last character.
  terms(text) {
    const found = [];
    for (const [run] of this.fold(text).folded.matchAll(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu)) {
      if (!hasHan(run)) found.push(run);
      else {
        const chars = [...run];
        chars.forEach((char, n) => found.push(char + (chars[n + 1] ?? "")));
      }
    }
    return found;
  }

  // In Chinese, the last character adds nothing to the pair before it.
  asked(text) {
    const terms = this.terms(text).filter((term) => !EMPTY_FOREIGN.has(term));
    return terms.filter((term, n) => !(hasHan(term) && [...term].length === 1 && n && terms[n - 1] !== term && terms[n - 1].endsWith(term)));
  }

  // What is looked for: the typed terms, the glossary's words that mean the same, the operators that are named.
  read(query) {
    const { folded } = this.fold(query);
    const bare = folded.replace(EMPTY, " ");
    const [typed] = [bare, folded].map((text) => [...new Set(this.asked(text))]).filter((terms) => terms.length);
    if (!typed) return { typed: [], meant: [], named: [] };
    const says = (name) => (hasHan(name) ? name.length > 1 && bare.includes(name) : typed.includes(name));
    const meant = this.meanings.filter(({ names }) => names.some(says)).map(({ title }) => title.split("（")[0]);
    return {
      typed,
      meant: [...new Set(meant)].filter((title) => !bare.includes(this.fold(title).folded)),
      named: this.brands.filter(({ names }) => names.some((name) => typed.some((term) => isNamed(name, term)))).map(({ id }) => id),
    };
  }

  // What answers, best first, each with the other places of the same title; and what was looked for besides.
  find(query, operator = "") {
    const { typed, meant, named } = this.read(query);
    const also = meant.flatMap((title) => this.asked(title)).filter((term) => !typed.includes(term));
    const weights = new Map([...also.map((term) => [term, MEANT]), ...typed.map((term) => [term, 1])]);
    const brand = (id) => (named.includes(id) ? NAMED : id && id === operator ? OWN : 1);
    const hits = this.engine.search(query, {
      tokenize: () => [...weights.keys()],
      boost: WEIGHTS,
      boostTerm: (term) => weights.get(term),
      boostDocument: (_, __, record) => KINDS[record.kind] * brand(record.operator),
      prefix: (term) => (hasHan(term) ? [...term].length === 1 : term.length > 2),
      fuzzy: (term) => isWord(term) && term.length > 4 && 0.25,
      maxFuzzy: 2,
      weights: { prefix: 0.5, fuzzy: 0.3 },
    });
    // A place that has all of the words comes before one that has one of them often.
    const known = new Set(hits.flatMap((hit) => hit.queryTerms).filter((term) => typed.includes(term)));
    const share = (hit) => hit.queryTerms.filter((term) => known.has(term)).length / Math.max(1, known.size);
    const exact = this.fold(query.trim()).folded;
    const leads = (hit) => this.records[hit.id].typed.some((words) => this.fold(words).folded === exact);
    for (const hit of hits) hit.score *= (0.3 + share(hit)) * (leads(hit) ? EXACT : 1);
    hits.sort((a, b) => b.score - a.score);
    const found = new Map();
    for (const { id, terms } of hits.filter((hit) => hit.score > FAR * hits[0].score)) {
      const record = this.records[id];
      const title = record.kind === "topic" && brand(record.operator) === 1 ? record.title.split(/：|: /)[1] : record.title;
      if (found.has(title)) found.get(title).also.push(record);
      else found.set(title, { record, terms, also: [] });
    }
    return { found: [...found.values()], meant };
  }
}
