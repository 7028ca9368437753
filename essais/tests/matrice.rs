//! Every route asked as every function, inside and outside its perimeter, by former holders and by nobody, with identifiers that exist;
//! each answer is compared with the table of permissions. Then with guessed identifiers, whose answer must be that of what is out of reach.
//! A new route is covered when it is declared; a new kind of thing in a path needs one line in `echantillon`.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use comptes::{
    actions::connexion::{Ouverture, ouvrir},
    domain::{
        attribution::{Accord, Attribution},
        courriel::Courriel,
        delegation::{Acte, Delegation, GenreDelegation},
        fonction::Fonction,
        forme::FormeJuridique,
        groupement::{GenreGroupement, Groupement},
        identifiant::IdentifiantEtablissement,
        invitation::{EtatInvitation, Invitation},
        organisation::{Etablissement, EtatOrganisation, Motivation, NomDate, Organisation, Paire, SourceNom},
        perimetre::{Genre, Perimetre},
        personne::{EtatPersonne, Nom, Personne},
        separation::{Demande, Levee},
        session::MoyenConnexion,
    },
    store::{
        fusion::{self, Deplaces, Fusion},
        fusion_organisation, rapprochement,
    },
};
use lieux::{
    domain::{
        depot::{Apercu, Depot, EtatDepot, Qualite},
        doublons::{Couple, comparer},
        import::{Comptes, interpreter},
        lieu::Lieu,
        revendication::{EtatRevendication, Revendication},
        standard::ligne::Ligne,
        ticket::Signalement,
    },
    store,
};
use maillage::MODULES;
use socle::{
    App, Settings,
    app::{route_list, service},
    change::Stored,
    clock::Day,
    db::Tx,
    jobs,
    outbox::{self, Event},
    permissions::{CONNECTE, OPERATEUR, PUBLIC, Reach, WHOLE},
    routes::RouteInfo,
    secrets,
    testing::{self, TestDb, databases, instant, send},
    webhook::{self, NewWebhook},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Where a thing can lie: in one's département, in a neighbour of the same région, in another région, overseas, in one's organisation, in
/// another.
const LIEUX: [(&str, &str); 6] = [
    ("Ain", "C:01053"),
    ("Rhône", "C:69123"),
    ("Finistère", "C:29232"),
    ("Polynésie", "C:98735"),
    ("organisation", "O:00000000-0000-0000-0000-00000000000a"),
    ("autre organisation", "O:00000000-0000-0000-0000-00000000000b"),
];

/// The perimeter over which a function is held in this test, and the places that lie in it: said here by hand, so that the program's own
/// geography does not judge itself.
fn tenu_sur(genre: Genre) -> Option<(Perimetre, &'static [&'static str])> {
    let (code, lieux): (&str, &[&str]) = match genre {
        Genre::Nation => (
            "N",
            &[
                "Ain",
                "Rhône",
                "Finistère",
                "Polynésie",
                "organisation",
                "autre organisation",
            ],
        ),
        Genre::Region => ("R:84", &["Ain", "Rhône"]),
        Genre::Departement => ("D:01", &["Ain"]),
        Genre::Collectivite => ("T:987", &["Polynésie"]),
        Genre::Epci => ("E:200071751", &["Ain"]),
        Genre::Commune => ("C:01053", &["Ain"]),
        Genre::Organisation => ("O:00000000-0000-0000-0000-00000000000a", &["organisation"]),
        // A group holds codes of the other kinds; what it covers is tested where it is read.
        Genre::Groupement => return None,
    };
    Some((Perimetre::lire(code).unwrap(), lieux))
}

/// A job that ran once, for the paths that name one.
const TACHE: &str = "exploitation.veille";

/// Who asks.
struct Demandeur {
    nom: String,
    fonction: Option<Fonction>,
    couvre: &'static [&'static str],
    cookie: Option<String>,
}

fn jour() -> Day {
    jiff::civil::date(2026, 3, 3)
}

fn accorder(app: &App, personne: Uuid, fonction: Fonction, perimetre: Perimetre) -> Attribution {
    let accord = Accord {
        personne,
        fonction,
        portee: perimetre.codes(),
        perimetre,
        du: jour(),
        au: None,
    };
    Attribution::accorder(app.ids.next(instant()), accord, None, instant()).unwrap()
}

async fn nouvelle_personne(app: &App, tx: &mut Tx) -> Personne {
    let nom = Nom {
        prenom: "Awa".into(),
        nom: "Essai".into(),
    };
    let personne = Personne::nouvelle(app.ids.next(instant()), nom, instant());
    personne.insert(tx).await.unwrap();
    personne
}

async fn session(app: &App, tx: &mut Tx, personne: Uuid) -> String {
    let ouverture = Ouverture {
        personne,
        moyen: MoyenConnexion::Demonstration,
        fort: true,
        appareil: "essai",
        place: None,
    };
    format!("session={}", ouvrir(tx, app, ouverture).await.unwrap())
}

/// Nobody, someone without a function, each function over each kind of perimeter, and who held it yesterday.
async fn demandeurs(app: &App) -> Vec<Demandeur> {
    let mut tx = app.db.write().await.unwrap();
    let seul = nouvelle_personne(app, &mut tx).await.id;
    let mut tous = vec![
        Demandeur {
            nom: "personne".into(),
            fonction: None,
            couvre: &[],
            cookie: None,
        },
        Demandeur {
            nom: "connecté sans fonction".into(),
            fonction: None,
            couvre: &[],
            cookie: Some(session(app, &mut tx, seul).await),
        },
    ];
    for fonction in Fonction::TOUTES {
        for (rang, (perimetre, couvre)) in fonction
            .genres()
            .iter()
            .filter_map(|genre| tenu_sur(*genre))
            .enumerate()
        {
            let titulaire = nouvelle_personne(app, &mut tx).await.id;
            let nom = format!("{} {}", fonction.role(), perimetre.code());
            accorder(app, titulaire, *fonction, perimetre.clone())
                .insert(&mut tx)
                .await
                .unwrap();
            tous.push(Demandeur {
                nom,
                fonction: Some(*fonction),
                couvre,
                cookie: Some(session(app, &mut tx, titulaire).await),
            });
            if rang > 0 {
                continue;
            }
            let ancien = nouvelle_personne(app, &mut tx).await.id;
            let attribution = accorder(app, ancien, *fonction, perimetre.clone());
            attribution.insert(&mut tx).await.unwrap();
            let retiree = attribution.retirer(None, instant(), jour(), "mutation à Lyon").unwrap();
            assert!(retiree.update(&mut tx).await.unwrap());
            let nom = format!("ancien {} {}", fonction.role(), perimetre.code());
            tous.push(Demandeur {
                nom,
                fonction: None,
                couvre: &[],
                cookie: Some(session(app, &mut tx, ancien).await),
            });
        }
    }
    tx.commit().await.unwrap();
    tous
}

/// An organisation that lies at a place: one of its own in a commune, or the one that the place names.
async fn organisation(app: &App, tx: &mut Tx, perimetre: &Perimetre) -> Organisation {
    let id = match perimetre {
        Perimetre::Organisation(id) => *id,
        _ => app.ids.next(instant()),
    };
    if let Some(connue) = Organisation::load(tx, id).await.unwrap() {
        return connue;
    }
    let commune = match perimetre {
        Perimetre::Commune(code) => Some(*code),
        _ => None,
    };
    let organisation = Organisation {
        id,
        forme: FormeJuridique::Association,
        siren: None,
        rna: None,
        noms: vec![NomDate {
            id: app.ids.next(instant()),
            nom: "Maison des essais".into(),
            source: SourceNom::Declare,
            du: jour(),
            au: None,
        }],
        etablissements: vec![Etablissement {
            id: app.ids.next(instant()),
            identifiant: IdentifiantEtablissement::Aucun,
            nom: None,
            adresse: None,
            commune,
            siege: true,
        }],
        absorbees: Vec::new(),
        etat: EtatOrganisation::Active,
        creee_at: instant(),
        version: 0,
    };
    organisation.insert(tx).await.unwrap();
    organisation
}

/// Where another organisation can lie beside one of this place: in the same commune, or nowhere.
fn voisin(app: &App, perimetre: &Perimetre) -> Perimetre {
    match perimetre {
        Perimetre::Organisation(_) => Perimetre::Organisation(app.ids.next(instant())),
        territoire => territoire.clone(),
    }
}

/// A merge of two organisations that lie at a place; beside the one that a place names, the other lies nowhere.
async fn fusion_d_organisations(app: &App, tx: &mut Tx, perimetre: &Perimetre) -> Uuid {
    let reste = organisation(app, tx, perimetre).await;
    let part = organisation(app, tx, &voisin(app, perimetre)).await;
    let motivation = Motivation::lire(app.ids.next(instant()), instant(), "deux fiches de la même maison").unwrap();
    let (paire, fusion) = Paire { reste, part }.fusionner(motivation).unwrap();
    assert!(paire.part.update(tx).await.unwrap() && paire.reste.update(tx).await.unwrap());
    fusion_organisation::garder(tx, &fusion).await.unwrap();
    fusion.id
}

/// Makes a thing of the kind that a parameter names, lying at a place, and gives its identifier.
async fn echantillon(app: &App, parametre: &str, code: &str) -> Option<String> {
    let perimetre = Perimetre::lire(code).unwrap();
    // An elected official lies where their commune lies, an adviser where their organisation does.
    let fonction = match perimetre {
        Perimetre::Organisation(_) => Fonction::Conseiller,
        _ => Fonction::Elu,
    };
    let mut tx = app.db.write().await.unwrap();
    let personne = nouvelle_personne(app, &mut tx).await;
    let attribution = accorder(app, personne.id, fonction, perimetre.clone());
    attribution.insert(&mut tx).await.unwrap();
    let jeton = secrets::token();
    let id = match parametre {
        "organisation" => organisation(app, &mut tx, &perimetre).await.id,
        "autre" => {
            let autre = voisin(app, &perimetre);
            organisation(app, &mut tx, &autre).await.id
        }
        "fusion_organisation" => fusion_d_organisations(app, &mut tx, &perimetre).await,
        "groupement" => {
            let groupement = Groupement {
                id: app.ids.next(instant()),
                genre: GenreGroupement::Liste,
                nom: "Liste d’essai".into(),
                membres: Vec::new(),
                cree_at: instant(),
                version: 0,
            };
            groupement.insert(&mut tx).await.unwrap();
            groupement.id
        }
        "personne" => personne.id,
        "webhook" => {
            let nouveau = NewWebhook {
                owner: WHOLE.to_owned(),
                url: "https://exemple.fr/rappel".to_owned(),
                topics: vec!["lieux.import".to_owned()],
            };
            webhook::register(&mut tx, app, nouveau).await.unwrap().id
        }
        "tache" => return Some(TACHE.to_owned()),
        "reference" => return Some("comptes.preavis".to_owned()),
        "file" => return Some("evenements".to_owned()),
        "suite" => evenement_mort(app, &mut tx).await,
        "attribution" => attribution.id,
        "delegation" => {
            let autre = nouvelle_personne(app, &mut tx).await.id;
            let acte = Acte {
                personne: autre,
                genre: GenreDelegation::Remplacement,
                reference: "arrêté 1".into(),
                du: jour(),
                au: jour(),
            };
            let delegation =
                Delegation::accorder(app.ids.next(instant()), &attribution, acte, personne.id, instant()).unwrap();
            delegation.insert(&mut tx).await.unwrap();
            delegation.id
        }
        "invitation" | "jeton" => {
            let invitation = Invitation {
                id: app.ids.next(instant()),
                jeton: secrets::sha256(jeton.as_bytes()).to_vec(),
                courriel: Courriel::lire("awa@exemple.fr").unwrap(),
                fonction,
                portee: perimetre.codes(),
                perimetre,
                au: None,
                par: None,
                creee_at: instant(),
                envoyee_at: instant(),
                expire_at: instant().plus_seconds(86_400),
                etat: EtatInvitation::Envoyee,
                version: 0,
            };
            invitation.insert(&mut tx).await.unwrap();
            invitation.id
        }
        "fusion" => {
            let autre = nouvelle_personne(app, &mut tx).await;
            let fusion = Fusion {
                id: app.ids.next(instant()),
                gardee: personne.id,
                absorbee: autre.id,
                deplaces: Deplaces::default(),
                motif: "essai".into(),
                par: personne.id,
                faite_at: instant(),
            };
            let absorbee = Personne {
                etat: EtatPersonne::Fusionnee { dans: personne.id },
                ..autre
            };
            assert!(absorbee.update(&mut tx).await.unwrap());
            fusion::garder(&mut tx, &fusion).await.unwrap();
            fusion.id
        }
        "rapprochement" => {
            let autre = nouvelle_personne(app, &mut tx).await.id;
            let tenue = accorder(app, autre, fonction, perimetre.clone());
            tenue.insert(&mut tx).await.unwrap();
            let id = app.ids.next(instant());
            let paire = (personne.id.min(autre), personne.id.max(autre));
            rapprochement::garder(&mut tx, id, paire, 80, instant()).await.unwrap();
            id
        }
        "levee" => {
            let demande = Demande {
                perimetre,
                motif: "un seul agent".into(),
                du: jour(),
                au: jour(),
            };
            let levee = Levee::accorder(app.ids.next(instant()), demande, personne.id, instant()).unwrap();
            levee.insert(&mut tx).await.unwrap();
            levee.id
        }
        "lieu" => lieu_situe(app, &mut tx, &perimetre).await.id,
        "revendication" => {
            let lieu = lieu_situe(app, &mut tx, &perimetre).await.id;
            let organisation = match perimetre {
                Perimetre::Organisation(id) => id,
                _ => app.ids.next(instant()),
            };
            let revendication = Revendication {
                id: app.ids.next(instant()),
                lieu,
                organisation,
                par: personne.id,
                motivation: "nous tenons ce lieu".into(),
                demandee_at: instant(),
                territoires: Vec::new(),
                etat: EtatRevendication::Demandee,
                version: 0,
            };
            revendication.insert(&mut tx).await.unwrap();
            revendication.id
        }
        "ticket" => {
            let lieu = lieu_situe(app, &mut tx, &perimetre).await;
            let signalement = Signalement::lire("telephone", "le numéro a changé").unwrap();
            let ticket = signalement.ouvrir(app.ids.next(instant()), lieu.id, instant());
            store::ticket::creer(&mut tx, &ticket).await.unwrap();
            ticket.id
        }
        "import" => {
            let depot = depot(app, personne.id, &perimetre);
            store::depot::creer(&mut tx, &depot, Vec::new()).await.unwrap();
            depot.id
        }
        "paire" => {
            let premier = lieu_situe(app, &mut tx, &perimetre).await;
            let second = lieu_situe(app, &mut tx, &perimetre).await;
            let couple = Couple::de(premier.id, second.id).unwrap();
            let comparaison = comparer(&premier, &second);
            store::doublons::proposer(&mut tx, couple, &comparaison).await.unwrap();
            tx.commit().await.unwrap();
            return Some(couple.to_string());
        }
        _ => return None,
    };
    tx.commit().await.unwrap();
    Some(if parametre == "jeton" { jeton } else { id.to_string() })
}

/// An event that failed too often and waits for a person.
async fn evenement_mort(app: &App, tx: &mut Tx) -> Uuid {
    let event = Event {
        id: app.ids.next(instant()),
        at: instant(),
        topic: "lieux.import".to_owned(),
        object: None,
        payload: serde_json::json!({}),
        attempts: 0,
    };
    outbox::publish(tx, event.id, event.at, &event.topic, event.payload.clone())
        .await
        .unwrap();
    assert!(outbox::postpone(tx, &event, instant(), "essai", 0).await.unwrap());
    event.id
}

/// Identifiers that are well formed and lead to nothing: one that nothing bears, and one of a thing of another kind.
async fn devines(app: &App, parametre: &str) -> [String; 2] {
    let autre = if parametre == "personne" {
        "organisation"
    } else {
        "personne"
    };
    let autre = echantillon(app, autre, LIEUX[0].1).await.unwrap();
    let rien = app.ids.next(instant());
    let rien = match parametre {
        "tache" | "file" | "reference" => "inconnue".to_owned(),
        "jeton" => secrets::token(),
        "paire" => Couple::de(rien, app.ids.next(instant())).unwrap().to_string(),
        _ => rien.to_string(),
    };
    [rien, autre]
}

/// A place that lies in a commune, or that an organisation answers for and nobody knows where.
async fn lieu_situe(app: &App, tx: &mut Tx, perimetre: &Perimetre) -> Lieu {
    let cellules = [
        ("nom", "Mairie"),
        ("adresse", "Place de la Mairie"),
        ("commune", "Bourg-en-Bresse"),
        ("code_insee", "01053"),
    ];
    let mut lieu = interpreter(&Ligne::nouvelle(1, cellules), "Essai").unwrap().lieu;
    lieu.id = app.ids.next(instant());
    lieu.adresse.code_insee = match perimetre {
        Perimetre::Commune(code) => Some(*code),
        _ => None,
    };
    store::lieu::creer(tx, &lieu, instant()).await.unwrap();
    store::portee::ajouter(tx, lieu.id, &perimetre.code()).await.unwrap();
    lieu
}

/// A file of places that somebody gave over a perimeter.
fn depot(app: &App, personne: Uuid, perimetre: &Perimetre) -> Depot {
    Depot {
        id: app.ids.next(instant()),
        qualite: Qualite {
            personne,
            fonction: "Prefecture".into(),
            perimetre: perimetre.code(),
            attribution: None,
        },
        portee: vec![perimetre.code()],
        source: "Essai".into(),
        fichier: "essai.csv".into(),
        depose_at: instant(),
        expire_at: instant().plus_seconds(86_400),
        clos_at: None,
        etat: EtatDepot::Depose,
        raison: None,
        apercu: Apercu {
            forme: "standard national".into(),
            comptes: Comptes::default(),
            massif: false,
            exemples: Vec::new(),
            temoin: Vec::new(),
        },
        fait: 0,
        rendus: 0,
        laisses: 0,
        version: 0,
    }
}

/// The parameters of a path.
fn parametres(path: &str) -> Vec<&str> {
    let apres = path.split('{').skip(1);
    apres
        .filter_map(|reste| reste.split_once('}'))
        .map(|(nom, _)| nom)
        .collect()
}

/// The path with things that exist, lying at a place.
async fn chemin(app: &App, route: &RouteInfo, lieu: Option<(&str, &str)>) -> String {
    let mut chemin = route.path.to_owned();
    for nom in parametres(route.path) {
        let (_, code) = lieu.expect("a path with a parameter is asked at each place");
        let id = echantillon(app, nom, code).await;
        let id = id.unwrap_or_else(|| panic!("{} : make a sample of « {nom} » in `echantillon`", route.path));
        chemin = chemin.replace(&format!("{{{nom}}}"), &id);
    }
    chemin
}

fn est_publique(route: &RouteInfo) -> bool {
    route.rules.iter().any(|(role, _)| *role == PUBLIC)
}

/// What the table says: the rules of the route's action, read without the program's help.
fn est_permis(route: &RouteInfo, qui: &Demandeur, lieu: Option<&str>) -> bool {
    route.rules.iter().any(|(role, reach)| {
        let tient = *role == PUBLIC
            || (*role == CONNECTE && qui.cookie.is_some())
            || qui.fonction.is_some_and(|f| f.role() == *role);
        tient
            && match reach {
                Reach::Partout | Reach::Soi => true,
                Reach::Perimetre => lieu.is_none_or(|lieu| qui.couvre.contains(&lieu)),
            }
    })
}

struct Reponse {
    statut: StatusCode,
    vers: String,
    /// What is read, without the path that was asked.
    texte: String,
}

async fn demander(service: &Router, route: &RouteInfo, chemin: &str, qui: &Demandeur) -> Reponse {
    let mut requete = Request::builder().method(route.method.clone()).uri(chemin);
    if let Some(cookie) = &qui.cookie {
        requete = requete
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin");
    }
    if route.method == Method::POST {
        requete = requete.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let reponse = send(service, requete.body(Body::empty()).unwrap()).await;
    let vers = reponse
        .headers
        .get(header::LOCATION)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    Reponse {
        statut: reponse.status,
        vers: vers.to_owned(),
        texte: reponse.text.replace(chemin, ""),
    }
}

impl Reponse {
    fn a_laisse_entrer(&self) -> bool {
        let porte = self.vers.starts_with("/connexion?") || self.vers.starts_with("/connexion/confirmer?");
        !(self.statut == StatusCode::NOT_FOUND
            || self.statut == StatusCode::UNAUTHORIZED
            || (self.statut.is_redirection() && porte))
    }
}

/// The application under test, and what its answers were.
struct Enquete {
    app: App,
    service: Router,
    demandeurs: Vec<Demandeur>,
    cases: u64,
    devinees: u64,
    actions: BTreeSet<&'static str>,
    fautes: Vec<String>,
}

impl Enquete {
    async fn sur(test: &TestDb) -> Self {
        let settings = Settings {
            api_per_minute: 0,
            ..Settings::default()
        };
        let app = testing::app(&test.db, MODULES, settings).await;
        let tache = MODULES
            .iter()
            .flat_map(|m| m.jobs)
            .find(|job| job.name == TACHE)
            .unwrap();
        jobs::turn(&app, tache, app.ids.next(instant())).await.unwrap();
        Self {
            service: service(app.clone(), MODULES),
            demandeurs: demandeurs(&app).await,
            app,
            cases: 0,
            devinees: 0,
            actions: BTreeSet::new(),
            fautes: Vec::new(),
        }
    }

    /// Asks a route as everyone, about things that lie at each place; gives what each was told of what is out of their reach.
    async fn interroger(&mut self, route: &RouteInfo) -> Vec<Option<String>> {
        let mut refus = vec![None; self.demandeurs.len()];
        self.actions.insert(route.action);
        let lieux: Vec<Option<(&str, &str)>> = if parametres(route.path).is_empty() {
            vec![None]
        } else {
            LIEUX.iter().copied().map(Some).collect()
        };
        for lieu in lieux {
            let mut partage = None;
            for (qui, refus) in self.demandeurs.iter().zip(&mut refus) {
                // What is only read is the same for everyone; what is acted upon is made anew for each.
                let chemin = match partage.take() {
                    Some(deja) if route.method == Method::GET => deja,
                    _ => chemin(&self.app, route, lieu).await,
                };
                let permis = est_permis(route, qui, lieu.map(|(nom, _)| nom));
                let reponse = demander(&self.service, route, &chemin, qui).await;
                partage = Some(chemin);
                self.cases += 1;
                if reponse.a_laisse_entrer() != permis {
                    self.fautes.push(format!(
                        "{} {} ({}) par {} sur {:?} : {} {}, la table dit {}",
                        route.method,
                        route.path,
                        route.action,
                        qui.nom,
                        lieu.map(|(nom, _)| nom),
                        reponse.statut,
                        reponse.vers,
                        if permis { "oui" } else { "non" }
                    ));
                }
                if reponse.statut == StatusCode::NOT_FOUND {
                    *refus = Some(reponse.texte);
                }
            }
        }
        refus
    }

    /// Asks a route as everyone with guessed identifiers, each in the place of one that exists: the answer is that of what is out of reach.
    async fn deviner(&mut self, route: &RouteInfo, refus: &[Option<String>]) {
        for devine in parametres(route.path) {
            for identifiant in devines(&self.app, devine).await {
                let mut chemin = route.path.replace(&format!("{{{devine}}}"), &identifiant);
                for autre in parametres(route.path) {
                    let vrai = echantillon(&self.app, autre, LIEUX[0].1).await;
                    chemin = chemin.replace(&format!("{{{autre}}}"), vrai.as_deref().unwrap_or(&identifiant));
                }
                for (qui, refus) in self.demandeurs.iter().zip(refus) {
                    let reponse = demander(&self.service, route, &chemin, qui).await;
                    self.devinees += 1;
                    // What anyone may ask says why it is not there; so does a link of a mail, whose token nobody guesses.
                    let (publique, lien) = (est_publique(route), devine == "jeton");
                    let refusee = reponse.statut.is_client_error();
                    let dite = !reponse.statut.is_server_error() && (refusee && (publique || lien) || publique && lien);
                    let absente = reponse.statut == StatusCode::NOT_FOUND;
                    let porte = !est_permis(route, qui, None) && !reponse.a_laisse_entrer();
                    let meme = !absente || refus.as_ref().is_none_or(|texte| *texte == reponse.texte);
                    if !(absente || porte || dite) || !meme {
                        self.fautes.push(format!(
                            "{} {chemin} ({devine} deviné) par {} : {} {}{}",
                            route.method,
                            qui.nom,
                            reponse.statut,
                            reponse.vers,
                            if meme {
                                ""
                            } else {
                                ", autre texte que pour ce qui est hors de portée"
                            }
                        ));
                    }
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chaque_route_repond_a_chacun_comme_le_dit_la_table() {
    let routes: Vec<_> = route_list(MODULES);
    let connus: BTreeSet<&str> = MODULES.iter().flat_map(|m| m.permissions).map(|p| p.action).collect();
    for test in databases().await {
        let mut enquete = Enquete::sur(&test).await;
        for route in &routes {
            assert!(connus.contains(route.action), "{} is in no table", route.action);
            let refus = if est_publique(route) {
                vec![None; 2]
            } else {
                enquete.interroger(route).await
            };
            enquete.deviner(route, &refus).await;
        }
        let Enquete {
            cases,
            devinees,
            fautes,
            ..
        } = &enquete;
        println!(
            "{:?} : {cases} cases, {devinees} with guessed identifiers, {} actions, {} routes, {} demandeurs",
            test.db.engine(),
            enquete.actions.len(),
            routes.len(),
            enquete.demandeurs.len()
        );
        assert!(
            fautes.is_empty(),
            "{} fautes\n{}",
            fautes.len(),
            fautes[..fautes.len().min(60)].join("\n")
        );
        assert!(*cases > 1000 && *devinees > 1000);
    }
}

#[test]
fn chaque_role_des_tables_existe() {
    let roles: BTreeSet<&str> = Fonction::TOUTES
        .iter()
        .map(|f| f.role())
        .chain([PUBLIC, CONNECTE, OPERATEUR])
        .collect();
    for permission in MODULES.iter().flat_map(|m| m.permissions) {
        for (role, _) in permission.rules {
            assert!(
                roles.contains(role),
                "{} names {role}, which nobody can hold",
                permission.action
            );
        }
        assert!(
            !permission.about.trim().is_empty(),
            "{} says nothing of itself",
            permission.action
        );
    }
}

#[tokio::test]
async fn une_page_publique_ne_demande_a_personne_de_se_connecter() {
    let test = testing::sqlite().await;
    let app = testing::app(&test.db, MODULES, Settings::default()).await;
    let service = service(app, MODULES);
    let personne = Demandeur {
        nom: "personne".into(),
        fonction: None,
        couvre: &[],
        cookie: None,
    };
    for route in route_list(MODULES)
        .iter()
        .filter(|r| est_publique(r) && r.method == Method::GET && parametres(r.path).is_empty())
    {
        let reponse = demander(&service, route, route.path, &personne).await;
        assert!(!reponse.vers.starts_with("/connexion?suite"), "{}", route.path);
    }
}
