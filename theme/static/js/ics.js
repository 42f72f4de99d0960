// Write a calendar file (RFC 5545): all-day events with a reminder at nine in the morning.

// Lines of at most 75 octets, never cut inside a character.
function fold(line) {
  let size = 0;
  return [...line]
    .map((char) => {
      const octets = new TextEncoder().encode(char).length;
      const full = size + octets > 75;
      size = full ? octets + 1 : size + octets;
      return full ? `\r\n ${char}` : char;
    })
    .join("");
}

const escaped = (text) => text.replace(/[\\;,]/g, "\\$&");
const basic = (date, length) => date.toISOString().replace(/[-:]|\.\d+/g, "").slice(0, length);

// A day keeps its UID, so that a second download of the same guide moves the first one's events.
function event({ uid, date, what }, page) {
  return [
    "BEGIN:VEVENT",
    `UID:${uid}@${new URL(page).hostname}`,
    `DTSTAMP:${basic(new Date())}`,
    `DTSTART;VALUE=DATE:${basic(date, 8)}`,
    `DTEND;VALUE=DATE:${basic(new Date(+date + 86400000), 8)}`,
    `SUMMARY:${escaped(what)}`,
    `URL:${page}`,
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(what)}`,
    "TRIGGER:PT9H",
    "END:VALARM",
    "END:VEVENT",
  ];
}

export function calendar(events, page) {
  const lines = events.flatMap((one) => event(one, page));
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Belgian SIM exit guides//ZH"];
  return [...head, ...lines, "END:VCALENDAR", ""].map(fold).join("\r\n");
}
