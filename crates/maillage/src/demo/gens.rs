//! The people of the demonstration: one for each function at least, all invented.

use super::structures::Structures;
use comptes::domain::{
    attribution::{Accord, Attribution},
    courriel::Courriel,
    fonction::Fonction,
    personne::{Contact, Moyen, Nom, Personne},
};
use jiff::civil::Date;
use socle::{clock::Instant, ids::Ids};
use territoire::plier;

/// A person with what they hold and how they are reached.
#[derive(Debug, Clone)]
pub struct Figurant {
    /// The person.
    pub personne: Personne,
    /// Their address.
    pub contact: Contact,
    /// What they hold.
    pub attributions: Vec<Attribution>,
}

/// A first name, a last name, and what is held.
type Role = (&'static str, &'static str, &'static [(Fonction, &'static str)]);

/// First and last names, and the functions held, each over a territory, or over an organisation or a group by its key.
const GENS: &[Role] = &[
    ("Ada", "Lheureux", &[(Fonction::Administration, "N")]),
    ("Nadia", "Belkacem", &[(Fonction::Prefecture, "D:01")]),
    ("Loïc", "Kerbrat", &[(Fonction::Prefecture, "D:29")]),
    ("Solange", "Taputuarai", &[(Fonction::Prefecture, "T:987")]),
    ("Gérard", "Marchandiau", &[(Fonction::Prefet, "D:01")]),
    ("Hélène", "Vasseur-Roy", &[(Fonction::Prefecture, "R:84")]),
    ("Mourad", "Chérif", &[(Fonction::Anct, "N")]),
    ("Claire", "Demangeot", &[(Fonction::DecideurAnct, "N")]),
    ("Bénédicte", "Oury", &[(Fonction::Payeur, "N")]),
    ("Yvonne", "Peyrat", &[(Fonction::Gestionnaire, "@passerelle")]),
    (
        "Thomas",
        "Ollivaud",
        &[(Fonction::Gestionnaire, "@ccas"), (Fonction::Referent, "@ccas")],
    ),
    ("Awa", "Diarrassouba", &[(Fonction::Conseiller, "@passerelle")]),
    ("Kévin", "Lantoine", &[(Fonction::Mediateur, "@estran")]),
    ("Maïté", "Etcheverria", &[(Fonction::Coordinateur, "D:64")]),
    ("Paul", "Guiraudet", &[(Fonction::OrganismeFormation, "@formation")]),
    (
        "Farida",
        "Amrani-Colas",
        &[(Fonction::AgentFranceServices, "@france-services")],
    ),
    ("Jeanne", "Thiébaut", &[(Fonction::Prescripteur, "D:54")]),
    ("Samuel", "Nguyen-Bréal", &[(Fonction::Aidant, "@aidants")]),
    ("Odile", "Roussarie", &[(Fonction::Referent, "@aidants")]),
    ("Bastien", "Fauvet", &[(Fonction::Commanditaire, "D:33")]),
    ("Émilienne", "Carpentras", &[(Fonction::Elu, "C:01053")]),
    ("Ruben", "Saltiel", &[(Fonction::Chercheur, "N")]),
    ("Ingrid", "Hoareau", &[(Fonction::Auditeur, "N")]),
    ("Ghislaine", "Pomerleau", &[(Fonction::Hub, "@hub")]),
    ("Yann", "Queffurus", &[(Fonction::GrandReseau, "@reseau")]),
    ("Capucine", "Delaunay-Roche", &[(Fonction::Prefecture, "@nantua")]),
];

/// The people, the same for the same identifiers and day.
pub fn gens(ids: &Ids, at: Instant, date: Date, structures: &Structures) -> Vec<Figurant> {
    let un = |role: &Role| figurant(ids, at, date, structures, role);
    GENS.iter().map(un).collect()
}

fn figurant(ids: &Ids, at: Instant, date: Date, structures: &Structures, (prenom, nom, tenues): &Role) -> Figurant {
    let nom = Nom {
        prenom: (*prenom).to_owned(),
        nom: (*nom).to_owned(),
    };
    let local: String = format!("{}.{}", plier(&nom.prenom), plier(&nom.nom)).replace([' ', '\''], "-");
    let adresse = format!("{local}@maillage.example");
    let personne = Personne::nouvelle(ids.next(at), nom, at);
    let contact = Contact {
        id: ids.next(at),
        personne: personne.id,
        moyen: Moyen::Courriel(Courriel::lire(&adresse).expect("a folded name makes an address")),
        confirme_at: Some(at),
        ajoute_at: at,
    };
    let attributions = tenues
        .iter()
        .map(|(fonction, code)| {
            let perimetre = structures.perimetre(code);
            debug_assert!(fonction.admet(&perimetre));
            let accord = Accord {
                personne: personne.id,
                fonction: *fonction,
                portee: perimetre.codes(),
                perimetre,
                du: date,
                au: None,
            };
            Attribution::accorder(ids.next(at), accord, None, at).expect("the table grants what can be granted")
        })
        .collect();
    Figurant {
        personne,
        contact,
        attributions,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::structures::structures;
    use std::collections::BTreeSet;

    #[test]
    fn la_demonstration_a_quelqu_un_pour_chaque_fonction() {
        let at = Instant::from_micros(0);
        let (ids, date) = (Ids::seeded(1), jiff::civil::date(2026, 3, 3));
        let tous = gens(&ids, at, date, &structures(&ids, at, date));
        let tenues: BTreeSet<_> = tous.iter().flat_map(|f| &f.attributions).map(|a| a.fonction).collect();
        let sans: Vec<_> = Fonction::TOUTES.iter().filter(|f| !tenues.contains(f)).collect();
        assert_eq!(sans, [&Fonction::Commanditaire; 0]);
    }
}
