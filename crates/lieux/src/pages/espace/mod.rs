//! The professional space about places: in French alone, for who answers for them.

pub mod doublons;
pub mod import;
pub mod imports;
mod libelles;
pub mod lieux;
pub mod lignes;
mod rapprochement;
pub mod revendications;
pub mod signalements;

use crate::permissions::{
    DeciderDoublons, DeciderRevendication, GererSesLieux, ImporterLieux, RetirerRevendication, RevendiquerLieu,
    SuivreRevendications, TraiterSignalements,
};
use axum::http::Method;
use socle::{
    clock::Instant,
    permissions::may_try,
    routes::{Kind, Routes},
};
use ui::{
    composants::Pagination,
    form::Formulaire,
    gabarits::Geste,
    page::{EntreeMenu, Lien, Page},
};

/// How many lines stand on a page.
const PAR_PAGE: u32 = 50;

/// What a form sent.
type Champs = axum::Form<Vec<(String, String)>>;

/// What a query asks.
type Demande = axum::extract::Query<Vec<(String, String)>>;

/// Every route of the space.
pub fn routes() -> Routes {
    Routes::new()
        .page::<TraiterSignalements, _, _>("/espace/signalements", signalements::lister)
        .page::<TraiterSignalements, _, _>("/espace/signalements/{ticket}", signalements::montrer)
        .post::<TraiterSignalements, _, _>("/espace/signalements/{ticket}", signalements::repondre)
        .page::<DeciderDoublons, _, _>("/espace/doublons", doublons::lister)
        .page::<DeciderDoublons, _, _>("/espace/doublons/{paire}", doublons::montrer)
        .post::<DeciderDoublons, _, _>("/espace/doublons/{paire}", doublons::decider)
        .page::<SuivreRevendications, _, _>("/espace/revendications", revendications::lister)
        .page::<RevendiquerLieu, _, _>("/espace/revendications/nouvelle", revendications::montrer_nouvelle)
        .post::<RevendiquerLieu, _, _>("/espace/revendications/nouvelle", revendications::demander)
        .page::<SuivreRevendications, _, _>("/espace/revendications/{revendication}", revendications::montrer)
        .page::<DeciderRevendication, _, _>(
            "/espace/revendications/{revendication}/decider",
            revendications::montrer_decision,
        )
        .post::<DeciderRevendication, _, _>(
            "/espace/revendications/{revendication}/decider",
            revendications::decider,
        )
        .post::<RetirerRevendication, _, _>(
            "/espace/revendications/{revendication}/retirer",
            revendications::retirer,
        )
        .page::<ImporterLieux, _, _>("/espace/import", imports::montrer)
        .upload::<ImporterLieux, _, _>("/espace/import", imports::deposer)
        .page::<ImporterLieux, _, _>("/espace/import/{import}", import::montrer)
        .page::<ImporterLieux, _, _>("/espace/import/{import}/lancer", import::montrer_lancement)
        .post::<ImporterLieux, _, _>("/espace/import/{import}/lancer", import::lancer)
        .page::<ImporterLieux, _, _>("/espace/import/{import}/annuler", import::montrer_annulation)
        .post::<ImporterLieux, _, _>("/espace/import/{import}/annuler", import::annuler)
        .page::<ImporterLieux, _, _>("/espace/import/{import}/refus", lignes::refus)
        .add::<ImporterLieux, _, _>(
            Kind::File,
            Method::GET,
            "/espace/import/{import}/refus.csv",
            lignes::telecharger_refus,
        )
        .page::<ImporterLieux, _, _>("/espace/import/{import}/retraits", lignes::retraits)
        .add::<ImporterLieux, _, _>(
            Kind::File,
            Method::GET,
            "/espace/import/{import}/retraits.csv",
            lignes::telecharger_retraits,
        )
        .page::<ImporterLieux, _, _>("/espace/import/{import}/laisses", lignes::laisses)
        .page::<GererSesLieux, _, _>("/espace/lieux", lieux::lister)
        .page::<GererSesLieux, _, _>("/espace/lieux/{lieu}", lieux::montrer)
        .page::<GererSesLieux, _, _>("/espace/lieux/{lieu}/modifier", lieux::montrer_modifier)
        .post::<GererSesLieux, _, _>("/espace/lieux/{lieu}/modifier", lieux::enregistrer)
        .post::<GererSesLieux, _, _>("/espace/lieux/{lieu}/defaire", lieux::defaire)
}

/// The entries of the menu for who is signed in.
pub fn menu(page: &Page) -> Vec<EntreeMenu> {
    let acteur = &page.acteur;
    let entrees = [
        (may_try::<RevendiquerLieu>(acteur), "Mes lieux", "/espace/lieux"),
        (
            may_try::<DeciderRevendication>(acteur),
            "Demandes de gestion",
            "/espace/revendications",
        ),
        (
            may_try::<TraiterSignalements>(acteur),
            "Signalements",
            "/espace/signalements",
        ),
        (may_try::<DeciderDoublons>(acteur), "Doublons", "/espace/doublons"),
        (may_try::<ImporterLieux>(acteur), "Imports", "/espace/import"),
    ];
    entrees
        .into_iter()
        .filter(|(permis, ..)| *permis)
        .map(|(_, libelle, chemin)| EntreeMenu {
            lien: Lien::new(libelle, page.fixe(chemin)),
            actif: page.chemin.starts_with(chemin),
        })
        .collect()
}

/// The day on which something happened, in words.
fn jour(page: &Page, at: Instant) -> String {
    page.date(at.day_in("Europe/Paris"))
}

/// A cell of the standard as it is read: lists with commas, nothing said when empty.
fn lisible(cellule: &str) -> String {
    if cellule.is_empty() {
        return "non renseigné".to_owned();
    }
    cellule.split('|').collect::<Vec<_>>().join(", ")
}

/// The states of a list, each with the words of its link; the first is shown when none is asked for.
type Etats = [(&'static str, &'static str)];

/// The state that a list is asked for.
fn etat_voulu(demande: &Formulaire, etats: &Etats) -> &'static str {
    let voulu = etats.iter().find(|(code, _)| *code == demande.valeur("etat"));
    voulu.or(etats.first()).map_or("", |(code, _)| code)
}

/// The links to the other states of a list.
fn autres_etats(page: &Page, chemin: &str, etats: &Etats, etat: &str) -> Vec<Geste> {
    let autres = etats.iter().filter(|(code, _)| *code != etat);
    autres
        .map(|(code, libelle)| Geste::lien(page, *libelle, &format!("{chemin}?etat={code}")))
        .collect()
}

/// Keeps a page of lines out of those read, which are one more when the list goes on; the last one kept gives the parameters of what follows.
fn paginer<T, const N: usize>(
    page: &Page,
    chemin: &str,
    lignes: &mut Vec<T>,
    parametres: impl FnOnce(&T) -> [(&'static str, String); N],
) -> Pagination {
    let encore = lignes.len() > PAR_PAGE as usize;
    lignes.truncate(PAR_PAGE as usize);
    let derniere = lignes.last().filter(|_| encore);
    Pagination::par_cle(None, derniere.map(|ligne| adresse(page, chemin, &parametres(ligne))))
}

/// Where a list goes on: the address of its page with these parameters.
fn adresse(page: &Page, chemin: &str, parametres: &[(&str, String)]) -> String {
    let requete = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parametres)
        .finish();
    page.fixe(&format!("{chemin}?{requete}"))
}
