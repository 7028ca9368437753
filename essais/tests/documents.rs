//! What is generated from the modules and the real schema stays true: docs/generated, classes of columns, types, closed lists, statements.
//!
//! `UPDATE_DOCS=1` rewrites the documents.

#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use comptes::domain::{
    courriel::Courriel,
    delegation::GenreDelegation,
    forme::FormeJuridique,
    groupement::GenreGroupement,
    identifiant::GENRES,
    invitation::EtatInvitation,
    notification::{GenreNotification, Mode},
    organisation::{EtatOrganisation, SourceNom},
    personne::{EtatPersonne, Moyen},
    rapprochement::EtatPaire,
    session::MoyenConnexion,
};
use comptes::store::conservation::DitA;
use essais::{documents, sources};
use lieux::{
    domain::{
        depot::EtatDepot,
        doublons::paire::{Decision, Paire},
        lieu::Precision,
        modification::Origine,
        revendication::{self, EtatRevendication, MotifRefus},
        ticket::EtatTicket,
    },
    store::{avant::Genre, lieu::Etat},
};
use maillage::MODULES;
use socle::{
    db::{Db, Tx, schema},
    jobs::Outcome,
    journal::Link,
    letters,
    module::{DataClass, Fate, LegalBasis},
    reference,
    routes::Kind,
    testing::{databases, instant},
    webhook,
};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};
use std::collections::{BTreeMap, BTreeSet};
use territoire::Nature;

#[test]
fn les_documents_engendres_sont_a_jour() {
    let folder = sources::racine().join("docs/generated");
    for (name, text) in documents::tous(MODULES) {
        let path = folder.join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text,
            "{} is not up to date: run UPDATE_DOCS=1 cargo nextest run -p essais",
            path.display()
        );
    }
}

fn openapi() -> utoipa::openapi::OpenApi {
    site::openapi(&socle::Settings::default().public_url)
}

#[test]
fn chaque_entree_de_l_api_est_decrite() {
    let described: BTreeSet<_> = openapi().paths.paths.into_keys().collect();
    for route in socle::app::route_list(MODULES) {
        // The document does not describe itself.
        let own = route.path.ends_with("openapi.json");
        if route.kind == Kind::Api && !own {
            assert!(
                described.contains(route.path),
                "{} is not in the OpenAPI document",
                route.path
            );
        }
    }
}

#[test]
fn chaque_action_se_dit_en_francais() {
    let declarees = MODULES.iter().flat_map(|module| module.permissions);
    let muettes: Vec<_> = declarees
        .map(|permission| permission.action)
        .filter(|action| !exploitation::mots::est_nommee(action))
        .collect();
    assert!(
        muettes.is_empty(),
        "word these in crates/exploitation/src/mots.rs: {muettes:?}"
    );
}

#[test]
fn chaque_sujet_publie_est_declare_et_chaque_sujet_declare_est_publie() {
    let declared: Vec<_> = MODULES.iter().flat_map(|module| module.topics).collect();
    let told = sources::sujets();
    for (place, topic) in &told {
        assert!(
            declared.iter().any(|one| one.code == topic),
            "{place} : declare the topic « {topic} » in its module, with its words"
        );
    }
    for topic in declared {
        assert!(
            told.iter().any(|(_, one)| one == topic.code),
            "nothing tells {}",
            topic.code
        );
        let is_sentence = topic.title.chars().next().is_some_and(char::is_uppercase) && topic.title.contains(' ');
        assert!(is_sentence && topic.code.contains('.'), "{topic:?}");
    }
}

#[test]
fn chaque_genre_d_objet_du_journal_se_dit_en_francais() {
    let kinds = sources::genres_du_journal();
    assert!(kinds.len() > 15);
    for (place, kind) in kinds {
        assert!(
            exploitation::mots::objets().any(|(code, _)| code == kind),
            "{place} : word the kind « {kind} » in crates/exploitation/src/mots.rs"
        );
    }
}

#[tokio::test]
async fn chaque_colonne_est_classee_avec_sa_duree_de_conservation() {
    for test in databases().await {
        let held: BTreeSet<_> = colonnes(&test.db).await.into_keys().collect();
        let classed: Vec<_> = MODULES
            .iter()
            .flat_map(|m| m.data)
            .flat_map(|t| {
                t.columns
                    .iter()
                    .map(|(column, _)| (t.table.to_owned(), (*column).to_owned()))
            })
            .collect();
        let unique: BTreeSet<_> = classed.iter().cloned().collect();
        assert_eq!(classed.len(), unique.len(), "a column is classed twice");
        assert_eq!(
            held.difference(&unique).collect::<Vec<_>>(),
            Vec::<&(String, String)>::new(),
            "nobody classed these"
        );
        assert_eq!(
            unique.difference(&held).collect::<Vec<_>>(),
            Vec::<&(String, String)>::new(),
            "these do not exist"
        );
    }
    for table in MODULES.iter().flat_map(|m| m.data) {
        assert!(
            !table.purpose.is_empty() && !table.retention.is_empty(),
            "{}",
            table.table
        );
        let personal = table.columns.iter().any(|(_, class)| *class != DataClass::Public);
        assert!(
            !personal || table.retention.len() > 3,
            "{} holds personal data without a retention",
            table.table
        );
        assert_eq!(
            personal,
            table.legal_basis != LegalBasis::NoPersonalData,
            "{} : the legal basis does not go with its columns",
            table.table
        );
        assert!(
            table.fate != Fate::Archive || !table.retention.contains('{'),
            "{} : public archives are not removed by a job",
            table.table
        );
        let promised = [
            "an", "ans", "mois", "semaine", "semaines", "jour", "jours", "heure", "heures",
        ];
        let in_words = table
            .retention
            .split(|c: char| !c.is_alphabetic())
            .any(|word| promised.contains(&word));
        assert!(
            table.fate == Fate::Archive || !in_words,
            "{} promises a duration that no dated value holds",
            table.table
        );
    }
}

#[test]
fn chaque_cle_de_reference_est_unique_et_chaque_duree_nommee_existe() {
    let toutes = || {
        MODULES
            .iter()
            .flat_map(|m| m.references.iter().map(move |r| (m.name, r)))
    };
    let cles: BTreeSet<_> = toutes().map(|(_, reference)| reference.key).collect();
    assert!(
        !cles.is_empty() && cles.len() == toutes().count(),
        "a key is declared twice"
    );
    for (module, reference) in toutes() {
        assert!(
            reference
                .key
                .split_once('.')
                .is_some_and(|(context, _)| context == module),
            "{} does not begin with its context",
            reference.key
        );
        assert_eq!(reference.check(&reference.first()), Ok(()), "{}", reference.key);
    }
    for table in MODULES.iter().flat_map(|m| m.data) {
        reference::fill(table.retention, |key| {
            assert!(cles.contains(key), "{} names {key}, which nobody declares", table.table);
            None
        });
    }
}

#[test]
fn le_registre_dit_en_francais_ce_que_chaque_table_dit_des_personnes() {
    for module in MODULES {
        for table in module.data {
            let says = table.columns.iter().any(|(_, class)| *class == DataClass::Personal);
            let words = module.personal.iter().find(|(name, _)| *name == table.table);
            assert!(
                words.is_some() || !says,
                "{} : say in French what it says of people, in `personal` of its module",
                table.table
            );
            let named = |(_, words): &(&str, &str)| {
                table
                    .columns
                    .iter()
                    .any(|(column, _)| column.contains('_') && words.contains(column))
            };
            assert!(!words.is_some_and(named), "{} : no name of a column", table.table);
        }
        for (name, _) in module.personal {
            assert!(
                module.data.iter().any(|table| table.table == *name),
                "{name} is no table"
            );
        }
    }
}

/// Each column with its type and whether it must have a value.
async fn colonnes(db: &Db) -> BTreeMap<(String, String), (String, bool)> {
    let mut tx = db.read().await.unwrap();
    let columns = schema::columns(&mut tx).await.unwrap();
    columns
        .into_iter()
        .map(|c| ((c.table.clone(), c.name.clone()), (c.type_name, c.required)))
        .collect()
}

#[tokio::test]
async fn les_deux_moteurs_ont_les_memes_colonnes_et_les_memes_types() {
    let bases = databases().await;
    let [sqlite, postgres] = &bases[..] else { return };
    let (lite, mut tx) = (colonnes(&sqlite.db).await, postgres.db.read().await.unwrap());
    let columns = schema::columns(&mut tx).await.unwrap();
    assert_eq!(columns.len(), lite.len());
    for column in columns {
        let place = (column.table.clone(), column.name.clone());
        let kind = column
            .kind()
            .unwrap_or_else(|| panic!("{place:?} : le type {} n’est pas du dialecte commun", column.type_name));
        assert_eq!(
            lite.get(&place),
            Some(&(kind.sqlite_type().to_owned(), column.required)),
            "{place:?}"
        );
    }
}

#[tokio::test]
async fn chaque_requete_se_prepare_sur_les_deux_moteurs() {
    let statements = sources::requetes();
    assert!(statements.len() > 10);
    let mut refused = Vec::new();
    for test in databases().await {
        let mut tx = test.db.write().await.unwrap();
        for (place, text) in &statements {
            let sql = AssertSqlSafe(text.clone()).into_sql_str();
            let prepared = match &mut tx {
                Tx::Sqlite(t) => (&mut **t).prepare(sql).await.map(drop),
                Tx::Postgres(t) => {
                    // A refusal would end the transaction: each statement has its own savepoint.
                    (&mut **t).execute("SAVEPOINT avant").await.unwrap();
                    let prepared = (&mut **t).prepare(sql).await.map(drop);
                    (&mut **t).execute("ROLLBACK TO SAVEPOINT avant").await.unwrap();
                    prepared
                }
            };
            if let Err(error) = prepared {
                refused.push(format!("{place} ({:?}) : {error}", test.db.engine()));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn chaque_liste_fermee_de_la_base_est_celle_du_code() {
    let mut rust: BTreeMap<&str, Vec<&str>> = listes();
    rust.extend(listes_des_organisations());
    let held = sources::listes_fermees();
    for (column, codes) in &held {
        let known = rust
            .get(column.as_str())
            .unwrap_or_else(|| panic!("{column} : compare its CHECK with its Rust enum here"));
        assert_eq!(codes, known, "{column}");
    }
    assert_eq!(held.len(), rust.len(), "a list that no column has");
}

/// The codes of each enum of organisations that a CHECK repeats.
fn listes_des_organisations() -> [(&'static str, Vec<&'static str>); 5] {
    let fusionnee = EtatOrganisation::Fusionnee {
        dans: uuid::Uuid::nil(),
        at: instant(),
    };
    [
        (
            "organisation.forme",
            FormeJuridique::toutes().map(FormeJuridique::code).collect(),
        ),
        (
            "organisation.etat",
            [EtatOrganisation::Active, fusionnee]
                .iter()
                .map(EtatOrganisation::code)
                .collect(),
        ),
        (
            "organisation_nom.source",
            SourceNom::TOUTES.map(SourceNom::code).to_vec(),
        ),
        ("etablissement.genre", GENRES.map(|(code, _)| code).to_vec()),
        (
            "groupement.genre",
            GenreGroupement::TOUS.map(GenreGroupement::code).to_vec(),
        ),
    ]
}

/// The codes of each enum that a CHECK repeats.
fn listes() -> BTreeMap<&'static str, Vec<&'static str>> {
    let decision = Decision {
        at: instant(),
        par: "Operateur".into(),
    };
    let fusion = uuid::Uuid::nil();
    let paires = [
        Paire::ADecider,
        Paire::Fusionnee {
            fusion,
            decision: decision.clone(),
        },
        Paire::Distincte { decision },
    ];
    let clos_at = instant();
    let tickets = [
        EtatTicket::Ouvert,
        EtatTicket::Corrige {
            clos_at,
            reponse: String::new(),
        },
        EtatTicket::SansSuite {
            clos_at,
            reponse: String::new(),
        },
    ];
    let dans = uuid::Uuid::nil();
    let decision = revendication::Decision { par: dans, at: clos_at };
    let revendications = [
        EtatRevendication::Demandee,
        EtatRevendication::Accordee { decision },
        EtatRevendication::Refusee {
            decision,
            motif: MotifRefus::LieuFerme,
            mots: String::new(),
        },
        EtatRevendication::Retiree { at: clos_at },
    ];
    let personnes = [
        EtatPersonne::Active,
        EtatPersonne::Fusionnee { dans },
        EtatPersonne::Anonymisee,
    ];
    let moyens = [
        Moyen::Courriel(Courriel::lire("awa@exemple.fr").unwrap()),
        Moyen::Telephone(String::new()),
    ];
    let invitations = [
        EtatInvitation::Envoyee,
        EtatInvitation::Acceptee { par: dans },
        EtatInvitation::Retiree,
    ];
    BTreeMap::from([
        ("contact.genre", moyens.iter().map(Moyen::code).collect()),
        ("defi.genre", vec!["fournisseur", "cle_creation", "cle_connexion"]),
        (
            "delegation.genre",
            GenreDelegation::TOUS.map(GenreDelegation::code).to_vec(),
        ),
        (
            "notification.genre",
            GenreNotification::TOUS.map(GenreNotification::code).to_vec(),
        ),
        (
            "preference_notification.genre",
            GenreNotification::TOUS.map(GenreNotification::code).to_vec(),
        ),
        ("preference_notification.mode", Mode::TOUS.map(Mode::code).to_vec()),
        ("preavis_effacement.dit_a", DitA::TOUS.map(DitA::code).to_vec()),
        ("invitation.etat", invitations.map(EtatInvitation::code).to_vec()),
        ("personne.etat", personnes.iter().map(EtatPersonne::code).collect()),
        ("rapprochement.etat", EtatPaire::TOUS.map(EtatPaire::code).to_vec()),
        ("session.moyen", MoyenConnexion::TOUS.map(MoyenConnexion::code).to_vec()),
        ("job.last_outcome", Outcome::ALL.map(Outcome::code).to_vec()),
        ("job_run.outcome", Outcome::ALL.map(Outcome::code).to_vec()),
        (
            "letter.channel",
            letters::Channel::ALL.map(letters::Channel::code).to_vec(),
        ),
        ("letter.state", letters::State::ALL.map(letters::State::code).to_vec()),
        (
            "webhook_delivery.state",
            webhook::State::ALL.map(webhook::State::code).to_vec(),
        ),
        ("couche.nature", Nature::TOUTES.map(Nature::code).to_vec()),
        ("journal_person.link", Link::ALL.map(Link::code).to_vec()),
        (
            "lieu.etat",
            [Etat::Publie, Etat::Retire, Etat::Fusionne].map(Etat::code).to_vec(),
        ),
        (
            "lieu.precision_position",
            Precision::TOUTES.map(Precision::code).to_vec(),
        ),
        ("lieu_modification.origine", Origine::TOUTES.map(Origine::code).to_vec()),
        (
            "revendication.etat",
            revendications.iter().map(EtatRevendication::code).collect(),
        ),
        ("import_depose.etat", EtatDepot::TOUS.map(EtatDepot::code).to_vec()),
        ("import_avant.genre", Genre::CODES.to_vec()),
        (
            "import_avant.etat_avant",
            [Etat::Publie, Etat::Retire, Etat::Fusionne].map(Etat::code).to_vec(),
        ),
        ("revendication.motif", MotifRefus::TOUS.map(MotifRefus::code).to_vec()),
        ("lieu_paire.etat", paires.iter().map(Paire::code).collect()),
        ("ticket.etat", tickets.iter().map(EtatTicket::code).collect()),
    ])
}
