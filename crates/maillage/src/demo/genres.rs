//! The kinds of places of the demonstration, with how common each is and what it offers.

use super::{hasard::Hasard, repartition::Endroit};
use lieux::domain::{
    listes::{Dispositif, FormationLabel, PriseEnCharge, Public, Service},
    typologie::Typologie,
};

/// The invented sources that gathered the places, by network.
pub const SOURCES: &[&str] = &[
    "Inventaire de démonstration",
    "Réseau fictif des médiathèques",
    "Réseau fictif des associations",
];
/// The source that knows some places a second time.
pub const SECONDE_SOURCE: &str = "Annuaire fictif des départements";

/// Every service, so that a place may offer any.
pub const SERVICES: &[Service] = &[
    Service::AideDemarches,
    Service::MaitriseOutils,
    Service::InsertionProfessionnelle,
    Service::UtilisationSecurisee,
    Service::ParentaliteEducation,
    Service::LoisirsCreations,
    Service::ComprehensionMonde,
    Service::AccesInternetMateriel,
    Service::AcquisitionMateriel,
];
/// Every public.
pub const PUBLICS: &[Public] = &[
    Public::Jeunes,
    Public::Etudiants,
    Public::Familles,
    Public::Seniors,
    Public::Femmes,
];
/// Every special need.
pub const PRISES_EN_CHARGE: &[PriseEnCharge] = &[
    PriseEnCharge::Surdite,
    PriseEnCharge::HandicapsMoteurs,
    PriseEnCharge::HandicapsMentaux,
    PriseEnCharge::Illettrisme,
    PriseEnCharge::LanguesAnglais,
    PriseEnCharge::LanguesAutres,
    PriseEnCharge::DeficienceVisuelle,
];
/// The trainings that exist everywhere.
pub const FORMATIONS: &[FormationLabel] = &[FormationLabel::MonEspaceSante, FormationLabel::Duplex];
/// What ends a short presentation.
pub const COMPLEMENTS: &[&str] = &[
    "Vous pouvez venir sans rendez-vous.",
    "Un conseiller vous reçoit à votre rythme.",
    "Des ordinateurs sont à votre disposition.",
    "Pensez à apporter vos papiers et votre téléphone.",
    "Des ateliers ont lieu chaque mois.",
];

/// A kind of place.
#[derive(Debug)]
pub struct Genre {
    /// How many of a hundred places are of this kind.
    pub part: u32,
    pub typologie: Typologie,
    /// Names, where `{de}` is the commune after "de", `{nom}` a person's name, `{quartier}` a part of town.
    pub noms: &'static [&'static str],
    /// The beginning of its domain.
    pub domaine: &'static str,
    pub resume: &'static str,
    pub services: &'static [Service],
    pub dispositifs: &'static [Dispositif],
    pub parente: Option<&'static str>,
    /// The rank of its source in [`SOURCES`].
    pub reseau: u8,
    /// Whether it opens on Saturday as libraries do.
    pub samedi: bool,
    pub itinerant: bool,
    /// The population below which a commune has none.
    pub habitants: u32,
}

const ORDINAIRE: Genre = Genre {
    part: 0,
    typologie: Typologie::Autre,
    noms: &[],
    domaine: "lieu",
    resume: "",
    services: &[Service::AideDemarches],
    dispositifs: &[],
    parente: None,
    reseau: 0,
    samedi: false,
    itinerant: false,
    habitants: 0,
};

const MAIRIE: Genre = Genre {
    part: 17,
    typologie: Typologie::Muni,
    noms: &[
        "Mairie {de}",
        "Mairie annexe {quartier}",
        "Espace numérique municipal {quartier}",
        "Maison des services {quartier}",
    ],
    domaine: "mairie",
    resume: "La mairie vous aide dans vos démarches en ligne.",
    services: &[Service::AideDemarches, Service::AccesInternetMateriel],
    ..ORDINAIRE
};

/// Every kind; the shares add up to 100.
pub const GENRES: &[Genre] = &[
    MAIRIE,
    Genre {
        part: 18,
        typologie: Typologie::Bib,
        noms: &[
            "Médiathèque {nom}",
            "Bibliothèque {nom}",
            "Médiathèque {quartier}",
            "Bibliothèque municipale {de}",
        ],
        domaine: "mediatheque",
        resume: "La médiathèque propose des ordinateurs et une aide personnelle.",
        services: &[
            Service::AccesInternetMateriel,
            Service::MaitriseOutils,
            Service::LoisirsCreations,
        ],
        dispositifs: &[Dispositif::BibliothequesNumeriques],
        reseau: 1,
        samedi: true,
        ..ORDINAIRE
    },
    Genre {
        part: 12,
        typologie: Typologie::Rfs,
        noms: &["France Services {de}", "France Services {quartier}"],
        domaine: "france-services",
        resume: "Un guichet pour toutes les démarches administratives du quotidien.",
        services: &[Service::AideDemarches, Service::AccesInternetMateriel],
        dispositifs: &[Dispositif::FranceServices],
        parente: Some("France Services"),
        ..ORDINAIRE
    },
    Genre {
        part: 11,
        typologie: Typologie::Ccas,
        noms: &[
            "CCAS {de}",
            "Centre communal d’action sociale {de}",
            "CCAS {de} – antenne {quartier}",
        ],
        domaine: "ccas",
        resume: "Le centre communal d’action sociale vous accompagne pour vos droits.",
        services: &[Service::AideDemarches],
        habitants: 1500,
        ..ORDINAIRE
    },
    Genre {
        part: 8,
        typologie: Typologie::Cs,
        noms: &[
            "Centre social {nom}",
            "Centre social {quartier}",
            "Maison des habitants {quartier}",
        ],
        domaine: "centre-social",
        resume: "Le centre social accueille les familles du quartier.",
        services: &[
            Service::AideDemarches,
            Service::ParentaliteEducation,
            Service::MaitriseOutils,
        ],
        parente: Some("Fédération fictive des centres sociaux"),
        reseau: 2,
        habitants: 3000,
        ..ORDINAIRE
    },
    Genre {
        part: 6,
        typologie: Typologie::TiersLieux,
        noms: &[
            "Tiers-lieu La Fabrique {de}",
            "Tiers-lieu Le Quai",
            "L’Escale, tiers-lieu {de}",
            "Tiers-lieu Les Ateliers {nom}",
        ],
        domaine: "tiers-lieu",
        resume: "Un lieu partagé pour travailler, apprendre et bricoler.",
        services: &[
            Service::LoisirsCreations,
            Service::ComprehensionMonde,
            Service::AccesInternetMateriel,
        ],
        reseau: 2,
        samedi: true,
        ..ORDINAIRE
    },
    Genre {
        part: 9,
        typologie: Typologie::Asso,
        noms: &[
            "Association Clic et Compagnie",
            "Les Astucieux du numérique {de}",
            "Association Souris verte",
            "Entraide numérique {de}",
            "Association Le Coup de pouce",
        ],
        domaine: "association",
        resume: "Des bénévoles formés vous aident à prendre en main vos outils.",
        services: &[Service::MaitriseOutils, Service::UtilisationSecurisee],
        reseau: 2,
        ..ORDINAIRE
    },
    Genre {
        part: 3,
        typologie: Typologie::Ml,
        noms: &["Mission locale {de}", "Mission locale – antenne {quartier}"],
        domaine: "mission-locale",
        resume: "La mission locale accompagne les jeunes vers l’emploi.",
        services: &[Service::InsertionProfessionnelle, Service::AideDemarches],
        habitants: 8000,
        ..ORDINAIRE
    },
    Genre {
        part: 3,
        typologie: Typologie::Mds,
        noms: &[
            "Maison départementale des solidarités {de}",
            "Maison des solidarités {quartier}",
        ],
        domaine: "solidarites",
        resume: "Le service social du département vous reçoit et vous oriente.",
        services: &[Service::AideDemarches],
        parente: Some("Conseil départemental"),
        habitants: 5000,
        ..ORDINAIRE
    },
    Genre {
        part: 3,
        typologie: Typologie::Evs,
        noms: &["Espace de vie sociale {nom}", "La Ruche {de}"],
        domaine: "vie-sociale",
        resume: "Un lieu de rencontre ouvert à tous.",
        services: &[Service::MaitriseOutils, Service::ParentaliteEducation],
        reseau: 2,
        ..ORDINAIRE
    },
    Genre {
        part: 2,
        typologie: Typologie::Fablab,
        noms: &["Fablab {de}", "Fablab L’Établi"],
        domaine: "fablab",
        resume: "Un atelier de fabrication numérique ouvert aux curieux.",
        services: &[Service::LoisirsCreations, Service::ComprehensionMonde],
        reseau: 2,
        samedi: true,
        habitants: 4000,
        ..ORDINAIRE
    },
    Genre {
        part: 2,
        typologie: Typologie::Ressourcerie,
        noms: &["Ressourcerie {de}", "Ressourcerie La Deuxième Vie"],
        domaine: "ressourcerie",
        resume: "Des ordinateurs remis en état à prix solidaire.",
        services: &[Service::AcquisitionMateriel],
        reseau: 2,
        samedi: true,
        habitants: 2000,
        ..ORDINAIRE
    },
    Genre {
        part: 2,
        typologie: Typologie::PijBij,
        noms: &["Information jeunesse {de}", "Point information jeunesse {quartier}"],
        domaine: "jeunesse",
        resume: "Un accueil gratuit et sans rendez-vous pour les jeunes.",
        services: &[Service::InsertionProfessionnelle, Service::AccesInternetMateriel],
        dispositifs: &[Dispositif::PromeneursDuNet],
        habitants: 6000,
        ..ORDINAIRE
    },
    Genre {
        part: 4,
        typologie: Typologie::Enm,
        noms: &[
            "Bus numérique {de}",
            "Le Numéribus {de}",
            "France Services itinérant {de}",
            "Caravane numérique {de}",
        ],
        domaine: "bus-numerique",
        resume: "Le bus numérique vient près de chez vous.",
        services: &[
            Service::AideDemarches,
            Service::MaitriseOutils,
            Service::AccesInternetMateriel,
        ],
        dispositifs: &[Dispositif::ConseillersNumeriques],
        itinerant: true,
        ..ORDINAIRE
    },
];

/// The kind of the place of this rank in its commune; the first is the town hall.
pub fn choisir(endroit: &Endroit, rang: usize, hasard: &mut Hasard) -> &'static Genre {
    if rang == 0 && !hasard.une_fois_sur(3) {
        return &GENRES[0];
    }
    loop {
        let mut tirage = hasard.entre(1..=100);
        for genre in GENRES {
            if tirage > genre.part {
                tirage -= genre.part;
            } else if endroit.habitants >= genre.habitants {
                return genre;
            } else {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn les_parts_font_cent() {
        assert_eq!(GENRES.iter().map(|g| g.part).sum::<u32>(), 100);
    }
}
