//! The closed lists of the national standard, with the words that older files use for the same thing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::liste_fermee::{Entree, ListeFermee};

/// What people come to do or learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Help with administrative formalities.
    AideDemarches,
    /// Everyday digital tools.
    MaitriseOutils,
    /// Finding work.
    InsertionProfessionnelle,
    /// Safe use.
    UtilisationSecurisee,
    /// Parents and school.
    ParentaliteEducation,
    /// Leisure and creation.
    LoisirsCreations,
    /// Understanding the digital world.
    ComprehensionMonde,
    /// A connection or a computer on the spot.
    AccesInternetMateriel,
    /// Buying a computer at a fair price.
    AcquisitionMateriel,
}

impl ListeFermee for Service {
    const COLONNE: &'static str = "services";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: Service::AideDemarches,
            code: "aide-demarches",
            libelle: "Aide aux démarches administratives",
            alias: &[
                "Devenir autonome dans les démarches administratives",
                "Réaliser des démarches administratives avec un accompagnement",
                "Accompagner les démarches de santé",
                "Réaliser des démarches administratives",
                "Accompagnement aux démarches administratives",
                "numerique--devenir-autonome-dans-les-demarches-administratives",
                "numerique--realiser-des-demarches-administratives-avec-un-accompagnement",
                "numerique--accompagner-les-demarches-de-sante",
                "numerique--acceder-a-des-services-en-ligne",
            ],
        },
        Entree {
            valeur: Service::MaitriseOutils,
            code: "maitrise-outils",
            libelle: "Maîtrise des outils numériques du quotidien",
            alias: &[
                "Prendre en main un smartphone ou une tablette",
                "Prendre en main un ordinateur",
                "Utiliser le numérique au quotidien",
                "numerique--prendre-en-main-un-smartphone-ou-une-tablette",
                "numerique--prendre-en-main-un-ordinateur",
                "numerique--utiliser-le-numerique-au-quotidien",
                "numerique--maitriser-les-fondamentaux-du-numerique",
            ],
        },
        Entree {
            valeur: Service::InsertionProfessionnelle,
            code: "insertion-professionnelle",
            libelle: "Insertion professionnelle via le numérique",
            alias: &[
                "Favoriser mon insertion professionnelle",
                "Créer et développer mon entreprise",
                "numerique--favoriser-mon-insertion-professionnelle",
                "numerique--creer-et-developper-mon-entreprise",
            ],
        },
        Entree {
            valeur: Service::UtilisationSecurisee,
            code: "utilisation-securisee",
            libelle: "Utilisation sécurisée du numérique",
            alias: &["Utiliser le numérique en sécurité"],
        },
        Entree {
            valeur: Service::ParentaliteEducation,
            code: "parentalite-education",
            libelle: "Parentalité et éducation avec le numérique",
            alias: &[
                "Soutenir la parentalité et l'éducation avec le numérique",
                "numerique--soutenir-la-parentalite-et-l-education-avec-le-numerique",
            ],
        },
        Entree {
            valeur: Service::LoisirsCreations,
            code: "loisirs-creations",
            libelle: "Loisirs et créations numériques",
            alias: &["Créer avec le numérique", "numerique--creer-avec-le-numerique"],
        },
        Entree {
            valeur: Service::ComprehensionMonde,
            code: "comprehension-monde",
            libelle: "Compréhension du monde numérique",
            alias: &[
                "Approfondir ma culture numérique",
                "Approfondir sa culture numérique",
                "Promouvoir la citoyenneté numérique",
                "numerique--approfondir-ma-culture-numerique",
                "numerique--promouvoir-la-citoyennete-numerique",
            ],
        },
        Entree {
            valeur: Service::AccesInternetMateriel,
            code: "acces-internet-materiel",
            libelle: "Accès internet et matériel informatique",
            alias: &[
                "Accéder à une connexion internet",
                "Accéder à du matériel",
                "numerique--acceder-a-une-connexion-internet",
                "numerique--acceder-a-du-materiel",
            ],
        },
        Entree {
            valeur: Service::AcquisitionMateriel,
            code: "acquisition-materiel",
            libelle: "Acquisition de matériel informatique à prix solidaire",
            alias: &[
                "S'équiper en matériel informatique",
                "numerique--s-equiper-en-materiel-informatique",
                "numerique--acquerir-un-equipement",
            ],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

/// People for whom the place was specially made; none means everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Public {
    /// Young people.
    Jeunes,
    /// Students.
    Etudiants,
    /// Families and children.
    Familles,
    /// Older people.
    Seniors,
    /// Women.
    Femmes,
}

impl ListeFermee for Public {
    const COLONNE: &'static str = "publics_specifiquement_adresses";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: Public::Jeunes,
            code: "jeunes",
            libelle: "Jeunes",
            alias: &["Jeunes (16-26 ans)", "jeunes-16-26", "Jeune", "Jeunes (16 - 26 ans)"],
        },
        Entree {
            valeur: Public::Etudiants,
            code: "etudiants",
            libelle: "Étudiants",
            alias: &["Étudiant", "Étudiante"],
        },
        Entree {
            valeur: Public::Familles,
            code: "familles",
            libelle: "Familles et/ou enfants",
            alias: &["Familles/enfants", "familles-enfants", "Familles", "Enfants"],
        },
        Entree {
            valeur: Public::Seniors,
            code: "seniors",
            libelle: "Seniors",
            alias: &["Seniors (+ 65 ans)", "seniors-65", "Senior", "Seniors (65 ans et plus)"],
        },
        Entree {
            valeur: Public::Femmes,
            code: "femmes",
            libelle: "Femmes",
            alias: &["Uniquement femmes"],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

/// A special need that the place knows how to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PriseEnCharge {
    /// Deafness.
    Surdite,
    /// Motor disability.
    HandicapsMoteurs,
    /// Mental disability.
    HandicapsMentaux,
    /// Illiteracy.
    Illettrisme,
    /// English spoken.
    LanguesAnglais,
    /// Other languages spoken.
    LanguesAutres,
    /// Poor sight.
    DeficienceVisuelle,
}

impl ListeFermee for PriseEnCharge {
    const COLONNE: &'static str = "prise_en_charge_specifique";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: PriseEnCharge::Surdite,
            code: "surdite",
            libelle: "Surdité",
            alias: &["Sourds et malentendants"],
        },
        Entree {
            valeur: PriseEnCharge::HandicapsMoteurs,
            code: "handicaps-moteurs",
            libelle: "Handicaps moteurs",
            alias: &["Handicap moteur"],
        },
        Entree {
            valeur: PriseEnCharge::HandicapsMentaux,
            code: "handicaps-mentaux",
            libelle: "Handicaps mentaux",
            alias: &[
                "Handicap mental",
                "Handicaps mentaux : déficiences limitant les activités d'une personne",
                "Handicaps psychiques : troubles psychiatriques donnant lieu à des atteintes comportementales",
                "handicaps-psychiques",
            ],
        },
        Entree {
            valeur: PriseEnCharge::Illettrisme,
            code: "illettrisme",
            libelle: "Illettrisme",
            alias: &[
                "Personnes en situation d'illettrisme",
                "personnes-en-situation-illettrisme",
            ],
        },
        Entree {
            valeur: PriseEnCharge::LanguesAnglais,
            code: "langues-anglais",
            libelle: "Langues étrangères (anglais)",
            alias: &["Langue étrangère (anglais)", "Anglais"],
        },
        Entree {
            valeur: PriseEnCharge::LanguesAutres,
            code: "langues-autres",
            libelle: "Langues étrangères (autres)",
            alias: &[
                "Langues étrangères (autre)",
                "Langue étrangère (autre)",
                "Langue étrangère (autres)",
                "Langues étrangères",
                "Public langues étrangères",
                "public-langues-etrangeres",
            ],
        },
        Entree {
            valeur: PriseEnCharge::DeficienceVisuelle,
            code: "deficience-visuelle",
            libelle: "Déficience visuelle",
            alias: &["Déficiences visuelles", "Malvoyants"],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

/// What the visitor pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Frais {
    /// Nothing.
    Gratuit,
    /// Nothing for some.
    GratuitSousCondition,
    /// A price.
    Payant,
}

impl ListeFermee for Frais {
    const COLONNE: &'static str = "frais_a_charge";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: Frais::Gratuit,
            code: "gratuit",
            libelle: "Gratuit",
            alias: &[
                "Gratuit : Je peux accéder gratuitement au lieu et à ses services",
                "Gratuite",
            ],
        },
        Entree {
            valeur: Frais::GratuitSousCondition,
            code: "gratuit-sous-condition",
            libelle: "Gratuit sous condition",
            alias: &[
                "Gratuit sous condition : La gratuité est conditionnée à des critères (situation familiale, convention avec un organisme social...)",
                "Gratuit sous conditions",
                "gratuit-sous-conditions",
                "Accepte le Pass numérique : Il est possible d'utiliser un Pass numérique pour accéder au lieu",
                "Accepte le Pass numérique",
                "Pass numérique",
                "pass-numerique",
            ],
        },
        Entree {
            valeur: Frais::Payant,
            code: "payant",
            libelle: "Payant",
            alias: &[
                "Payant : L'accès au lieu et/ou à ses services est payant",
                "Adhésion : L'accès au lieu et/ou à ses services nécessite d'y adhérer",
                "Adhésion",
            ],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

/// A national programme that the place takes part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dispositif {
    /// Aidants Connect.
    AidantsConnect,
    /// Reference digital libraries.
    BibliothequesNumeriques,
    /// PIX certification.
    CertificationPix,
    /// Conseillers numériques.
    ConseillersNumeriques,
    /// Emmaüs Connect.
    EmmausConnect,
    /// France Services.
    FranceServices,
    /// Grande école du numérique.
    GrandeEcoleNumerique,
    /// Red Cross.
    CroixRouge,
    /// Access point of the family allowance fund.
    PointNumeriqueCaf,
    /// Promeneurs du net.
    PromeneursDuNet,
    /// Digital relay of Emmaüs Connect.
    RelaisNumerique,
}

impl ListeFermee for Dispositif {
    const COLONNE: &'static str = "dispositif_programmes_nationaux";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: Dispositif::AidantsConnect,
            code: "aidants-connect",
            libelle: "Aidants Connect",
            alias: &["Aidant Connect"],
        },
        Entree {
            valeur: Dispositif::BibliothequesNumeriques,
            code: "bibliotheques-numeriques",
            libelle: "Bibliothèques numérique de référence",
            alias: &[
                "Bibliothèques numériques de référence",
                "Bibliothèque numérique de référence",
            ],
        },
        Entree {
            valeur: Dispositif::CertificationPix,
            code: "certification-pix",
            libelle: "Certification PIX",
            alias: &["PIX"],
        },
        Entree {
            valeur: Dispositif::ConseillersNumeriques,
            code: "conseillers-numeriques",
            libelle: "Conseillers numériques",
            alias: &[
                "CNFS",
                "Conseiller numérique",
                "Conseiller numérique France Services",
                "Conseillers numériques France Services",
            ],
        },
        Entree {
            valeur: Dispositif::EmmausConnect,
            code: "emmaus-connect",
            libelle: "Emmaüs Connect",
            alias: &[],
        },
        Entree {
            valeur: Dispositif::FranceServices,
            code: "france-services",
            libelle: "France Services",
            alias: &["France Service", "MSAP"],
        },
        Entree {
            valeur: Dispositif::GrandeEcoleNumerique,
            code: "grande-ecole-numerique",
            libelle: "Grande école du numérique",
            alias: &["Grandes écoles du numérique", "grandes-ecoles-du-numerique"],
        },
        Entree {
            valeur: Dispositif::CroixRouge,
            code: "croix-rouge",
            libelle: "La Croix Rouge",
            alias: &["Croix Rouge", "Croix-Rouge française"],
        },
        Entree {
            valeur: Dispositif::PointNumeriqueCaf,
            code: "point-numerique-caf",
            libelle: "Point d'accès numérique CAF",
            alias: &["Point numérique CAF", "Point relais CAF", "CAF"],
        },
        Entree {
            valeur: Dispositif::PromeneursDuNet,
            code: "promeneurs-du-net",
            libelle: "Promeneurs du net",
            alias: &["Promeneur du net"],
        },
        Entree {
            valeur: Dispositif::RelaisNumerique,
            code: "relais-numerique",
            libelle: "Relais numérique (Emmaüs Connect)",
            alias: &["Relais numérique"],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

/// A training or a label that the standard knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FormationLabel {
    /// Trained to Mon Espace Santé.
    MonEspaceSante,
    /// Trained to DUPLEX (illiteracy).
    Duplex,
    /// Arnia/MedNum BFC.
    Arnia,
    /// Collectif ressources et acteurs réemploi.
    Crar,
    /// Étapes numériques of La Poste.
    EtapesNumeriques,
    /// Fabriques de Territoire.
    FabriquesDeTerritoire,
    /// Les Éclaireurs du numérique.
    EclaireursDuNumerique,
    /// Mes Papiers.
    MesPapiers,
    /// ORDI 3.0.
    Ordi30,
    /// SUD LABS.
    SudLabs,
}

impl ListeFermee for FormationLabel {
    const COLONNE: &'static str = "formations_labels";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: FormationLabel::MonEspaceSante,
            code: "mon-espace-sante",
            libelle: "Formé à « Mon Espace Santé »",
            alias: &["Mon Espace Santé"],
        },
        Entree {
            valeur: FormationLabel::Duplex,
            code: "duplex",
            libelle: "Formé à « DUPLEX » (illettrisme)",
            alias: &["Formé à « DUPLEX »"],
        },
        Entree {
            valeur: FormationLabel::Arnia,
            code: "arnia",
            libelle: "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
            alias: &["Arnia/MedNum BFC"],
        },
        Entree {
            valeur: FormationLabel::Crar,
            code: "crar",
            libelle: "Collectif ressources et acteurs réemploi (Normandie)",
            alias: &["Collectif ressources et acteurs réemploi"],
        },
        Entree {
            valeur: FormationLabel::EtapesNumeriques,
            code: "etapes-numeriques",
            libelle: "Étapes numériques (La Poste)",
            alias: &["Étapes numériques", "Étape numérique (La Poste)"],
        },
        Entree {
            valeur: FormationLabel::FabriquesDeTerritoire,
            code: "fabriques-de-territoire",
            libelle: "Fabriques de Territoire",
            alias: &["Fabrique de Territoire"],
        },
        Entree {
            valeur: FormationLabel::EclaireursDuNumerique,
            code: "eclaireurs-du-numerique",
            libelle: "Les Éclaireurs du numérique (Drôme)",
            alias: &["Les Éclaireurs du numérique", "Éclaireurs du numérique"],
        },
        Entree {
            valeur: FormationLabel::MesPapiers,
            code: "mes-papiers",
            libelle: "Mes Papiers (Métropole de Lyon)",
            alias: &["Mes Papiers"],
        },
        Entree {
            valeur: FormationLabel::Ordi30,
            code: "ordi30",
            libelle: "ORDI 3.0",
            alias: &["ORDI3.0"],
        },
        Entree {
            valeur: FormationLabel::SudLabs,
            code: "sud-labs",
            libelle: "SUD LABS (PACA)",
            alias: &["SUD LABS", "Sud Lab"],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
    // The pattern of the schema v1.0.2 forgets the space before the parenthesis, and refuses the right label.
    fn ecrire(self) -> &'static str {
        match self {
            FormationLabel::EtapesNumeriques => "Étapes numériques(La Poste)",
            autre => autre.libelle(),
        }
    }
}

/// How to get an appointment or walk in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModaliteAcces {
    /// Walk in.
    SePresenter,
    /// Call.
    Telephoner,
    /// Write an e-mail.
    ContacterParMail,
    /// Book online.
    PrendreRdvEnLigne,
    /// Closed to the public.
    PasDePublic,
    /// Sent by a professional with a form.
    FicheDePrescription,
}

impl ListeFermee for ModaliteAcces {
    const COLONNE: &'static str = "modalites_acces";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: ModaliteAcces::SePresenter,
            code: "se-presenter",
            libelle: "Se présenter",
            alias: &["Sans rendez-vous"],
        },
        Entree {
            valeur: ModaliteAcces::Telephoner,
            code: "telephoner",
            libelle: "Téléphoner",
            alias: &["Par téléphone"],
        },
        Entree {
            valeur: ModaliteAcces::ContacterParMail,
            code: "contacter-par-mail",
            libelle: "Contacter par mail",
            alias: &["Contacter par courriel", "envoyer-un-mail", "envoyer-un-courriel"],
        },
        Entree {
            valeur: ModaliteAcces::PrendreRdvEnLigne,
            code: "prendre-rdv-en-ligne",
            libelle: "Prendre un RDV en ligne",
            alias: &["Prendre RDV en ligne", "Prendre un rendez-vous en ligne"],
        },
        Entree {
            valeur: ModaliteAcces::PasDePublic,
            code: "pas-de-public",
            libelle: "Ce lieu n'accueille pas de public",
            alias: &[],
        },
        Entree {
            valeur: ModaliteAcces::FicheDePrescription,
            code: "fiche-de-prescription",
            libelle: "Envoyer un mail avec une fiche de prescription",
            alias: &["envoyer-un-mail-avec-une-fiche-de-prescription"],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

/// How people are accompanied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModaliteAccompagnement {
    /// On one's own.
    EnAutonomie,
    /// One to one.
    Individuel,
    /// In a group workshop.
    AtelierCollectif,
    /// Remotely.
    ADistance,
}

impl ListeFermee for ModaliteAccompagnement {
    const COLONNE: &'static str = "modalites_accompagnement";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: ModaliteAccompagnement::EnAutonomie,
            code: "en-autonomie",
            libelle: "En autonomie",
            alias: &["Seul : j'ai accès à du matériel et une connexion", "Seul", "autonomie"],
        },
        Entree {
            valeur: ModaliteAccompagnement::Individuel,
            code: "individuel",
            libelle: "Accompagnement individuel",
            alias: &[
                "Avec de l'aide : je suis accompagné seul dans l'usage du numérique",
                "Avec de l'aide",
                "A ma place : une personne habilitée fait les démarches à ma place",
                "A ma place",
                "accompagnement",
                "delegation",
            ],
        },
        Entree {
            valeur: ModaliteAccompagnement::AtelierCollectif,
            code: "atelier-collectif",
            libelle: "Dans un atelier collectif",
            alias: &[
                "Dans un atelier : j'apprends collectivement à utiliser le numérique",
                "Dans un atelier",
                "atelier",
            ],
        },
        Entree {
            valeur: ModaliteAccompagnement::ADistance,
            code: "a-distance",
            libelle: "À distance",
            alias: &["Accompagnement à distance"],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

/// Whether the place moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Itinerance {
    /// Moves from place to place.
    Itinerant,
    /// Stays.
    Fixe,
}

impl ListeFermee for Itinerance {
    const COLONNE: &'static str = "itinerance";
    const VALEURS: &'static [Entree<Self>] = &[
        Entree {
            valeur: Itinerance::Itinerant,
            code: "itinerant",
            libelle: "Itinérant",
            alias: &["Itinérante", "Mobile"],
        },
        Entree {
            valeur: Itinerance::Fixe,
            code: "fixe",
            libelle: "Fixe",
            alias: &[],
        },
    ];
    fn indice(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::typologie::Typologie;
    use std::collections::HashMap;
    use territoire::plier;

    fn verifier<L: ListeFermee + Serialize + std::fmt::Debug>(nombre: usize) {
        assert_eq!(L::VALEURS.len(), nombre, "{}", L::COLONNE);
        let mut plis: HashMap<String, L> = HashMap::new();
        for (indice, entree) in L::VALEURS.iter().enumerate() {
            assert_eq!(entree.valeur.indice(), indice);
            assert_eq!(serde_json::to_value(entree.valeur).unwrap(), entree.code);
            assert_eq!(L::du_code(entree.code), Some(entree.valeur));
            for graphie in [entree.code, entree.libelle, entree.valeur.ecrire()]
                .iter()
                .chain(entree.alias)
            {
                assert_eq!(L::lire(graphie), Some(entree.valeur), "{graphie}");
                let autre = plis.insert(plier(graphie), entree.valeur);
                assert!(autre.is_none_or(|a| a == entree.valeur), "{graphie} a deux sens");
            }
        }
    }

    #[test]
    fn chaque_liste_est_complete_et_sans_ambiguite() {
        verifier::<Service>(9);
        verifier::<Public>(5);
        verifier::<PriseEnCharge>(7);
        verifier::<Frais>(3);
        verifier::<Dispositif>(11);
        verifier::<FormationLabel>(10);
        verifier::<ModaliteAcces>(6);
        verifier::<ModaliteAccompagnement>(4);
        verifier::<Itinerance>(2);
        verifier::<Typologie>(92);
    }

    #[test]
    fn l_apostrophe_courbe_et_les_deux_graphies_des_etapes_numeriques_sont_lues() {
        assert_eq!(
            ModaliteAcces::lire("Ce lieu n’accueille pas de public"),
            Some(ModaliteAcces::PasDePublic)
        );
        for graphie in ["Étapes numériques(La Poste)", "Étapes numériques (La Poste)"] {
            assert_eq!(FormationLabel::lire(graphie), Some(FormationLabel::EtapesNumeriques));
        }
    }

    #[test]
    fn un_mot_contenu_dans_un_autre_n_est_pas_confondu() {
        assert_eq!(Frais::lire("Gratuit sous condition"), Some(Frais::GratuitSousCondition));
        assert_eq!(Typologie::lire("CCAS"), Some(Typologie::Ccas));
        assert_eq!(Typologie::lire("PE"), Some(Typologie::Ft));
        assert_eq!(Service::lire("aide"), None);
    }
}
