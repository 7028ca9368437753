//! The words of the components, by language.

use crate::{
    langue::Langue,
    textes::{Phrase, Pluriel, Textes},
};
use serde::Deserialize;

/// The words of the components in every language.
pub static LIBELLES: Textes<Libelles> = Textes::en_francais(include_str!("../langues/fr.toml"))
    .et(Langue::En, include_str!("../langues/en.toml"))
    .et(Langue::Ar, include_str!("../langues/ar.toml"))
    .et(Langue::Pt, include_str!("../langues/pt.toml"))
    .et(Langue::Uk, include_str!("../langues/uk.toml"));

/// The words of the components in this language.
pub fn libelles(langue: Langue) -> &'static Libelles {
    LIBELLES.de(langue)
}

/// A file of `crates/ui/langues`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Libelles {
    pub site: Site,
    pub navigation: Navigation,
    pub preferences: Preferences,
    pub formulaire: Formulaire,
    pub message: Message,
    pub pagination: Pagination,
    pub tableau: Tableau,
    pub etapes: Etapes,
    pub filtres: Filtres,
    pub recherche: Recherche,
    pub position: Position,
    pub ouverture: Ouverture,
    pub actions: Actions,
    pub fichier: Fichier,
    pub carte: Carte,
    pub graphique: Graphique,
    pub erreurs: Erreurs,
    pub dates: Dates,
    pub nombres: Nombres,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Site {
    pub nom: Phrase,
    pub devise: Phrase,
    pub demonstration: Phrase,
    pub accueil: Phrase,
    pub accessibilite_non_conforme: Phrase,
    pub accessibilite_partielle: Phrase,
    pub accessibilite_totale: Phrase,
    pub mentions: Phrase,
    pub donnees_personnelles: Phrase,
    pub donnees_ouvertes: Phrase,
    pub etat_du_service: Phrase,
    pub sources: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Navigation {
    pub aller_au_contenu: Phrase,
    pub aller_au_pied: Phrase,
    pub principale: Phrase,
    pub fil: Phrase,
    pub langues: Phrase,
    pub langue_actuelle: Phrase,
    pub pied: Phrase,
    pub compte: Phrase,
    pub retour: Phrase,
    pub haut_de_page: Phrase,
    pub en_francais: Phrase,
    pub nouvelle_fenetre: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Preferences {
    pub apparence: Phrase,
    pub auto: Phrase,
    pub clair: Phrase,
    pub sombre: Phrase,
    pub enregistrer: Phrase,
    pub version_texte: Phrase,
    pub version_complete: Phrase,
    pub version_texte_active: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Formulaire {
    pub facultatif: Phrase,
    pub erreur: Phrase,
    pub resume: Pluriel,
    pub jour: Phrase,
    pub mois: Phrase,
    pub annee: Phrase,
    pub choisir: Phrase,
    pub fichier: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Message {
    pub info: Phrase,
    pub succes: Phrase,
    pub attention: Phrase,
    pub erreur: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Pagination {
    pub nom: Phrase,
    pub precedente: Phrase,
    pub suivante: Phrase,
    pub page: Phrase,
    pub page_sur: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Tableau {
    pub trier: Phrase,
    pub croissant: Phrase,
    pub decroissant: Phrase,
    pub vide: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Etapes {
    pub nom: Phrase,
    pub etape: Phrase,
    pub faite: Phrase,
    pub a_venir: Phrase,
    pub suivante: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Filtres {
    pub titre: Phrase,
    pub actifs: Phrase,
    pub retirer: Phrase,
    pub tout_effacer: Phrase,
    pub appliquer: Phrase,
    pub compte: Pluriel,
    pub mise_a_jour: Phrase,
    pub compte_lu: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Recherche {
    pub nom: Phrase,
    pub rechercher: Phrase,
    pub suggestions: Pluriel,
    pub aucune: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Position {
    pub autour: Phrase,
    pub aide: Phrase,
    pub en_cours: Phrase,
    pub refusee: Phrase,
    pub indisponible: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Ouverture {
    pub ouvert: Phrase,
    pub ferme: Phrase,
    pub bientot_ferme: Phrase,
    pub inconnu: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Actions {
    pub copier: Phrase,
    pub copie: Phrase,
    pub copie_impossible: Phrase,
    pub imprimer: Phrase,
    pub telephoner: Phrase,
    pub ecrire: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Fichier {
    pub telecharger: Phrase,
    pub mis_a_jour: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Carte {
    pub agrandir: Phrase,
    pub fermer: Phrase,
    pub chargement: Phrase,
    pub echec: Phrase,
    pub zoomer: Phrase,
    pub dezoomer: Phrase,
    pub nom: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Graphique {
    pub donnees: Phrase,
    pub intitule: Phrase,
    pub valeur: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Erreurs {
    pub introuvable: Phrase,
    pub introuvable_detail: Phrase,
    pub refusee: Phrase,
    pub trop: Phrase,
    pub panne: Phrase,
    pub panne_detail: Phrase,
    pub revenir: Phrase,
    pub chercher: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a word or a pattern that speaks for itself in the language files"
)]
pub struct Dates {
    pub jours: [String; 7],
    pub mois: [String; 12],
    pub premier: Phrase,
    pub date: Phrase,
    pub jour_et_mois: Phrase,
    pub mois_et_annee: Phrase,
    pub heure: Phrase,
    pub heure_pleine: Phrase,
    pub avant_midi: Phrase,
    pub apres_midi: Phrase,
    pub plage: Phrase,
    pub aujourdhui: Phrase,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sign or a unit that speaks for itself in the language files"
)]
pub struct Nombres {
    pub milliers: Phrase,
    pub decimale: Phrase,
    pub metre: Phrase,
    pub kilometre: Phrase,
    pub octets: Phrase,
    pub ko: Phrase,
    pub mo: Phrase,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aucun_texte_ne_manque_dans_aucune_langue() {
        assert_eq!(LIBELLES.verifier(), []);
        assert!(Langue::TOUTES.into_iter().all(|langue| LIBELLES.existe_en(langue)));
    }
}
