//! Who is signed in, at the end of every page's header, and the warning that stays when one acts in someone's place.

use crate::permissions::{GererSonCompte, InviterPersonne, VoirOrganisations, VoirPersonnes};
use socle::permissions::may_try;
use ui::{
    composants::EntreeMenu,
    page::{Alerte, EnteteDeCompte, Lien, Page},
};

/// Dresses every page.
pub const ENTETE: EnteteDeCompte = EnteteDeCompte(habiller);

fn habiller(page: &mut Page) {
    let mut liens = Vec::new();
    if may_try::<VoirPersonnes>(&page.acteur) {
        liens.push(("Personnes", "/personnes"));
    }
    if may_try::<VoirOrganisations>(&page.acteur) {
        liens.push(("Organisations", "/organisations"));
    }
    // Whoever has the list of people finds the invitations there: the header stays short on a telephone.
    if may_try::<InviterPersonne>(&page.acteur) && !may_try::<VoirPersonnes>(&page.acteur) {
        liens.push(("Invitations", "/invitations"));
    }
    let signe = may_try::<GererSonCompte>(&page.acteur);
    liens.push(if signe {
        ("Mon compte", "/compte")
    } else {
        ("Se connecter", "/connexion")
    });
    // Professional pages are in French alone; other languages keep the public pages.
    page.compte = liens
        .into_iter()
        .map(|(libelle, chemin)| EntreeMenu {
            lien: Lien::new(libelle, page.fixe(chemin)),
            actif: page.chemin == chemin || page.chemin.starts_with(&format!("{chemin}/")),
        })
        .collect();
    if page.acteur.really.is_some() {
        let nom = page.acteur.name.clone().unwrap_or_default();
        page.alerte = Some(Alerte {
            texte: format!("Vous agissez à la place de {nom}. Tout est écrit au journal sous vos deux noms."),
            bouton: "Rendre la place".to_owned(),
            action: page.fixe("/place/rendre"),
        });
    }
}
