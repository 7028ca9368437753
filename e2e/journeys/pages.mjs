// Every public page, in a few of its states: one line gives a page its tests of accessibility, keyboard, width and absence of script.

/** Bourg-en-Bresse, a town whose places fill more than a page. */
export const COMMUNE = '01053';

/** The agglomeration around that town. */
export const EPCI = '200071751';

/** The month that runs, as the monthly sheet names it. */
export const MONTH = new Date().toISOString().slice(0, 7);

async function firstPlace(base, query) {
  const answer = await fetch(`${base}/api/v1/lieux?${query}`);
  const [place] = (await answer.json()).lieux;
  return place;
}

/** A place of that town, the nearest to its centre. */
export const aPlace = (base) => firstPlace(base, `code_insee=${COMMUNE}`);

/** A place that moves, with its stops. */
export const aMovingPlace = (base) => firstPlace(base, 'itinerance=itinerant');

export const PAGES = [
  { name: 'accueil', path: '/' },
  { name: 'connexion', path: '/connexion' },
  { name: 'code de connexion', path: '/connexion/code' },
  { name: 'code envoyé', path: '/connexion/code?envoye=1' },
  { name: 'liste de la démonstration', path: '/demonstration' },
  { name: 'lien de connexion', path: `/connexion/lien/${'0'.repeat(64)}` },
  { name: 'résultats autour d’une commune', path: `/lieux?commune=${COMMUNE}` },
  { name: 'résultats autour d’un point', path: '/lieux?latitude=48.86&longitude=2.35' },
  { name: 'résultats filtrés', path: `/lieux?commune=${COMMUNE}&frais_a_charge=gratuit&ouvert=maintenant` },
  { name: 'résultats avec la carte', path: `/lieux?commune=${COMMUNE}&carte=1` },
  { name: 'résultats vides', path: '/lieux?nom=zzzzzzzz' },
  { name: 'résultats outre-mer', path: '/lieux?commune=97411' },
  { name: 'commune à préciser', path: '/lieux?q=saint-martin' },
  { name: 'résultats d’un département', path: '/lieux?departement=01' },
  { name: 'recherche introuvable', path: '/lieux?q=qwertyuiop' },
  { name: 'orientation', path: '/orientation' },
  { name: 'orientation, où', path: '/orientation?etape=2' },
  { name: 'orientation, accessibilité', path: '/orientation?etape=3' },
  { name: 'orientation, quand', path: '/orientation?etape=4' },
  { name: 'orientation en phrases simples', path: '/orientation?falc=1' },
  { name: 'choix de la feuille du mois', path: '/mois?q=saint-martin' },
  { name: 'feuille du mois d’une intercommunalité', path: `/calendrier/${EPCI}/${MONTH}` },
  { name: 'intégrer la recherche', path: '/integrer?q=bourg' },
  { name: 'intégrer un territoire', path: '/integrer?departement=01' },
  { name: 'page intégrée', path: '/integration?departement=01' },
  { name: 'accessibilité', path: '/accessibilite' },
  { name: 'mentions légales', path: '/mentions-legales' },
  { name: 'données personnelles', path: '/donnees-personnelles' },
  { name: 'données ouvertes', path: '/donnees-ouvertes' },
  { name: 'registre des données', path: '/registre' },
  { name: 'état du service', path: '/statut' },
  { name: 'plan du site', path: '/plan' },
  { name: 'sceaux du journal', path: '/sceaux' },
  { name: 'lire l’API', path: '/api' },
  { name: 'page absente', path: '/nulle-part', status: 404 },
  { name: 'accueil en anglais', path: '/en/', lang: 'en' },
  { name: 'accueil en arabe', path: '/ar/', lang: 'ar' },
  { name: 'orientation en ukrainien', path: '/uk/orientation', lang: 'uk' },
  { name: 'mentions légales en anglais', path: '/en/mentions-legales', lang: 'en' },
  { name: 'résultats en anglais', path: `/en/lieux?commune=${COMMUNE}`, lang: 'en' },
  { name: 'résultats en arabe', path: `/ar/lieux?commune=${COMMUNE}`, lang: 'ar' },
  { name: 'résultats en portugais', path: `/pt/lieux?commune=${COMMUNE}`, lang: 'pt' },
  { name: 'résultats en ukrainien', path: `/uk/lieux?commune=${COMMUNE}`, lang: 'uk' },
];

/** Those above, and those of a place. */
export async function everyPage(base) {
  const [place, moving] = await Promise.all([aPlace(base), aMovingPlace(base)]);
  const fiche = `/lieux/${place.id}`;
  return [
    ...PAGES,
    { name: 'fiche', path: fiche },
    { name: 'fiche d’un lieu itinérant', path: `/lieux/${moving.id}` },
    ...['en', 'ar', 'pt', 'uk'].map((lang) => ({ name: `fiche (${lang})`, path: `/${lang}${fiche}`, lang })),
    { name: 'fiche à imprimer', path: `${fiche}/imprimer` },
    { name: 'fiche d’orientation', path: `${fiche}/orientation` },
    { name: 'affiche', path: `${fiche}/affiche` },
    { name: 'affiche en anglais', path: `/en${fiche}/affiche`, lang: 'en' },
    { name: 'signaler une erreur', path: `${fiche}/signaler?champ=horaires` },
    { name: 'feuille du mois d’une commune', path: `/calendrier/${moving.visites[0].commune}/${MONTH}` },
    { name: 'lieu absent', path: '/lieux/00000000-0000-0000-0000-000000000000', status: 404 },
  ];
}
