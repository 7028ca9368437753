// Reads JSON lines on stdin, answers one JSON line each, with the npm package opening_hours (LGPL) as a black box:
//   {"calendrier": ["2026-01-01", 730]}            -> {"feries": ["2026-01-01", ...], "scolaires": [...]}
//   {"expression": "Mo 09:00-12:00", "instant": "2026-11-23T10:00"} -> {"etat": "ouvert" | "ferme" | "inconnu" | "erreur"}
// Instants are local civil times: run it with TZ=UTC.
import { createInterface } from "node:readline";
import OpeningHours from "opening_hours";

const FRANCE = { lat: 48.85, lon: 2.35, address: { country_code: "fr", state: "Île-de-France" } };

// The package prints its opinion of some expressions: only our answers may reach stdout.
console.log = console.error;

function lire(expression) {
  try {
    return new OpeningHours(expression, FRANCE, { locale: "fr" });
  } catch {
    return undefined;
  }
}

function etat({ expression, instant }) {
  const horaires = lire(expression);
  if (horaires === undefined) return "erreur";
  const date = new Date(`${instant}:00Z`);
  if (horaires.getUnknown(date)) return "inconnu";
  return horaires.getState(date) ? "ouvert" : "ferme";
}

function jours([premier, nombre], expression) {
  const horaires = lire(expression);
  const debut = Date.parse(`${premier}T12:00:00Z`);
  return Array.from({ length: nombre }, (_, rang) => new Date(debut + rang * 86_400_000))
    .filter((date) => horaires.getState(date))
    .map((date) => date.toISOString().slice(0, 10));
}

for await (const ligne of createInterface({ input: process.stdin })) {
  const question = JSON.parse(ligne);
  const reponse = question.calendrier
    ? { feries: jours(question.calendrier, "PH"), scolaires: jours(question.calendrier, "SH") }
    : { etat: etat(question) };
  process.stdout.write(`${JSON.stringify(reponse)}\n`);
}
