//! The catalogue: every component in every state, which people look at and the accessibility test visits.

use crate::{
    charts::Graphique,
    composants::{
        Choix, Colonne, Description, Etape, EtatEtape, Etiquette, Fichier, FiltreActif, JourDeSemaine, Onglet, Ordre,
        Ouverture, Pagination, Tableau, Ton, Valeur,
    },
    form::Formulaire,
    langue::Langue,
    page::{EntreeMenu, Lien, Page},
};
use askama::Template;

/// The page of the catalogue.
#[derive(Debug, Template)]
#[template(path = "catalogue/index.html")]
pub struct Catalogue {
    page: Page,
    vide: Formulaire,
    rempli: Formulaire,
    refuse: Formulaire,
    besoins: Vec<Choix>,
    publics: Vec<Choix>,
    distances: Vec<Choix>,
    etapes: Vec<Etape>,
    tableau: Tableau,
    tableau_vide: Tableau,
    descriptions: Vec<Description>,
    semaine: Vec<JourDeSemaine>,
    etiquettes: Vec<Etiquette>,
    filtres: Vec<FiltreActif>,
    onglets: Vec<Onglet>,
    fichier: Fichier,
    graphique: Graphique,
}

impl Catalogue {
    /// The catalogue, on this page.
    pub fn new(page: Page) -> Self {
        let ici = page.fixe("/_composants");
        Self {
            vide: Formulaire::vide(),
            rempli: formulaire_rempli(),
            refuse: formulaire_refuse(),
            besoins: besoins(),
            publics: publics(),
            distances: vec![
                Choix::new("5", "5 km"),
                Choix::new("10", "10 km").compte(42),
                Choix::new("50", "50 km"),
            ],
            etapes: etapes(&ici),
            tableau: tableau(&ici),
            tableau_vide: Tableau {
                lignes: Vec::new(),
                legende: "Visites à venir".into(),
                ..tableau(&ici)
            },
            descriptions: descriptions(&ici),
            semaine: semaine(),
            etiquettes: etiquettes(),
            filtres: vec![
                FiltreActif {
                    libelle: "Gratuit".into(),
                    url_sans: ici.clone(),
                },
                FiltreActif {
                    libelle: "Ouvert maintenant".into(),
                    url_sans: ici.clone(),
                },
                FiltreActif {
                    libelle: "Moins de 10 km".into(),
                    url_sans: ici.clone(),
                },
            ],
            onglets: vec![
                Onglet {
                    lien: Lien::new("Liste", ici.clone()),
                    actif: true,
                },
                Onglet {
                    lien: Lien::new("Carte", ici.clone()),
                    actif: false,
                },
                Onglet {
                    lien: Lien::new("Feuille du mois", ici.clone()),
                    actif: false,
                },
            ],
            fichier: Fichier {
                nom: "les lieux de l’Ain".into(),
                url: ici,
                format: "CSV".into(),
                octets: Some(412_000),
                mis_a_jour: Some("mardi 3 mars 2026".into()),
            },
            graphique: Graphique {
                titre: "Lieux par service".into(),
                valeurs: vec![
                    ("Aide aux démarches administratives".into(), 12_480),
                    ("Prendre en main un ordinateur".into(), 9_310),
                    ("Acheter du matériel à prix solidaire".into(), 740),
                ],
            },
            page: habiller(page),
        }
    }

    fn pagination(&self, actuelle: u64, total: u64) -> Pagination {
        Pagination::numerotee(actuelle, total, |n| {
            format!("{}?page={n}", self.page.fixe("/_composants"))
        })
    }

    fn pagination_par_cle(&self) -> Pagination {
        let ici = self.page.fixe("/_composants");
        Pagination::par_cle(Some(format!("{ici}?avant=abc")), Some(format!("{ici}?apres=xyz")))
    }
}

fn habiller(page: Page) -> Page {
    let mut page = page.intitulee("Catalogue des composants");
    let menu = [
        ("Trouver un lieu", "/lieux", true),
        ("Être orienté", "/orientation", false),
        ("Données ouvertes", "/donnees-ouvertes", false),
    ];
    page.menu = menu
        .into_iter()
        .map(|(libelle, chemin, actif)| EntreeMenu {
            lien: Lien::new(libelle, page.url(chemin)),
            actif,
        })
        .collect();
    page.fil = vec![
        Lien::new("Accueil", page.url("/")),
        Lien::new("Système de conception", page.fixe("/_composants")),
    ];
    page.langues = Langue::TOUTES.to_vec();
    page.bandeau = Some(page.t().site.demonstration.to_string());
    page.scripts = vec!["recherche.js", "autour.js", "filtres.js", "copie.js", "imprimer.js"];
    page.noindex = true;
    page
}

fn formulaire_rempli() -> Formulaire {
    Formulaire::vide()
        .avec("rempli-nom", "Médiathèque de Bourg-en-Bresse")
        .avec("rempli-precisions", "Entrée par la cour.\nSonner à l’interphone.")
        .avec("rempli-besoin", "demarches")
        .avec("rempli-public", "jeunes")
        .avec("rempli-public", "seniors")
        .avec("rempli-distance", "10")
        .avec("rempli-jour_jour", "3")
        .avec("rempli-jour_mois", "3")
        .avec("rempli-jour_annee", "2026")
}

fn formulaire_refuse() -> Formulaire {
    let mut form = Formulaire::vide()
        .avec("refuse-courriel", "awa.exemple")
        .avec("refuse-jour_jour", "31")
        .avec("refuse-jour_mois", "2");
    form.refuser(
        "refuse-courriel",
        "Écrivez une adresse complète, par exemple awa@exemple.fr",
    );
    form.refuser("refuse-precisions", "Décrivez l’erreur en quelques mots");
    form.refuser("refuse-besoin", "Choisissez ce dont vous avez besoin");
    form.refuser("refuse-public", "Cochez au moins une case");
    form.refuser("refuse-distance", "Choisissez une distance");
    form.refuser("refuse-jour", "Écrivez une date qui existe, par exemple 27 2 2026");
    form.refuser("refuse-fichier", "Choisissez un fichier CSV de moins de 10 Mo");
    form
}

fn besoins() -> Vec<Choix> {
    vec![
        Choix::new("demarches", "Faire une démarche en ligne").aide("Impôts, retraite, allocations, titre de séjour…"),
        Choix::new("bases", "Apprendre les bases").aide("Ordinateur, téléphone, messagerie."),
        Choix::new("materiel", "Trouver du matériel").aide("Acheter à prix solidaire, emprunter, utiliser sur place."),
    ]
}

fn publics() -> Vec<Choix> {
    vec![
        Choix::new("jeunes", "Jeunes").compte(128),
        Choix::new("seniors", "Seniors").compte(1_204),
        Choix::new("familles", "Familles et enfants").compte(57),
        Choix::new("femmes", "Femmes").compte(0),
    ]
}

fn etapes(ici: &str) -> Vec<Etape> {
    let etape = |libelle: &'static str, etat, url: Option<&str>| Etape {
        libelle: libelle.into(),
        etat,
        url: url.map(str::to_owned),
    };
    vec![
        etape("Besoin", EtatEtape::Faite, Some(ici)),
        etape("Lieu", EtatEtape::EnCours, None),
        etape("Accessibilité", EtatEtape::AVenir, None),
        etape("Horaires", EtatEtape::AVenir, None),
    ]
}

fn tableau(ici: &str) -> Tableau {
    let ligne = |commune: &str, visite: &str, lieu: Valeur, places: &str| {
        vec![commune.into(), visite.into(), lieu, places.into()]
    };
    Tableau {
        legende: "Qui vient, quand".into(),
        colonnes: vec![
            Colonne::new("Commune").triable(ici, Some(Ordre::Croissant)),
            Colonne::new("Visite").triable(ici, None),
            Colonne::new("Lieu"),
            Colonne::chiffres("Places"),
        ],
        lignes: vec![
            ligne(
                "Ambérieu-en-Bugey",
                "mardi 3 mars, 9 h à 12 h",
                Valeur::lien("Mairie", ici),
                "12",
            ),
            ligne(
                "Belley",
                "jeudi 5 mars, 14 h à 17 h",
                Valeur::texte("Bus France services"),
                "8",
            ),
            ligne(
                "Nantua",
                "vendredi 6 mars, 10 h à 16 h",
                Valeur::Etiquette(Etiquette::new("À confirmer", Ton::Attention)),
                "1 204",
            ),
        ],
    }
}

fn descriptions(ici: &str) -> Vec<Description> {
    vec![
        Description::lignes(
            "Adresse",
            vec!["4 rue de la République".into(), "01000 Bourg-en-Bresse".into()],
        )
        .action(Lien::new("Signaler une erreur dans l’adresse", ici)),
        Description::new("Téléphone", Valeur::Telephone("04 74 00 00 00".into())),
        Description::new("Courriel", Valeur::Courriel("contact@exemple.fr".into())),
        Description::new("Site", Valeur::lien("mediatheque.exemple.fr", ici)),
        Description::new("Accueil", "Sans rendez-vous, gratuit."),
    ]
}

fn semaine() -> Vec<JourDeSemaine> {
    let jour = |nom: &str, heures: &str| JourDeSemaine {
        nom: nom.into(),
        heures: heures.into(),
        ..JourDeSemaine::default()
    };
    vec![
        JourDeSemaine {
            aujourdhui: true,
            ..jour("mardi 3 mars", "9 h à 12 h, 14 h à 18 h")
        },
        jour("mercredi 4 mars", "9 h à 18 h"),
        JourDeSemaine {
            note: Some("sur rendez-vous".into()),
            ..jour("jeudi 5 mars", "14 h à 17 h")
        },
        JourDeSemaine {
            note: Some("jour férié".into()),
            ..jour("vendredi 6 mars", "Fermé")
        },
    ]
}

fn etiquettes() -> Vec<Etiquette> {
    [
        ("Aidants Connect", Ton::Neutre),
        ("Sans rendez-vous", Ton::Info),
        ("Gratuit", Ton::Succes),
        ("À confirmer", Ton::Attention),
        ("Fermé définitivement", Ton::Erreur),
    ]
    .into_iter()
    .map(|(libelle, ton)| Etiquette::new(libelle, ton))
    .collect()
}
