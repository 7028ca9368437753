// Every public page, in a few of its states: one line gives a page its tests of accessibility, keyboard, width and absence of script.

/** Bourg-en-Bresse, a town whose places fill more than a page. */
export const COMMUNE = '01053';

/** A place of that town, the nearest to its centre. */
export async function aPlace(base, query = `commune=${COMMUNE}`) {
  const answer = await fetch(`${base}/api/v1/lieux?${query.replace('commune', 'code_insee')}`);
  const [place] = (await answer.json()).lieux;
  return place;
}

export const PAGES = [
  { name: 'accueil', path: '/' },
  { name: 'résultats autour d’une commune', path: `/lieux?commune=${COMMUNE}` },
  { name: 'résultats autour d’un point', path: '/lieux?latitude=48.86&longitude=2.35' },
  { name: 'résultats filtrés', path: `/lieux?commune=${COMMUNE}&frais_a_charge=gratuit&ouvert=maintenant` },
  { name: 'résultats avec la carte', path: `/lieux?commune=${COMMUNE}&carte=1` },
  { name: 'résultats vides', path: '/lieux?nom=zzzzzzzz' },
  { name: 'résultats outre-mer', path: '/lieux?commune=97411' },
  { name: 'commune à préciser', path: '/lieux?q=saint-martin' },
  { name: 'recherche introuvable', path: '/lieux?q=qwertyuiop' },
  { name: 'orientation', path: '/orientation' },
  { name: 'orientation, où', path: '/orientation?etape=2' },
  { name: 'orientation, accessibilité', path: '/orientation?etape=3' },
  { name: 'orientation, quand', path: '/orientation?etape=4' },
  { name: 'accessibilité', path: '/accessibilite' },
  { name: 'mentions légales', path: '/mentions-legales' },
  { name: 'données personnelles', path: '/donnees-personnelles' },
  { name: 'données ouvertes', path: '/donnees-ouvertes' },
  { name: 'état du service', path: '/statut' },
  { name: 'plan du site', path: '/plan' },
  { name: 'lire l’API', path: '/api' },
  { name: 'page absente', path: '/nulle-part', status: 404 },
  { name: 'accueil en anglais', path: '/en/', lang: 'en' },
  { name: 'résultats en anglais', path: `/en/lieux?commune=${COMMUNE}`, lang: 'en' },
  { name: 'résultats en arabe', path: `/ar/lieux?commune=${COMMUNE}`, lang: 'ar' },
  { name: 'résultats en portugais', path: `/pt/lieux?commune=${COMMUNE}`, lang: 'pt' },
  { name: 'résultats en ukrainien', path: `/uk/lieux?commune=${COMMUNE}`, lang: 'uk' },
];
