//! The words of the pages about places, by language: one file a language, and a test that none lacks a word.

use crate::domain::listes::{
    Dispositif, Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge, Public, Service,
};
use serde::{Deserialize, Deserializer, de};
use std::{collections::HashMap, marker::PhantomData};
use ui::{
    langue::Langue,
    page::Page,
    textes::{Phrase, Pluriel, Textes},
};

/// The words in every language.
pub static MOTS: Textes<Mots> = Textes::en_francais(include_str!("../langues/fr.toml"))
    .et(Langue::En, include_str!("../langues/en.toml"))
    .et(Langue::Ar, include_str!("../langues/ar.toml"))
    .et(Langue::Pt, include_str!("../langues/pt.toml"))
    .et(Langue::Uk, include_str!("../langues/uk.toml"));

/// The words in the language of a page.
pub fn mots(page: &Page) -> &'static Mots {
    MOTS.de(page.langue)
}

/// The words of a closed list, by the code of each value: a missing or unknown code is an error of the language file.
#[derive(Debug)]
pub struct Liste<L> {
    phrases: Vec<Phrase>,
    liste: PhantomData<L>,
}

impl<L: ListeFermee> Liste<L> {
    /// The words for a value.
    pub fn de(&self, valeur: L) -> &Phrase {
        &self.phrases[valeur.indice()]
    }
}

impl<'de, L: ListeFermee> Deserialize<'de> for Liste<L> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let mut par_code = HashMap::<String, Phrase>::deserialize(source)?;
        let phrase = |valeur: L| {
            let manque = || de::Error::custom(format!("il manque « {} » de {}", valeur.code(), L::COLONNE));
            par_code.remove(valeur.code()).ok_or_else(manque)
        };
        let phrases = L::toutes().map(phrase).collect::<Result<_, _>>()?;
        match par_code.into_keys().next() {
            None => Ok(Self {
                phrases,
                liste: PhantomData,
            }),
            Some(code) => Err(de::Error::custom(format!("« {code} » n’est pas dans {}", L::COLONNE))),
        }
    }
}

/// A file of `langues`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field has the name of its page")]
pub struct Mots {
    pub menu: Menu,
    pub accueil: Accueil,
    pub recherche: Recherche,
    pub resultats: Resultats,
    pub venue: Venue,
    pub horaires: Horaires,
    pub filtres: Filtres,
    pub carte: Carte,
    pub fiche: Fiche,
    pub orientation: Orientation,
    /// Only where someone wrote it by the rules of plain language.
    pub orientation_falc: Option<OrientationFalc>,
    pub listes: Listes,
}

/// The closed lists of the national standard in plain words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field has the name of its list")]
pub struct Listes {
    pub services: Liste<Service>,
    pub publics: Liste<Public>,
    pub prises_en_charge: Liste<PriseEnCharge>,
    pub frais: Liste<Frais>,
    pub dispositifs: Liste<Dispositif>,
    pub modalites_acces: Liste<ModaliteAcces>,
    pub modalites_accompagnement: Liste<ModaliteAccompagnement>,
    pub itinerance: Liste<Itinerance>,
}

/// The main menu.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Menu {
    pub trouver: Phrase,
    pub orientation: Phrase,
    pub donnees: Phrase,
}

/// The home page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Accueil {
    pub titre: Phrase,
    pub description: Phrase,
    pub chapo: Phrase,
    pub orientation_titre: Phrase,
    pub orientation_texte: Phrase,
    pub orientation_bouton: Phrase,
    pub marche_titre: Phrase,
    pub marche_1_titre: Phrase,
    pub marche_1: Phrase,
    pub marche_2_titre: Phrase,
    pub marche_2: Phrase,
    pub marche_3_titre: Phrase,
    pub marche_3: Phrase,
    pub tous: Phrase,
    pub professionnels_titre: Phrase,
    pub donnees: Phrase,
    pub donnees_texte: Phrase,
    pub integrer: Phrase,
    pub integrer_texte: Phrase,
    pub feuille: Phrase,
    pub feuille_texte: Phrase,
    pub lieux: Pluriel,
}

/// The search box and what was understood.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Recherche {
    pub libelle: Phrase,
    pub aide: Phrase,
    pub nom_ou_commune: Phrase,
    pub nouvelle: Phrase,
    pub ambigue_titre: Phrase,
    pub ambigue_texte: Phrase,
    pub habitants: Phrase,
    pub ou_nom: Phrase,
    pub chercher_nom: Phrase,
    pub introuvable_titre: Phrase,
    pub introuvable_texte: Phrase,
    pub vide: Phrase,
    pub commune_titre: Phrase,
    pub commune_texte: Phrase,
    pub code_titre: Phrase,
    pub code_texte: Phrase,
    pub rue_titre: Phrase,
    pub rue_texte: Phrase,
    pub rue_introuvable_titre: Phrase,
    pub rue_introuvable_texte: Phrase,
}

/// The results page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Resultats {
    pub titre: Phrase,
    pub titre_lieu: Phrase,
    pub titre_point: Phrase,
    pub titre_nom: Phrase,
    pub description: Phrase,
    pub liste: Phrase,
    pub dans_un_rayon: Phrase,
    pub tries: Phrase,
    pub tri_par_distance: Phrase,
    pub tri_par_nom: Phrase,
    pub tri_par_fraicheur: Phrase,
    pub trier: Phrase,
    pub tri_distance: Phrase,
    pub tri_nom: Phrase,
    pub tri_fraicheur: Phrase,
    pub tous_les_filtres: Phrase,
    pub vide: Phrase,
    pub vide_texte: Phrase,
    pub vide_distance: Phrase,
    pub vide_sans_filtre: Phrase,
    pub vide_sans_filtres: Phrase,
    pub vide_tout: Phrase,
    pub vide_proche: Phrase,
    pub a_distance: Phrase,
    pub passage: Phrase,
    pub passage_simple: Phrase,
    pub itinerant: Phrase,
    pub autres_services: Phrase,
    pub partager: Phrase,
    pub inconnues: Phrase,
}

/// How one is received.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Venue {
    pub sans: Phrase,
    pub avec_ou_sans: Phrase,
    pub sur: Phrase,
    pub telephoner: Phrase,
    pub ecrire: Phrase,
    pub prescription: Phrase,
    pub sans_detail: Phrase,
    pub avec_ou_sans_detail: Phrase,
    pub sur_detail: Phrase,
    pub telephoner_detail: Phrase,
    pub ecrire_detail: Phrase,
    pub prescription_detail: Phrase,
    pub public: Phrase,
    pub public_detail: Phrase,
    pub inconnue_detail: Phrase,
}

/// Opening hours in words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Horaires {
    pub jusqu_a: Phrase,
    pub sans_interruption: Phrase,
    pub ouvre_aujourdhui: Phrase,
    pub ouvre_demain: Phrase,
    pub ouvre_jour: Phrase,
    pub ferme: Phrase,
    pub minuit: Phrase,
    pub et: Phrase,
    pub incertain: Phrase,
    pub commentaire: Phrase,
    pub ferie: Phrase,
    pub legende: Phrase,
    pub sur_place: Phrase,
    pub bruts: Phrase,
    pub inconnus: Phrase,
    pub aujourdhui: Phrase,
    pub demain: Phrase,
}

/// The names of the filters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Filtres {
    pub rapides: Phrase,
    pub quand: Phrase,
    pub quand_indifferent: Phrase,
    pub ouvert: Phrase,
    pub week_end: Phrase,
    pub heure: Phrase,
    pub ouvert_a: Phrase,
    pub distance: Phrase,
    pub moins_de: Phrase,
    pub services: Phrase,
    pub acces: Phrase,
    pub accompagnement: Phrase,
    pub frais: Phrase,
    pub publics: Phrase,
    pub prises_en_charge: Phrase,
    pub dispositifs: Phrase,
    pub formations: Phrase,
    pub autres_formations: Phrase,
    pub typologies: Phrase,
    pub itinerance: Phrase,
    pub renseigne: Phrase,
    pub accessible: Phrase,
    pub rdv_en_ligne: Phrase,
    pub source: Phrase,
    pub plus: Phrase,
    pub qpv: Phrase,
    pub frr: Phrase,
}

/// The map.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Carte {
    pub voir: Phrase,
    pub titre: Phrase,
    pub aide: Phrase,
    pub nationale: Phrase,
    pub voir_nationale: Phrase,
    pub masquer_nationale: Phrase,
    pub nationale_aide: Phrase,
    pub depart: Phrase,
    pub bulle: Phrase,
    pub epingle: Phrase,
    pub lieux: Pluriel,
}

/// The page of a place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Fiche {
    pub description: Phrase,
    pub contact: Phrase,
    pub telephone: Phrase,
    pub courriel: Phrase,
    pub site: Phrase,
    pub prendre_rdv: Phrase,
    pub adresse: Phrase,
    pub horaires: Phrase,
    pub venir: Phrase,
    pub venue: Phrase,
    pub itineraire_titre: Phrase,
    pub itineraire: Phrase,
    pub coordonnees: Phrase,
    pub approche: Phrase,
    pub accessibilite: Phrase,
    pub acceslibre: Phrase,
    pub acceslibre_absente: Phrase,
    pub aide_titre: Phrase,
    pub services: Phrase,
    pub services_absents: Phrase,
    pub accompagnement: Phrase,
    pub prix: Phrase,
    pub prix_inconnu: Phrase,
    pub publics: Phrase,
    pub tout_public: Phrase,
    pub prises_en_charge: Phrase,
    pub presentation: Phrase,
    pub genre: Phrase,
    pub reseaux_titre: Phrase,
    pub reseaux: Phrase,
    pub structure: Phrase,
    pub passages: Phrase,
    pub passages_absents: Phrase,
    pub a_propos: Phrase,
    pub mise_a_jour: Phrase,
    pub date_inconnue: Phrase,
    pub origines_titre: Phrase,
    pub origines_texte: Phrase,
    pub origine_telle_quelle: Phrase,
    pub origine_remarquee: Phrase,
    pub nom: Phrase,
    pub identifiant: Phrase,
    pub position: Phrase,
    pub date: Phrase,
    pub ancienne: Phrase,
    pub source: Phrase,
    pub imprimer: Phrase,
    pub orientation: Phrase,
    pub affiche: Phrase,
    pub signaler: Phrase,
    pub signaler_titre: Phrase,
    pub signaler_texte: Phrase,
    pub proches: Phrase,
    pub proches_lien: Phrase,
    pub actions: Phrase,
    pub titre_introuvable: Phrase,
    pub texte_introuvable: Phrase,
}

/// The wizard.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Orientation {
    pub titre: Phrase,
    pub description: Phrase,
    pub besoin: Phrase,
    pub besoin_court: Phrase,
    pub ou: Phrase,
    pub ou_court: Phrase,
    pub ou_aide: Phrase,
    pub ou_choix: Phrase,
    pub ou_actuelle: Phrase,
    pub votre_position: Phrase,
    pub distance: Phrase,
    pub acces: Phrase,
    pub acces_court: Phrase,
    pub acces_aide: Phrase,
    pub public: Phrase,
    pub quand: Phrase,
    pub quand_court: Phrase,
    pub quand_maintenant: Phrase,
    pub quand_week_end: Phrase,
    pub heure: Phrase,
    pub ne_sait_pas: Phrase,
    pub peu_importe: Phrase,
    pub continuer: Phrase,
    pub voir: Phrase,
    pub passer: Phrase,
    pub recommencer: Phrase,
    pub erreur_ou: Phrase,
    pub erreur_introuvable: Phrase,
    pub falc: Phrase,
    pub normal: Phrase,
    pub compte: Pluriel,
    pub besoins: Liste<Service>,
}

/// The wizard, in plainer words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct OrientationFalc {
    pub titre: Phrase,
    pub besoin: Phrase,
    pub besoin_court: Phrase,
    pub ou: Phrase,
    pub ou_court: Phrase,
    pub ou_aide: Phrase,
    pub distance: Phrase,
    pub acces: Phrase,
    pub acces_court: Phrase,
    pub acces_aide: Phrase,
    pub public: Phrase,
    pub quand: Phrase,
    pub quand_court: Phrase,
    pub continuer: Phrase,
    pub voir: Phrase,
    pub besoins: Liste<Service>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aucun_mot_ne_manque_dans_aucune_langue() {
        assert_eq!(MOTS.verifier(), []);
        assert!(Langue::TOUTES.into_iter().all(|langue| MOTS.existe_en(langue)));
    }

    #[test]
    fn chaque_langue_garde_les_valeurs_a_placer() {
        let places = |source: &str| -> Vec<(String, Vec<String>)> {
            let mut places = Vec::new();
            parcourir(&source.parse::<toml::Table>().unwrap(), "", &mut places);
            places
        };
        let francais: HashMap<_, _> = places(include_str!("../langues/fr.toml")).into_iter().collect();
        for source in [
            include_str!("../langues/en.toml"),
            include_str!("../langues/ar.toml"),
            include_str!("../langues/pt.toml"),
            include_str!("../langues/uk.toml"),
        ] {
            for (cle, noms) in places(source) {
                if let Some(attendus) = francais.get(&cle) {
                    assert_eq!(&noms, attendus, "{cle}");
                }
            }
        }
    }

    /// The names between braces of each sentence; plurals are left out, since "one" may be said without its figure.
    fn parcourir(table: &toml::Table, chemin: &str, places: &mut Vec<(String, Vec<String>)>) {
        for (cle, valeur) in table {
            match valeur {
                toml::Value::String(texte) => {
                    let mut noms: Vec<String> = texte
                        .split('{')
                        .skip(1)
                        .filter_map(|suite| Some(suite.split_once('}')?.0.to_owned()))
                        .collect();
                    noms.sort();
                    places.push((format!("{chemin}.{cle}"), noms));
                }
                toml::Value::Table(sous) if !sous.contains_key("autre") => {
                    parcourir(sous, &format!("{chemin}.{cle}"), places);
                }
                _ => {}
            }
        }
    }
}
