// What a screen reader announces, in order: roles, names and counts of the search, the results, a place and the wizard.
import test from 'node:test';
import { assertTree } from '../harness/accessibility.mjs';
import { BASE, visit } from '../harness/browser.mjs';
import { aPlace, COMMUNE } from './pages.mjs';

const FRAME = ['link "Aller au contenu"', 'banner', 'link "Maillage', 'navigation "Menu principal"', 'main', 'contentinfo'];

test('l’accueil s’annonce dans l’ordre', async (t) => {
  const page = await visit(t, '/');
  await assertTree(page, FRAME);
  await assertTree(page, [
    'heading "Trouver de l’aide avec le numérique" [level=1]',
    'search "Où cherchez-vous de l’aide ?"',
    'combobox "Où cherchez-vous de l’aide ?"',
    'button "Rechercher"',
    'button "Autour de moi"',
    /^link "Répondre aux questions"/,
  ]);
});

test('les résultats annoncent leur nombre, puis la liste, puis la carte', async (t) => {
  const page = await visit(t, `/lieux?commune=${COMMUNE}`);
  await assertTree(page, FRAME);
  await assertTree(page, [
    'navigation "Vous êtes ici"',
    /^heading "Lieux d’aide numérique : Bourg-en-Bresse" \[level=1\]/,
    'form "Filtrer les résultats"',
    'region "Liste des lieux"',
    /^status: \d+ lieux à moins de 20 km, les plus proches d’abord/,
    'list',
    'listitem',
    'article',
    /^heading ".+" \[level=3\]/,
    /^paragraph: .+ · à [\d,]+ k?m/,
    'complementary "Carte"',
    'heading "Carte" [level=2]',
  ]);
});

test('une fiche dit le nom, comment venir, le téléphone, puis les horaires', async (t) => {
  const place = await aPlace(BASE);
  const page = await visit(t, `/lieux/${place.id}`);
  await assertTree(page, FRAME);
  await assertTree(page, [
    'navigation "Vous êtes ici"',
    `heading "${place.nom}" [level=1]`,
    /^link "Téléphoner au [\d ]+"/,
    'region "Horaires"',
    'table "Horaires des sept prochains jours"',
    ...Array.from({ length: 7 }, () => /^rowheader /),
    'region "L’aide proposée"',
    'term: Services',
    'term: Prix',
  ]);
});

test('des résultats vides annoncent pourquoi et par où sortir', async (t) => {
  const page = await visit(t, '/lieux?nom=zzzzzzzz');
  await assertTree(page, [/^heading "Lieux nommés «\szzzzzzzz\s»" \[level=1\]/, 'status: 0 lieu', 'heading "Aucun lieu ne correspond" [level=2]', 'list', 'link "voir tous les lieux"']);
});

test('le questionnaire annonce ses étapes et le nombre de lieux', async (t) => {
  const page = await visit(t, '/orientation');
  await assertTree(page, [
    'navigation "Étapes"',
    'group "De quoi avez-vous besoin ?"',
    'heading "De quoi avez-vous besoin ?" [level=1]',
    'radio "Aide aux démarches administratives"',
    'button "Continuer"',
    /^status: [\d\s]+ lieux correspondent à vos réponses/,
  ]);
});
