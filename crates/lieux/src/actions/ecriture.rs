//! Writing a file that was confirmed, or putting back what it wrote: piece by piece, each whole, so that the work may be cut anywhere.

use comptes::{actions::notifications, domain::notification::GenreNotification};
use serde_json::{Value, json};
use socle::{
    App,
    change::Act,
    clock::Instant,
    db::Tx,
    errors::Erreur,
    journal::{self, Entry},
    module::{BoxFuture, Consumer},
    outbox::{self, Event},
    permissions::{Actor, Permit, Scope, scope},
};
use uuid::Uuid;

use super::{
    Cadre,
    depot::{A_SUIVRE, octets, passer, preparer, suivre},
    doublons,
    import::{BilanImport, Preparation, Travail, annoncer, ecrire},
};
use crate::{
    domain::{
        depot::{Depot, EtatDepot},
        import::Comptes,
    },
    permissions::ImporterLieux,
    store::{
        avant::{self, Avant, Ecrits, Genre},
        depot as store, import as imports,
        lieu::{self as lieux, Etat},
        modification,
    },
};

/// The topic of the files that were put back.
pub const ANNULE: &str = "lieux.import_annule";
/// Places written in one transaction, so that other writers are not kept waiting.
pub const LOT: usize = 200;
/// Transactions done for one event: far from the time after which another worker takes it.
const LOTS_PAR_EVENEMENT: usize = 5;

/// What follows a file that is confirmed or given up.
pub const CONSUMER: Consumer = Consumer {
    topic: A_SUIVRE,
    run: |app, event| avancer(app, event),
};

fn avancer(app: App, event: Event) -> BoxFuture<'static, Result<(), Erreur>> {
    Box::pin(async move {
        let Some(id) = event.payload["import"].as_str().and_then(|id| id.parse().ok()) else {
            return Err(Erreur::faute("an event without its import"));
        };
        let Some(depot) = store::trouver(&mut app.db.read().await?, id).await? else {
            return Ok(());
        };
        match depot.etat {
            EtatDepot::EnCours => ecrire_la_suite(&app, depot).await,
            EtatDepot::Retour => rendre_la_suite(&app, depot).await,
            _ => Ok(()),
        }
    })
}

/// Why a file is given up by the program.
#[derive(Debug, thiserror::Error)]
enum Interruption {
    #[error("la fonction qui permettait cet import n’est plus exercée")]
    FonctionRetiree,
    #[error("le fichier déposé ne se relit plus")]
    FichierIllisible,
    #[error("les lieux de cette source ont changé juste après votre confirmation")]
    LieuxChanges,
}

impl Interruption {
    /// A short stable code, for the journal.
    const fn code(&self) -> &'static str {
        match self {
            Self::FonctionRetiree => "fonction-retiree",
            Self::FichierIllisible => "fichier-illisible",
            Self::LieuxChanges => "lieux-changes",
        }
    }
}

async fn ecrire_la_suite(app: &App, depot: Depot) -> Result<(), Erreur> {
    match reprendre(app, &depot).await? {
        Ok((permis, preparation)) => ecrire_les_lots(app, depot, &permis, &preparation).await,
        Err(interruption) => interrompre(app, &depot, &interruption).await,
    }
}

async fn interrompre(app: &App, depot: &Depot, interruption: &Interruption) -> Result<(), Erreur> {
    let at = app.clock.now();
    let raison = interruption.to_string();
    let mut tx = app.db.write().await?;
    let de_vers = (EtatDepot::EnCours, EtatDepot::Interrompu);
    if !passer(&mut tx, depot.id, de_vers, Some(&raison), at).await? {
        return Ok(());
    }
    let detail = json!({ "raison": interruption.code(), "ecrits": depot.fait });
    noter_au_journal(app, &mut tx, at, "InterrompreImport", (depot, detail)).await?;
    let phrase = format!(
        "Votre import de «\u{a0}{}\u{a0}» est interrompu\u{a0}: {raison}.",
        depot.source
    );
    prevenir(app, &mut tx, depot, phrase).await?;
    Ok(tx.commit().await?)
}

/// Writes a line of the journal for what the program does by itself.
async fn noter_au_journal(
    app: &App,
    tx: &mut Tx,
    at: Instant,
    action: &str,
    (depot, detail): (&Depot, Value),
) -> Result<(), Erreur> {
    let entree = Entry::new(&app.ids, at, &Actor::operator(), action, ("import", depot.id));
    Ok(journal::write(tx, &app.settings.keys, entree.detail(detail)).await?)
}

/// Tells who confirmed the file what became of it.
async fn prevenir(app: &App, tx: &mut Tx, depot: &Depot, phrase: String) -> Result<(), Erreur> {
    let operateur = Actor::operator();
    let acte = Act::now(app, &operateur);
    let chemin = format!("/espace/import/{}", depot.id);
    let dit = (phrase, chemin.as_str());
    notifications::prevenir(&acte, tx, depot.qualite.personne, GenreNotification::Lieu, dit).await
}

type Reprise = Result<(Permit<ImporterLieux>, Preparation), Interruption>;

/// Decides again of the file, in the quality of who confirmed it: what is written already is then left as it is.
async fn reprendre(app: &App, depot: &Depot) -> Result<Reprise, Erreur> {
    let mut tx = app.db.read().await?;
    let permis = match en_qualite(app, &mut tx, depot).await? {
        // Who confirmed may have lost a part of what the file touches since.
        Some((permis, tenue)) if depot.tient_dans(&tenue) => permis,
        _ => return Ok(Err(Interruption::FonctionRetiree)),
    };
    let portee = depot.scope();
    let octets = match octets(app, &mut tx, depot.id).await {
        Ok(octets) => octets,
        Err(Erreur::Db(erreur)) => return Err(erreur.into()),
        Err(_) => return Ok(Err(Interruption::FichierIllisible)),
    };
    drop(tx);
    let noms = (depot.fichier.clone(), depot.source.clone());
    let preparation = match preparer(app, octets, noms, portee.clone()).await {
        Ok(preparation) => preparation,
        Err(Erreur::Refus(_)) => return Ok(Err(Interruption::FichierIllisible)),
        Err(erreur) => return Err(erreur),
    };
    let apercu = &depot.apercu;
    let commence = depot.fait > 0;
    if !commence && (preparation.temoin(&portee) != apercu.temoin || preparation.travaux().0 != apercu.comptes) {
        return Ok(Err(Interruption::LieuxChanges));
    }
    Ok(Ok((permis, preparation)))
}

async fn en_qualite(app: &App, tx: &mut Tx, depot: &Depot) -> Result<Option<(Permit<ImporterLieux>, Scope)>, Erreur> {
    let jour = comptes::reconnaissance::jour(app.clock.now());
    let Some(attribution) = depot.qualite.attribution else {
        return Ok(None);
    };
    let titulaire = comptes::reconnaissance::titulaire(tx, depot.qualite.personne, attribution, jour).await?;
    Ok(titulaire.and_then(|actor| scope::<ImporterLieux>(&actor).ok()))
}

async fn ecrire_les_lots(
    app: &App,
    mut depot: Depot,
    permis: &Permit<ImporterLieux>,
    preparation: &Preparation,
) -> Result<(), Erreur> {
    let (_, travaux) = preparation.travaux();
    let cadre = Cadre::de(app, permis);
    let lots: Vec<&[Travail<'_>]> = travaux.chunks(LOT).collect();
    let (faits, reste) = lots.split_at(lots.len().min(LOTS_PAR_EVENEMENT));
    for (rang, lot) in faits.iter().enumerate() {
        let mut tx = app.db.write().await?;
        let combien = i64::try_from(lot.len()).unwrap_or(i64::MAX);
        if !store::avancer(&mut tx, &depot, (combien, 0, 0)).await? {
            tx.rollback().await?;
            return arreter(app, &depot).await;
        }
        if depot.fait == 0 {
            let comptes = &depot.apercu.comptes;
            imports::creer(
                &mut tx,
                depot.id,
                cadre.at,
                &depot.source,
                &preparation.fichier,
                comptes,
            )
            .await?;
        }
        ecrire_un_lot(&mut tx, (depot.id, &depot.source), lot, cadre.at).await?;
        depot.version += 1;
        depot.fait += combien;
        let dernier = rang + 1 == faits.len();
        if dernier && reste.is_empty() {
            terminer(app, &mut tx, cadre, &depot).await?;
        } else {
            outbox::bump_version(&mut tx, "lieux").await?;
            if dernier {
                suivre(app, &mut tx, depot.id).await?;
            }
        }
        tx.commit().await?;
    }
    if faits.is_empty() {
        let mut tx = app.db.write().await?;
        terminer(app, &mut tx, cadre, &depot).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Somebody gave up the file, or another worker writes it.
async fn arreter(app: &App, depot: &Depot) -> Result<(), Erreur> {
    let actuel = store::trouver(&mut app.db.read().await?, depot.id).await?;
    match actuel.map(|d| d.etat) {
        Some(etat) if etat == depot.etat => Err(Erreur::Conflit),
        _ => Ok(()),
    }
}

async fn terminer(app: &App, tx: &mut Tx, cadre: Cadre<'_, ImporterLieux>, depot: &Depot) -> Result<(), Erreur> {
    let de_vers = (EtatDepot::EnCours, EtatDepot::Termine);
    if !passer(tx, depot.id, de_vers, None, cadre.at).await? {
        return Err(Erreur::Conflit);
    }
    let Ecrits {
        creees,
        modifiees,
        retirees,
    } = avant::ecrits(tx, depot.id).await?;
    let bilan = BilanImport {
        import: depot.id,
        source: depot.source.clone(),
        comptes: Comptes {
            creees,
            modifiees,
            retirees,
            ..depot.apercu.comptes.clone()
        },
    };
    annoncer(tx, cadre, &bilan).await?;
    let phrase = format!("Votre import de «\u{a0}{}\u{a0}» est terminé.", depot.source);
    prevenir(app, tx, depot, phrase).await
}

/// Writes places, and keeps each as it was.
async fn ecrire_un_lot(
    tx: &mut Tx,
    (import, source): (Uuid, &str),
    lot: &[Travail<'_>],
    at: Instant,
) -> Result<(), Erreur> {
    let mut genres = Vec::with_capacity(lot.len());
    for travail in lot {
        genres.push(genre(tx, travail).await?);
    }
    // A writing raises the version of a place by one.
    let version_avant = |genre: &Genre, version: i64| (*genre != Genre::Creation).then_some(version - 1);
    let porteurs = ecrire(tx, (import, source, at), lot).await?;
    for ((travail, genre), porteur) in lot.iter().zip(genres).zip(porteurs) {
        let Some(porteur) = porteur else { continue };
        let (_, version) = avant::etat(tx, porteur).await?.ok_or(Erreur::Introuvable)?;
        let garde = Avant {
            lieu: travail.lieu(),
            porteur,
            id_externe: travail.id_externe().to_owned(),
            version_avant: version_avant(&genre, version),
            genre,
            version,
        };
        avant::garder(tx, import, &garde).await?;
        avant::noter_version(tx, import, porteur, version).await?;
    }
    Ok(())
}

async fn genre(tx: &mut Tx, travail: &Travail<'_>) -> Result<Genre, Erreur> {
    let connue = match travail {
        Travail::Creer(..) => return Ok(Genre::Creation),
        Travail::Retirer(_) => return Ok(Genre::Retrait),
        Travail::Modifier(_, _, connue) => connue,
    };
    let lieu = travail.lieu();
    let (etat, version) = avant::etat(tx, lieu).await?.ok_or(Erreur::Introuvable)?;
    // Somebody changed the place since it was decided of: the next attempt decides again. The records of a merge are written through the
    // place that shows them, whose version moves with each.
    if version != connue.version && !doublons::est_fusionnee(tx, lieu).await? {
        return Err(Erreur::Conflit);
    }
    Ok(Genre::Modification {
        avant: Box::new(doublons::fiche(tx, lieu).await?),
        etat,
        provenances: imports::provenances(tx, lieu).await?,
        ligne: (connue.empreinte.clone(), connue.import_id),
    })
}

async fn rendre_la_suite(app: &App, mut depot: Depot) -> Result<(), Erreur> {
    let at = app.clock.now();
    for rang in 1..=LOTS_PAR_EVENEMENT {
        let mut tx = app.db.write().await?;
        let (rendus, laisses) = rendre_un_lot(&mut tx, &depot, at).await?;
        if !store::avancer(&mut tx, &depot, (0, rendus, laisses)).await? {
            tx.rollback().await?;
            return arreter(app, &depot).await;
        }
        depot.version += 1;
        depot.rendus += rendus;
        depot.laisses += laisses;
        outbox::bump_version(&mut tx, "lieux").await?;
        let fini = rendus + laisses < LOT as i64;
        if fini {
            let de_vers = (EtatDepot::Retour, EtatDepot::Annule);
            passer(&mut tx, depot.id, de_vers, None, at).await?;
            annoncer_le_retour(app, &mut tx, &depot, at).await?;
        } else if rang == LOTS_PAR_EVENEMENT {
            suivre(app, &mut tx, depot.id).await?;
        }
        tx.commit().await?;
        if fini {
            break;
        }
    }
    Ok(())
}

/// Tells that an undoing is over, in the journal, to those who follow, and to who confirmed the file.
async fn annoncer_le_retour(app: &App, tx: &mut Tx, depot: &Depot, at: Instant) -> Result<(), Erreur> {
    let Depot {
        id,
        source,
        rendus,
        laisses,
        ..
    } = depot;
    let detail = json!({ "rendus": rendus, "laisses": laisses });
    noter_au_journal(app, tx, at, "RendreImport", (depot, detail)).await?;
    let fait = json!({ "import": id, "source": source, "rendus": rendus, "laisses": laisses });
    outbox::publish(tx, app.ids.next(at), at, ANNULE, fait).await?;
    let phrase = format!(
        "Votre import de «\u{a0}{source}\u{a0}» est annulé\u{a0}: {rendus} lieux remis comme avant, {laisses} laissés comme ils sont."
    );
    prevenir(app, tx, depot, phrase).await
}

/// Puts places back; gives how many were, and how many are left as they are.
async fn rendre_un_lot(tx: &mut Tx, depot: &Depot, at: Instant) -> Result<(i64, i64), Erreur> {
    let (mut rendus, mut laisses) = (0, 0);
    // One at a time: putting a record back changes the version at which the others of its merge are expected.
    for _ in 0..LOT {
        let Some(un) = avant::suivant(tx, depot.id).await? else {
            break;
        };
        if rendre(tx, depot, &un, at).await? {
            avant::oublier(tx, depot.id, un.lieu).await?;
            rendus += 1;
        } else {
            avant::laisser(tx, depot.id, un.lieu).await?;
            laisses += 1;
        }
    }
    Ok((rendus, laisses))
}

/// Puts a place back as it was; gives false when it changed since, or left the perimeter: it then stays as it is.
async fn rendre(tx: &mut Tx, depot: &Depot, un: &Avant, at: Instant) -> Result<bool, Erreur> {
    let actuel = avant::etat(tx, un.porteur).await?;
    let inchange = actuel.is_some_and(|(_, version)| version == un.version);
    let portee = depot.scope();
    if !inchange || !(portee.is_everything() || avant::est_tenu(tx, un.lieu, portee.codes()).await?) {
        return Ok(false);
    }
    match &un.genre {
        Genre::Creation => {
            lieux::changer_etat(tx, un.lieu, Etat::Retire, at).await?;
        }
        Genre::Retrait => {
            lieux::changer_etat(tx, un.lieu, Etat::Publie, at).await?;
        }
        Genre::Modification {
            avant: fiche,
            etat,
            provenances,
            ligne: (empreinte, import),
        } => {
            doublons::reporter(tx, fiche, at).await?;
            if etat == Etat::Retire.code() {
                lieux::changer_etat(tx, un.lieu, Etat::Retire, at).await?;
            }
            imports::garder_provenances(tx, &depot.source, &[(un.lieu, &[])], at).await?;
            modification::rendre(tx, un.lieu, provenances).await?;
            imports::lier(tx, &depot.source, &un.id_externe, un.lieu, empreinte, *import).await?;
        }
    }
    noter(tx, depot.id, un).await?;
    Ok(true)
}

/// The other records that the same place shows are then put back too, and so may be the import before.
async fn noter(tx: &mut Tx, import: Uuid, rendu: &Avant) -> Result<(), Erreur> {
    if let Some((_, version)) = avant::etat(tx, rendu.porteur).await? {
        avant::noter_version(tx, import, rendu.porteur, version).await?;
        avant::rattacher(tx, import, rendu, version).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::import::{Fichier, importer, preparer};
    use socle::{
        ids::Ids,
        permissions::{Everything, authorise},
        testing::{databases, instant, keys},
    };

    #[tokio::test]
    async fn un_lieu_change_a_la_main_depuis_la_decision_n_est_pas_ecrase() {
        let permis = authorise::<crate::permissions::GererLieux>(&Actor::operator(), &Everything).unwrap();
        for base in databases().await {
            let (ids, keys, at) = (Ids::seeded(1), keys(), instant());
            let octets = |telephone: &str| {
                format!(
                    "id,pivot,nom,commune,code_postal,adresse,telephone\n1,,Médiathèque,Bourg-en-Bresse,01000,1 rue A,{telephone}\n"
                )
            };
            let mut tx = base.db.write().await.unwrap();
            let mut preparations = Vec::new();
            for telephone in ["0474457000", "0474457001"] {
                let octets = octets(telephone);
                let fichier = Fichier {
                    nom: "a.csv",
                    octets: octets.as_bytes(),
                    source: Some("Hub"),
                    correspondance: None,
                };
                let preparation = preparer(&mut tx, fichier, &ids, at).await.unwrap();
                let cadre = Cadre {
                    permis: &permis,
                    ids: &ids,
                    keys: &keys,
                    at,
                };
                if preparations.is_empty() {
                    importer(&mut tx, cadre, &preparation, false).await.unwrap();
                }
                preparations.push(preparation);
            }
            let (_, travaux) = preparations[1].travaux();
            let lieu = travaux[0].lieu();
            let mut fiche = lieux::trouver(&mut tx, lieu).await.unwrap().unwrap();
            fiche.nom = "Médiathèque corrigée".into();
            lieux::enregistrer(&mut tx, &fiche, at).await.unwrap();
            let ecrit = ecrire_un_lot(&mut tx, (ids.next(at), "Hub"), &travaux, at).await;
            assert!(matches!(ecrit, Err(Erreur::Conflit)), "{ecrit:?}");
        }
    }
}
