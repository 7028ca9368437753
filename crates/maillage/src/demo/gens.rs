//! The people of the demonstration: one for each function at least, all invented.

use comptes::domain::{
    attribution::{Accord, Attribution},
    courriel::Courriel,
    fonction::Fonction,
    perimetre::{Genre, Perimetre},
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

/// First and last names, and the functions held, each over a perimeter; an empty perimeter is an organisation of their own.
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
    ("Yvonne", "Peyrat", &[(Fonction::Gestionnaire, "")]),
    (
        "Thomas",
        "Ollivaud",
        &[(Fonction::Gestionnaire, ""), (Fonction::Referent, "")],
    ),
    ("Awa", "Diarrassouba", &[(Fonction::Conseiller, "")]),
    ("Kévin", "Lantoine", &[(Fonction::Mediateur, "")]),
    ("Maïté", "Etcheverria", &[(Fonction::Coordinateur, "D:64")]),
    ("Paul", "Guiraudet", &[(Fonction::OrganismeFormation, "")]),
    ("Farida", "Amrani-Colas", &[(Fonction::AgentFranceServices, "")]),
    ("Jeanne", "Thiébaut", &[(Fonction::Prescripteur, "D:54")]),
    ("Samuel", "Nguyen-Bréal", &[(Fonction::Aidant, "")]),
    ("Odile", "Roussarie", &[(Fonction::Referent, "")]),
    ("Bastien", "Fauvet", &[(Fonction::Commanditaire, "D:33")]),
    ("Émilienne", "Carpentras", &[(Fonction::Elu, "C:01053")]),
    ("Ruben", "Saltiel", &[(Fonction::Chercheur, "N")]),
    ("Ingrid", "Hoareau", &[(Fonction::Auditeur, "N")]),
];

/// The people, the same for the same identifiers and day.
pub fn gens(ids: &Ids, at: Instant, date: Date) -> Vec<Figurant> {
    GENS.iter()
        .map(|(prenom, nom, tenues)| figurant(ids, at, date, (prenom, nom), tenues))
        .collect()
}

fn figurant(ids: &Ids, at: Instant, date: Date, (prenom, nom): (&str, &str), tenues: &[(Fonction, &str)]) -> Figurant {
    let nom = Nom {
        prenom: prenom.to_owned(),
        nom: nom.to_owned(),
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
    let organisation = Perimetre::Organisation(ids.next(at));
    let attributions = tenues
        .iter()
        .map(|(fonction, code)| {
            let perimetre = if code.is_empty() {
                organisation.clone()
            } else {
                Perimetre::lire(code).expect("the table names perimeters that exist")
            };
            debug_assert!(fonction.admet(&perimetre) && perimetre.genre() != Genre::Groupement);
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
    use std::collections::BTreeSet;

    #[test]
    fn la_demonstration_a_quelqu_un_pour_chaque_fonction() {
        let at = Instant::from_micros(0);
        let tous = gens(&Ids::seeded(1), at, jiff::civil::date(2026, 3, 3));
        let tenues: BTreeSet<_> = tous.iter().flat_map(|f| &f.attributions).map(|a| a.fonction).collect();
        // Over groups: these have no group in the demonstration yet.
        let sans: Vec<_> = Fonction::TOUTES.iter().filter(|f| !tenues.contains(f)).collect();
        assert_eq!(sans, [&Fonction::Hub, &Fonction::GrandReseau]);
    }
}
