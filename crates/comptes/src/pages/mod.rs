//! The pages of accounts: signing in, one's own account, people and invitations.

pub mod cles;
pub mod compte;
pub mod connexion;
pub mod cookies;
pub mod defi;
pub mod delegations;
pub mod demonstration;
pub mod donnees;
pub mod entete;
pub mod fonctions;
pub mod fournisseur;
pub mod groupements;
pub mod invitation;
pub mod invitations;
pub mod liberation;
pub mod notifications;
pub mod organisations;
pub mod ouverture;
pub mod perimetre;
pub mod personnes;
pub mod place;
mod rapprochements;
mod renvoi;
pub mod reunion;
pub mod second_facteur;
pub mod securite;
mod separation;

use crate::permissions::{
    AccepterInvitation, AccorderFonction, CorrigerPersonne, DeleguerFonction, EffacerSonCompte, EntrerEnDemonstration,
    GarderFiche, GererSesFacteurs, GererSonCompte, InviterPersonne, LibererFacteurs, OuvrirFiche, PrendreLaPlace,
    RendreLaPlace, RetirerFonction, ReunirPersonnes, SeConnecter, VoirPersonnes, VoirSesDonnees,
};
use axum::http::Method;
use socle::{
    errors::{Erreur, Refus},
    routes::{Kind, Routes},
};
use ui::form::Formulaire;
use uuid::Uuid;

/// Every route of accounts.
pub fn routes() -> Routes {
    Routes::new()
        .merge(de_connexion())
        .merge(de_compte())
        .merge(de_personnes())
        .merge(organisations::routes())
        .merge(groupements::routes())
        .merge(rapprochements::routes())
        .merge(separation::routes())
}

fn de_connexion() -> Routes {
    Routes::new()
        .page::<SeConnecter, _, _>("/connexion", connexion::montrer)
        .post::<SeConnecter, _, _>("/connexion", connexion::demander)
        .page::<SeConnecter, _, _>("/connexion/code", connexion::montrer_code)
        .post::<SeConnecter, _, _>("/connexion/code", connexion::par_code)
        .page::<SeConnecter, _, _>("/connexion/lien/{jeton}", connexion::montrer_lien)
        .post::<SeConnecter, _, _>("/connexion/lien/{jeton}", connexion::par_lien)
        .post::<SeConnecter, _, _>("/deconnexion", connexion::sortir)
        .page::<GererSonCompte, _, _>("/connexion/confirmer", second_facteur::montrer)
        .post::<GererSonCompte, _, _>("/connexion/confirmer", second_facteur::verifier)
        .post::<GererSonCompte, _, _>("/connexion/confirmer/code", second_facteur::envoyer_code)
        .page::<SeConnecter, _, _>("/connexion/cle", cles::montrer_connexion)
        .post::<SeConnecter, _, _>("/connexion/cle", cles::entrer)
        .page::<GererSonCompte, _, _>("/connexion/confirmer/cle", cles::montrer_preuve)
        .post::<GererSonCompte, _, _>("/connexion/confirmer/cle", cles::prouver)
        .page::<SeConnecter, _, _>("/connexion/fournisseur", fournisseur::partir)
        .page::<SeConnecter, _, _>("/connexion/fournisseur/retour", fournisseur::revenir)
        .page::<EntrerEnDemonstration, _, _>("/demonstration", demonstration::montrer)
        .post::<EntrerEnDemonstration, _, _>("/demonstration", demonstration::entrer)
        .page::<SeConnecter, _, _>("/invitation", invitation::reprendre)
        .page::<SeConnecter, _, _>("/invitation/{jeton}", invitation::lire)
        .post::<SeConnecter, _, _>("/invitation/{jeton}", invitation::continuer)
        .post::<AccepterInvitation, _, _>("/invitation/{jeton}/accepter", invitation::accepter)
        .page::<SeConnecter, _, _>("/compte/contacts/confirmer/{jeton}", compte::montrer_confirmation)
        .post::<GererSesFacteurs, _, _>("/compte/contacts/confirmer/{jeton}", compte::confirmer_contact)
}

fn de_compte() -> Routes {
    Routes::new()
        .page::<GererSonCompte, _, _>("/compte", compte::montrer)
        .page::<GererSonCompte, _, _>("/compte/identite", compte::montrer_identite)
        .post::<GererSonCompte, _, _>("/compte/identite", compte::corriger)
        .page::<GererSesFacteurs, _, _>("/compte/contacts/nouveau", compte::montrer_contact)
        .post::<GererSesFacteurs, _, _>("/compte/contacts/nouveau", compte::ajouter_contact)
        .post::<GererSesFacteurs, _, _>("/compte/contacts/retirer", compte::retirer_contact)
        .post::<GererSonCompte, _, _>("/compte/fonction", compte::choisir_fonction)
        .post::<GererSonCompte, _, _>("/compte/sessions/fermer", compte::fermer_session)
        .post::<GererSonCompte, _, _>("/compte/sessions/fermer-les-autres", compte::fermer_les_autres)
        .page::<GererSonCompte, _, _>("/compte/notifications", notifications::montrer)
        .post::<GererSonCompte, _, _>("/compte/notifications/lire", notifications::lire)
        .page::<GererSonCompte, _, _>("/compte/notifications/preferences", notifications::montrer_preferences)
        .post::<GererSonCompte, _, _>("/compte/notifications/preferences", notifications::choisir)
        .page::<GererSesFacteurs, _, _>("/compte/securite", securite::montrer)
        .page::<GererSesFacteurs, _, _>("/compte/securite/application", securite::montrer_application)
        .post::<GererSesFacteurs, _, _>("/compte/securite/application", securite::ajouter_application)
        .post::<GererSesFacteurs, _, _>("/compte/securite/application/retirer", securite::retirer_application)
        .page::<GererSesFacteurs, _, _>("/compte/securite/cles/nouvelle", cles::montrer_nouvelle)
        .post::<GererSesFacteurs, _, _>("/compte/securite/cles/nouvelle", cles::ajouter)
        .page::<GererSesFacteurs, _, _>("/compte/securite/cles/renommer", cles::montrer_renommer)
        .post::<GererSesFacteurs, _, _>("/compte/securite/cles/renommer", cles::renommer)
        .post::<GererSesFacteurs, _, _>("/compte/securite/cles/retirer", cles::retirer)
        .post::<GererSesFacteurs, _, _>("/compte/securite/fournisseur", fournisseur::partir_lier)
        .post::<GererSesFacteurs, _, _>("/compte/securite/fournisseur/retirer", fournisseur::delier)
        .post::<GererSesFacteurs, _, _>("/compte/securite/secours", securite::renouveler_secours)
        .page::<VoirSesDonnees, _, _>("/compte/donnees", donnees::montrer)
        .add::<VoirSesDonnees, _, _>(Kind::File, Method::GET, "/compte/donnees.json", donnees::telecharger)
        .page::<EffacerSonCompte, _, _>("/compte/donnees/effacer", donnees::montrer_effacement)
        .post::<EffacerSonCompte, _, _>("/compte/donnees/effacer", donnees::effacer)
        .post::<RendreLaPlace, _, _>("/place/rendre", place::rendre_la_place)
}

fn de_personnes() -> Routes {
    Routes::new()
        .page::<VoirPersonnes, _, _>("/personnes", personnes::lister)
        .post::<VoirPersonnes, _, _>("/personnes", personnes::chercher)
        .page::<OuvrirFiche, _, _>("/personnes/nouvelle", ouverture::montrer_nouvelle)
        .post::<OuvrirFiche, _, _>("/personnes/nouvelle", ouverture::ouvrir)
        .page::<VoirPersonnes, _, _>("/personnes/{personne}", personnes::montrer)
        .post::<GarderFiche, _, _>("/personnes/{personne}/garder", personnes::garder)
        .page::<CorrigerPersonne, _, _>("/personnes/{personne}/modifier", personnes::montrer_modifier)
        .post::<CorrigerPersonne, _, _>("/personnes/{personne}/modifier", personnes::modifier)
        .page::<AccorderFonction, _, _>("/personnes/{personne}/accorder", fonctions::montrer_accorder)
        .post::<AccorderFonction, _, _>("/personnes/{personne}/accorder", fonctions::accorder)
        .page::<LibererFacteurs, _, _>("/personnes/{personne}/facteurs", liberation::montrer)
        .post::<LibererFacteurs, _, _>("/personnes/{personne}/facteurs", liberation::liberer)
        .page::<PrendreLaPlace, _, _>("/personnes/{personne}/place", place::montrer_place)
        .post::<PrendreLaPlace, _, _>("/personnes/{personne}/place", place::prendre_la_place)
        .page::<ReunirPersonnes, _, _>("/personnes/{personne}/reunir", reunion::montrer_reunir)
        .post::<ReunirPersonnes, _, _>("/personnes/{personne}/reunir", reunion::reunir)
        .post::<ReunirPersonnes, _, _>("/fusions/{fusion}/defaire", reunion::separer)
        .page::<RetirerFonction, _, _>("/attributions/{attribution}/retirer", fonctions::montrer_retirer)
        .post::<RetirerFonction, _, _>("/attributions/{attribution}/retirer", fonctions::retirer)
        .page::<DeleguerFonction, _, _>("/attributions/{attribution}/deleguer", delegations::montrer)
        .post::<DeleguerFonction, _, _>("/attributions/{attribution}/deleguer", delegations::deleguer)
        .post::<DeleguerFonction, _, _>("/delegations/{delegation}/retirer", delegations::retirer)
        .page::<InviterPersonne, _, _>("/invitations", invitations::lister)
        .page::<InviterPersonne, _, _>("/invitations/nouvelle", invitations::montrer_nouvelle)
        .post::<InviterPersonne, _, _>("/invitations/nouvelle", invitations::inviter)
        .post::<InviterPersonne, _, _>("/invitations/{invitation}/renvoyer", invitations::renvoyer)
        .post::<InviterPersonne, _, _>("/invitations/{invitation}/retirer", invitations::retirer)
}

/// What a form sent.
pub type Champs = axum::Form<Vec<(String, String)>>;

/// A path of this site to go back to; anything else is the account.
pub fn suite_sure(suite: &str) -> &str {
    let sure = suite.starts_with('/')
        && !suite.starts_with("//")
        && !suite.contains(['\\', '\r', '\n', '\t'])
        && suite.len() <= 500;
    if sure { suite } else { "/compte" }
}

/// The address of a page that goes on to `suite` afterwards.
fn vers(porte: &str, suite: &str) -> String {
    let suite: String = form_urlencoded::byte_serialize(suite_sure(suite).as_bytes()).collect();
    format!("{porte}?suite={suite}")
}

/// Whether a path's segment can be a token of ours.
fn est_jeton(jeton: &str) -> bool {
    jeton.len() == 64 && jeton.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The identifier that a button sent.
fn identifiant(form: &Formulaire, nom: &'static str) -> Result<Uuid, Erreur> {
    form.valeur(nom).parse().map_err(|_| {
        Erreur::Demande(Refus::champ(
            nom,
            "il manque ce sur quoi agir\u{a0}: revenez à la page précédente et recommencez",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_ne_continue_que_sur_ce_site() {
        for (suite, attendue) in [
            ("/personnes?q=a", "/personnes?q=a"),
            ("//ailleurs.example", "/compte"),
            ("https://ailleurs.example", "/compte"),
            ("/\\ailleurs.example", "/compte"),
            ("/a\r\nset-cookie: x", "/compte"),
            ("", "/compte"),
        ] {
            assert_eq!(suite_sure(suite), attendue, "{suite}");
        }
    }
}
