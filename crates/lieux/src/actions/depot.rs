//! Giving a file of places in the browser: looked at, then confirmed, or given up.

use comptes::reconnaissance::jour;
use serde_json::json;
use socle::{
    App,
    clock::Instant,
    db::{DbResult, Tx},
    errors::{Erreur, Refus},
    module::{Export, Exported},
    outbox,
    permissions::{Actor, Grant, Permit, Scope, WHOLE, authorise, scope},
    reference::{self, Key},
};
use uuid::Uuid;

use super::{
    Cadre, doublons,
    import::{Fichier, Illisible, Preparation, Travail, decider_dans, lire, temoin},
};
use crate::{
    domain::{
        depot::{Apercu, Depot, EN_ATTENTE_MAX, EtatDepot, Exemple, Qualite, lire_source, source_proche},
        import::{Comptes, Rapport, Refusee},
        modification::differences,
    },
    permissions::ImporterLieux,
    references::{IMPORT_ATTENTE, IMPORT_RETOUR},
    store::{
        depot as store,
        import::{connues, sources},
    },
};

/// What is held on a person who gives files.
pub const EXPORT: Export = Export {
    title: "Fichiers de lieux déposés",
    run: |tx, id, _| Box::pin(deposes(tx, id)),
};

async fn deposes(tx: &mut Tx, personne: Uuid) -> DbResult<Exported> {
    let un = |depot: Depot| json!({ "fichier": depot.fichier, "source": depot.source, "déposé": depot.depose_at });
    Ok(store::de_personne(tx, personne).await?.into_iter().map(un).collect())
}

/// The topic of the files to write or to put back.
pub const A_SUIVRE: &str = "lieux.import_a_suivre";
/// What is said when two files of one source would be written at once.
pub(super) const SOURCE_OCCUPEE: &str = "un autre import de cette source est en cours\u{a0}: attendez qu’il se termine";
/// How many known sources are offered.
pub const SOURCES_MAX: u32 = 200;
/// How many of the places that change are shown, and of those that come.
const EXEMPLES: usize = 10;
/// What begins a spreadsheet's own file, as any archive.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// A file that a person sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envoi {
    /// Its name.
    pub nom: String,
    /// What it holds.
    pub octets: Vec<u8>,
    /// The source, as it was typed.
    pub source: String,
    /// Whether it is another source than the one that has almost its name.
    pub nouvelle: bool,
}

/// What became of a confirmation.
#[derive(Debug)]
pub enum Lancement {
    /// The file is being written, or was already.
    Fait,
    /// What was confirmed no longer holds: what was seen, and what would be done now.
    Change {
        /// What was seen, when it is still known.
        vu: Option<Comptes>,
        /// The file as it is decided now.
        depot: Box<Depot>,
    },
}

/// Reads a file and decides of it without writing any place; it then waits to be confirmed.
///
/// # Errors
/// What cannot be read, each at its field; too many files that wait.
pub async fn deposer(app: &App, actor: &Actor, envoi: Envoi) -> Result<Uuid, Erreur> {
    let (permis, portee) = scope::<ImporterLieux>(actor)?;
    let source = lire_source(&envoi.source)?;
    let qualite = qualite(&permis)?;
    let connues = sources(&mut app.db.read().await?, &portee, SOURCES_MAX).await?;
    if let Some(connue) = source_proche(&source, &connues).filter(|_| !envoi.nouvelle) {
        let message = format!(
            "votre périmètre a déjà la source «\u{a0}{connue}\u{a0}»\u{a0}: reprenez son nom, ou cochez la case si c’en est une autre"
        );
        return Err(Refus::champ("nouvelle", message).into());
    }
    if store::en_attente(&mut app.db.read().await?, qualite.personne).await? >= EN_ATTENTE_MAX {
        let message = format!(
            "{EN_ATTENTE_MAX} de vos fichiers attendent déjà une confirmation\u{a0}: lancez-en un ou annulez-le d’abord"
        );
        return Err(Refus::champ("fichier", message).into());
    }
    let sceau = app.settings.keys.seal(store::SCEAU, &envoi.octets);
    let at = app.clock.now();
    let expire_at = apres(&mut app.db.read().await?, &IMPORT_ATTENTE, at).await?;
    let fichier = envoi.nom.clone();
    let regard = regarder(app, envoi.octets, (envoi.nom, source.clone()), portee.clone()).await?;
    let depot = Depot {
        id: app.ids.next(at),
        qualite,
        portee: codes(&portee),
        source,
        fichier,
        depose_at: at,
        expire_at,
        clos_at: None,
        etat: EtatDepot::Depose,
        raison: None,
        apercu: regard.apercu.clone(),
        fait: 0,
        rendus: 0,
        laisses: 0,
        version: 0,
    };
    let mut tx = app.db.write().await?;
    store::creer(&mut tx, &depot, sceau).await?;
    regard.garder_lignes(&mut tx, depot.id).await?;
    journaliser(app, &mut tx, &permis, "DeposerImport", &depot).await?;
    tx.commit().await?;
    Ok(depot.id)
}

/// As many days after an instant as a duration counts that day.
async fn apres(tx: &mut Tx, duree: &Key<i64>, at: Instant) -> DbResult<Instant> {
    let jours = reference::value(tx, duree, jour(at)).await?;
    Ok(at.plus_seconds(jours * 86_400))
}

/// Moves a file from one state to another, and says until when it can be undone; gives whether it was in the former state.
///
/// # Errors
/// The engine's.
pub(super) async fn passer(
    tx: &mut Tx,
    id: Uuid,
    de_vers: (EtatDepot, EtatDepot),
    raison: Option<&str>,
    at: Instant,
) -> DbResult<bool> {
    let fin = apres(tx, &IMPORT_RETOUR, at).await?;
    store::passer(tx, id, de_vers, raison, (at, fin)).await
}

fn qualite(permis: &Permit<ImporterLieux>) -> Result<Qualite, Erreur> {
    let grant = permis.grant();
    Ok(Qualite {
        personne: permis.actor().person.ok_or(Erreur::Introuvable)?,
        fonction: grant.role.to_owned(),
        perimetre: grant.perimeter.clone(),
        attribution: grant.source,
    })
}

fn codes(portee: &Scope) -> Vec<String> {
    match portee {
        Scope::Everything => vec![WHOLE.to_owned()],
        Scope::Within(codes) => codes.clone(),
    }
}

async fn journaliser(
    app: &App,
    tx: &mut Tx,
    permis: &Permit<ImporterLieux>,
    action: &str,
    depot: &Depot,
) -> Result<(), Erreur> {
    let cadre = Cadre::de(app, permis);
    cadre
        .journaliser(tx, action, ("import", depot.id), json!(depot.apercu.comptes))
        .await
}

/// Decides of a file as [`preparer`](super::import::preparer) does, away from the threads that answer requests.
pub(super) async fn preparer(
    app: &App,
    octets: Vec<u8>,
    (nom, source): (String, String),
    portee: Scope,
) -> Result<Preparation, Erreur> {
    let (app, runtime) = (app.clone(), tokio::runtime::Handle::current());
    let decider = async move {
        let fichier = Fichier {
            nom: &nom,
            octets: &octets,
            source: Some(&source),
            correspondance: None,
        };
        let lue = lire(fichier).map_err(|illisible| Refus::champ("fichier", raison(&octets, &illisible)))?;
        let mut tx = app.db.snapshot().await?;
        decider_dans(&mut tx, lue, &portee, &app.ids, app.clock.now()).await
    };
    let fil = tokio::task::spawn_blocking(move || runtime.block_on(decider));
    fil.await.map_err(Erreur::faute)?
}

fn raison(octets: &[u8], illisible: &Illisible) -> String {
    if octets.starts_with(ARCHIVE) {
        return "ce fichier est un classeur ou une archive\u{a0}: dans votre tableur, enregistrez-le au format CSV, puis choisissez-le de nouveau".into();
    }
    let raison = ui::formats::insecables(&illisible.to_string()).into_owned();
    match illisible {
        Illisible::Table(_) => raison,
        Illisible::Forme(_) => {
            format!("{raison}. Nommez-les comme dans le standard, puis choisissez de nouveau le fichier")
        }
    }
}

/// What a person looks at before they confirm.
struct Regard {
    apercu: Apercu,
    refusees: Vec<Refusee>,
    retirees: Vec<Uuid>,
}

impl Regard {
    /// Keeps the rows, in place of those kept before.
    async fn garder_lignes(&self, tx: &mut Tx, id: Uuid) -> DbResult<()> {
        store::garder_refus(tx, id, &self.refusees).await?;
        store::garder_retraits(tx, id, &self.retirees).await
    }
}

async fn regarder(
    app: &App,
    octets: Vec<u8>,
    (nom, source): (String, String),
    portee: Scope,
) -> Result<Regard, Erreur> {
    let preparation = preparer(app, octets, (nom, source), portee.clone()).await?;
    let (comptes, travaux) = preparation.travaux();
    let exemples = exemples(&mut app.db.read().await?, &travaux).await?;
    let apercu = Apercu {
        comptes,
        massif: preparation.rapport.est_un_retrait_massif(),
        exemples,
        temoin: preparation.temoin(&portee),
        forme: preparation.rapport.forme.clone(),
    };
    let Rapport { refusees, retirees, .. } = preparation.rapport;
    Ok(Regard {
        apercu,
        refusees,
        retirees: retirees.into_iter().map(|retiree| retiree.id).collect(),
    })
}

/// The first places that change, and the first that come.
async fn exemples(tx: &mut Tx, travaux: &[Travail<'_>]) -> Result<Vec<Exemple>, Erreur> {
    let crees = travaux.iter().filter_map(|travail| match travail {
        Travail::Creer(gardee, _) => Some(Exemple {
            lieu: gardee.lieu.id,
            nouveau: true,
            nom: gardee.lieu.nom.clone(),
            commune: gardee.lieu.adresse.commune.clone(),
            changements: Vec::new(),
        }),
        _ => None,
    });
    let mut exemples: Vec<Exemple> = crees.take(EXEMPLES).collect();
    let changes = travaux.iter().filter_map(|travail| match travail {
        Travail::Modifier(gardee, ..) => Some(*gardee),
        _ => None,
    });
    for gardee in changes.take(EXEMPLES) {
        let fiche = doublons::fiche(tx, gardee.lieu.id).await?;
        exemples.push(Exemple {
            lieu: fiche.id,
            nouveau: false,
            changements: differences(&fiche, &gardee.lieu).into_iter().map(Into::into).collect(),
            nom: fiche.nom,
            commune: fiche.adresse.commune,
        });
    }
    Ok(exemples)
}

/// A file that the actor may follow.
///
/// # Errors
/// `Introuvable` when there is none in their perimeter.
pub async fn charger(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Depot, Erreur> {
    let depot = store::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<ImporterLieux>(actor, &depot)?;
    Ok(depot)
}

/// Whether the actor holds the whole file: who reaches only a part of it follows it without reading the rows of others.
pub fn tient(actor: &Actor, depot: &Depot) -> bool {
    scope::<ImporterLieux>(actor)
        .is_ok_and(|(permis, portee)| est_le_sien(permis.grant(), depot) || depot.tient_dans(&portee))
}

/// Whether this grant is the one by which the file was given.
fn est_le_sien(grant: &Grant, depot: &Depot) -> bool {
    grant.source.is_some() && grant.source == depot.qualite.attribution
}

/// As [`charger`], for who holds the whole file.
///
/// # Errors
/// `Introuvable` when they do not.
pub async fn charger_entier(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Depot, Erreur> {
    let depot = charger(tx, actor, id).await?;
    if tient(actor, &depot) {
        Ok(depot)
    } else {
        Err(Erreur::Introuvable)
    }
}

/// A file that the actor may confirm or give up, since they hold the whole of it, and the scope over which it acts: that of the attribution
/// by which it was given, as it is today for who still uses it.
async fn tenir(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<(Depot, Permit<ImporterLieux>, Scope), Erreur> {
    let depot = store::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let permis = authorise::<ImporterLieux>(actor, &depot)?;
    if !tient(actor, &depot) {
        let hors = "cet import porte aussi sur des lieux hors de votre périmètre\u{a0}: la personne qui l’a déposé peut le lancer ou l’annuler";
        return Err(Refus::new(hors).into());
    }
    let portee = if est_le_sien(permis.grant(), &depot) {
        scope::<ImporterLieux>(actor)?.1
    } else {
        depot.scope()
    };
    Ok((depot, permis, portee))
}

/// Confirms a file, seen at this version; it is then written by the worker.
///
/// # Errors
/// A refusal when it can no longer be confirmed, or at `retrait` when many places would be withdrawn without a word.
pub async fn lancer(app: &App, actor: &Actor, id: Uuid, vu: Option<i64>, retrait: bool) -> Result<Lancement, Erreur> {
    let mut tx = app.db.write().await?;
    let (depot, permis, portee) = tenir(&mut tx, actor, id).await?;
    if depot.etat.lancer()? == depot.etat {
        // The second press of the same button changes nothing more.
        return Ok(Lancement::Fait);
    }
    if depot.expire_at < app.clock.now() {
        return Err(Refus::new("ce fichier a attendu trop longtemps\u{a0}: déposez-le de nouveau").into());
    }
    if vu != Some(depot.version) {
        let depot = Box::new(depot);
        return Ok(Lancement::Change { vu: None, depot });
    }
    if temoin(&connues(&mut tx, &depot.source).await?, &portee) != depot.apercu.temoin {
        let octets = octets(app, &mut tx, id).await?;
        tx.rollback().await?;
        return relire(app, portee, depot, octets).await;
    }
    peut_s_ecrire(&mut tx, &depot, retrait).await?;
    let lance = Depot {
        qualite: qualite(&permis)?,
        ..depot
    };
    let lancee = store::lancer(&mut tx, &lance).await;
    // Two files of one source may be confirmed at once: the second is told so.
    if !lancee.map_err(|erreur| occupee(erreur.into()))? {
        return Err(Erreur::Conflit);
    }
    journaliser(app, &mut tx, &permis, "LancerImport", &lance).await?;
    suivre(app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(Lancement::Fait)
}

async fn peut_s_ecrire(tx: &mut Tx, depot: &Depot, retrait: bool) -> Result<(), Erreur> {
    if depot.a_ecrire() == 0 {
        return Err(Refus::new("ce fichier ne change rien\u{a0}: il n’y a rien à importer").into());
    }
    if depot.apercu.massif && !retrait {
        return Err(Refus::champ("retrait", "cochez la case si ces lieux doivent bien être retirés").into());
    }
    if store::est_occupee(tx, &depot.source, depot.id).await? {
        return Err(Refus::new(SOURCE_OCCUPEE).into());
    }
    Ok(())
}

fn occupee(erreur: Erreur) -> Erreur {
    if erreur.est_doublon() {
        Refus::new(SOURCE_OCCUPEE).into()
    } else {
        erreur
    }
}

/// Queues the next piece of work of a file.
pub(super) async fn suivre(app: &App, tx: &mut Tx, id: Uuid) -> Result<(), Erreur> {
    let at = app.clock.now();
    Ok(outbox::publish(tx, app.ids.next(at), at, A_SUIVRE, json!({ "import": id })).await?)
}

/// The bytes of a file that waits.
pub(super) async fn octets(app: &App, tx: &mut Tx, id: Uuid) -> Result<Vec<u8>, Erreur> {
    let scelles = store::octets(tx, id).await?.ok_or(Erreur::Introuvable)?;
    app.settings.keys.open(store::SCEAU, &scelles).map_err(Erreur::faute)
}

/// Decides anew of a file whose places changed; it stays in the hands of who gave it.
async fn relire(app: &App, portee: Scope, depot: Depot, octets: Vec<u8>) -> Result<Lancement, Erreur> {
    let noms = (depot.fichier.clone(), depot.source.clone());
    let regard = regarder(app, octets, noms, portee.clone()).await?;
    let vu = depot.apercu.comptes.clone();
    let mut relu = Depot {
        portee: codes(&portee),
        apercu: regard.apercu.clone(),
        ..depot
    };
    let mut tx = app.db.write().await?;
    if !store::redecider(&mut tx, &relu).await? {
        return Err(Erreur::Conflit);
    }
    regard.garder_lignes(&mut tx, relu.id).await?;
    tx.commit().await?;
    relu.version += 1;
    Ok(Lancement::Change {
        vu: Some(vu),
        depot: Box::new(relu),
    })
}

/// Gives up a file: what it wrote is put back by the worker.
///
/// # Errors
/// A refusal when nothing can be given up any more.
pub async fn annuler(app: &App, actor: &Actor, id: Uuid) -> Result<(), Erreur> {
    let mut tx = app.db.write().await?;
    let (depot, permis, _) = tenir(&mut tx, actor, id).await?;
    let at = app.clock.now();
    let vers = depot.etat.annuler()?;
    if !depot.peut_s_annuler(at) {
        let passe = "le délai pour annuler cet import est passé\u{a0}: déposez un fichier qui corrige ces lieux";
        return Err(Refus::new(passe).into());
    }
    if vers == EtatDepot::Retour && store::est_occupee(&mut tx, &depot.source, id).await? {
        return Err(Refus::new(SOURCE_OCCUPEE).into());
    }
    let passe = passer(&mut tx, id, (depot.etat, vers), None, at).await;
    if !passe.map_err(|erreur| occupee(erreur.into()))? {
        return Err(Erreur::Conflit);
    }
    journaliser(app, &mut tx, &permis, "AnnulerImport", &depot).await?;
    if vers == EtatDepot::Retour {
        suivre(app, &mut tx, id).await?;
    }
    tx.commit().await?;
    Ok(())
}
