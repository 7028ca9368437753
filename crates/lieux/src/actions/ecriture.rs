//! Writing a file that was confirmed, or putting back what it wrote: piece by piece, each whole, so that the work may be cut anywhere.

use socle::{
    App,
    clock::Instant,
    db::Tx,
    errors::Erreur,
    module::{BoxFuture, Consumer},
    outbox::{self, Event},
    permissions::{Permit, Scope, scope},
};
use uuid::Uuid;

use super::{
    Cadre,
    depot::{A_SUIVRE, octets, passer, preparer, suivre},
    doublons,
    import::{BilanImport, Preparation, Travail, annoncer, ecrire},
};
use crate::{
    domain::depot::{Depot, EtatDepot},
    permissions::ImporterLieux,
    store::{
        avant::{self, Avant, Genre},
        depot as store, import as imports,
        lieu::{self as lieux, Etat},
        modification,
    },
};

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

async fn ecrire_la_suite(app: &App, depot: Depot) -> Result<(), Erreur> {
    match reprendre(app, &depot).await? {
        Ok((permis, preparation)) => ecrire_les_lots(app, depot, &permis, &preparation).await,
        Err(interruption) => {
            let mut tx = app.db.write().await?;
            let raison = interruption.to_string();
            let de_vers = (EtatDepot::EnCours, EtatDepot::Interrompu);
            passer(&mut tx, depot.id, de_vers, Some(&raison), app.clock.now()).await?;
            Ok(tx.commit().await?)
        }
    }
}

type Reprise = Result<(Permit<ImporterLieux>, Preparation), Interruption>;

/// Decides again of the file, in the quality of who confirmed it: what is written already is then left as it is.
async fn reprendre(app: &App, depot: &Depot) -> Result<Reprise, Erreur> {
    let mut tx = app.db.read().await?;
    let Some((permis, portee)) = en_qualite(app, &mut tx, depot).await? else {
        return Ok(Err(Interruption::FonctionRetiree));
    };
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
        ecrire_un_lot(&mut tx, &depot, lot, cadre.at).await?;
        depot.version += 1;
        depot.fait += combien;
        let dernier = rang + 1 == faits.len();
        if dernier && reste.is_empty() {
            terminer(&mut tx, cadre, &depot).await?;
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
        terminer(&mut tx, cadre, &depot).await?;
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

async fn terminer(tx: &mut Tx, cadre: Cadre<'_, ImporterLieux>, depot: &Depot) -> Result<(), Erreur> {
    let de_vers = (EtatDepot::EnCours, EtatDepot::Termine);
    if !passer(tx, depot.id, de_vers, None, cadre.at).await? {
        return Err(Erreur::Conflit);
    }
    let bilan = BilanImport {
        import: depot.id,
        source: depot.source.clone(),
        comptes: depot.apercu.comptes.clone(),
    };
    annoncer(tx, cadre, &bilan).await
}

/// Writes places, and keeps each as it was.
async fn ecrire_un_lot(tx: &mut Tx, depot: &Depot, lot: &[Travail<'_>], at: Instant) -> Result<(), Erreur> {
    let mut genres = Vec::with_capacity(lot.len());
    for travail in lot {
        genres.push(genre(tx, travail).await?);
    }
    let porteurs = ecrire(tx, (depot.id, &depot.source, at), lot).await?;
    for ((travail, genre), porteur) in lot.iter().zip(genres).zip(porteurs) {
        let Some(porteur) = porteur else { continue };
        let (_, version) = avant::etat(tx, porteur).await?.ok_or(Erreur::Introuvable)?;
        let garde = Avant {
            lieu: travail.lieu(),
            porteur,
            id_externe: travail.id_externe().to_owned(),
            genre,
            version,
        };
        avant::garder(tx, depot.id, &garde).await?;
        avant::noter_version(tx, depot.id, porteur, version).await?;
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
    let (etat, _) = avant::etat(tx, lieu).await?.ok_or(Erreur::Introuvable)?;
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
        outbox::bump_version(&mut tx, "lieux").await?;
        let fini = rendus + laisses < LOT as i64;
        if fini {
            let de_vers = (EtatDepot::Retour, EtatDepot::Annule);
            passer(&mut tx, depot.id, de_vers, None, at).await?;
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

/// Puts places back; gives how many were, and how many are left as they are.
async fn rendre_un_lot(tx: &mut Tx, depot: &Depot, at: Instant) -> Result<(i64, i64), Erreur> {
    let (mut rendus, mut laisses) = (0, 0);
    // One at a time: putting a record back changes the version at which the others of its merge are expected.
    for _ in 0..LOT {
        let Some(un) = avant::suivant(tx, depot.id).await? else {
            break;
        };
        if rendre(tx, depot, &un, at).await? {
            rendus += 1;
        } else {
            laisses += 1;
        }
        avant::oublier(tx, depot.id, un.lieu).await?;
    }
    Ok((rendus, laisses))
}

/// Puts a place back as it was; gives false when it changed since, or left the perimeter: it then stays as it is.
async fn rendre(tx: &mut Tx, depot: &Depot, un: &Avant, at: Instant) -> Result<bool, Erreur> {
    let actuel = avant::etat(tx, un.porteur).await?;
    let inchange = actuel.is_some_and(|(_, version)| version == un.version);
    let partout = depot.portee.iter().any(|code| code == socle::permissions::WHOLE);
    if !inchange || !(partout || avant::est_tenu(tx, un.lieu, &depot.portee).await?) {
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
    noter(tx, depot.id, un.porteur).await?;
    Ok(true)
}

/// The other records that the same place shows are then put back too.
async fn noter(tx: &mut Tx, import: Uuid, porteur: Uuid) -> Result<(), Erreur> {
    if let Some((_, version)) = avant::etat(tx, porteur).await? {
        avant::noter_version(tx, import, porteur, version).await?;
    }
    Ok(())
}
