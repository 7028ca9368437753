//! The only SQL about the files of places given in the browser.

use socle::{
    clock::Instant,
    db::{DbResult, Tx, Value},
    params,
    permissions::Scope,
    sql,
};
use uuid::Uuid;

use super::{json, lire_json, portee};
use crate::domain::{
    depot::{Apercu, Depot, EtatDepot, Qualite, codes_du_depot},
    import::{Comptes, Refusee},
};

/// What seals the bytes of a file.
pub const SCEAU: &str = "import_depose.octets";

/// Rows written by one statement.
const LOT: usize = 50;

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    par_id: Uuid,
    fonction: String,
    perimetre: String,
    attribution_id: Option<Uuid>,
    portee: String,
    source: String,
    fichier: String,
    depose_at: Instant,
    expire_at: Instant,
    clos_at: Option<Instant>,
    etat: String,
    raison: Option<String>,
    forme: String,
    lues: i64,
    creees: i64,
    modifiees: i64,
    inchangees: i64,
    refusees: i64,
    retirees: i64,
    massif: bool,
    exemples: serde_json::Value,
    temoin: Vec<u8>,
    fait: i64,
    rendus: i64,
    laisses: i64,
    version: i64,
}

impl TryFrom<Ligne> for Depot {
    type Error = sqlx::Error;

    fn try_from(l: Ligne) -> DbResult<Self> {
        let inconnu = || sqlx::Error::Decode(format!("import {} : état inconnu", l.id).into());
        Ok(Self {
            etat: EtatDepot::du_code(&l.etat).ok_or_else(inconnu)?,
            id: l.id,
            qualite: Qualite {
                personne: l.par_id,
                fonction: l.fonction,
                perimetre: l.perimetre,
                attribution: l.attribution_id,
            },
            portee: l.portee.split('|').map(str::to_owned).collect(),
            source: l.source,
            fichier: l.fichier,
            depose_at: l.depose_at,
            expire_at: l.expire_at,
            clos_at: l.clos_at,
            raison: l.raison,
            apercu: Apercu {
                forme: l.forme,
                comptes: Comptes {
                    lues: l.lues,
                    creees: l.creees,
                    modifiees: l.modifiees,
                    inchangees: l.inchangees,
                    refusees: l.refusees,
                    retirees: l.retirees,
                },
                massif: l.massif,
                exemples: lire_json(l.exemples)?,
                temoin: l.temoin,
            },
            fait: l.fait,
            rendus: l.rendus,
            laisses: l.laisses,
            version: l.version,
        })
    }
}

/// Keeps a new file; `octets` are sealed.
///
/// # Errors
/// The engine's.
pub async fn creer(tx: &mut Tx, depot: &Depot, octets: Vec<u8>) -> DbResult<()> {
    let (qualite, apercu) = (&depot.qualite, &depot.apercu);
    let comptes = &apercu.comptes;
    tx.execute(
        sql!(
            "INSERT INTO import_depose (id, par_id, fonction, perimetre, attribution_id, portee, source, fichier, octets, depose_at, expire_at,
                etat, forme, lues, creees, modifiees, inchangees, refusees, retirees, massif, exemples, temoin)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"
        ),
        &params![
            depot.id,
            qualite.personne,
            qualite.fonction.as_str(),
            qualite.perimetre.as_str(),
            qualite.attribution,
            depot.portee.join("|"),
            depot.source.as_str(),
            depot.fichier.as_str(),
            octets,
            depot.depose_at,
            depot.expire_at,
            depot.etat.code(),
            apercu.forme.as_str(),
            comptes.lues,
            comptes.creees,
            comptes.modifiees,
            comptes.inchangees,
            comptes.refusees,
            comptes.retirees,
            apercu.massif,
            json(&apercu.exemples)?,
            apercu.temoin.clone()
        ],
    )
    .await?;
    situer(tx, depot).await
}

async fn situer(tx: &mut Tx, depot: &Depot) -> DbResult<()> {
    let oublier = sql!("DELETE FROM import_depose_portee WHERE import_id = $1");
    tx.execute(oublier, &params![depot.id]).await?;
    for code in codes_du_depot(&depot.portee) {
        tx.execute(
            sql!("INSERT INTO import_depose_portee (import_id, code) VALUES ($1, $2)"),
            &params![depot.id, code],
        )
        .await?;
    }
    Ok(())
}

/// Keeps what was decided anew of a file that waits, and over what; gives whether it still waited at this version.
///
/// # Errors
/// The engine's.
pub async fn redecider(tx: &mut Tx, depot: &Depot) -> DbResult<bool> {
    let apercu = &depot.apercu;
    let comptes = &apercu.comptes;
    let lignes = tx
        .execute(
            sql!(
                "UPDATE import_depose SET portee = $3, forme = $4, lues = $5, creees = $6, modifiees = $7, inchangees = $8, refusees = $9,
                    retirees = $10, massif = $11, exemples = $12, temoin = $13, version = version + 1
                  WHERE id = $1 AND version = $2 AND etat = 'depose'"
            ),
            &params![
                depot.id,
                depot.version,
                depot.portee.join("|"),
                apercu.forme.as_str(),
                comptes.lues,
                comptes.creees,
                comptes.modifiees,
                comptes.inchangees,
                comptes.refusees,
                comptes.retirees,
                apercu.massif,
                json(&apercu.exemples)?,
                apercu.temoin.clone()
            ],
        )
        .await?;
    situer(tx, depot).await?;
    Ok(lignes == 1)
}

/// A file, without its bytes.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<Depot>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(
            sql!(
                "SELECT id, par_id, fonction, perimetre, attribution_id, portee, source, fichier, depose_at, expire_at, clos_at, etat, raison,
                    forme, lues, creees, modifiees, inchangees, refusees, retirees, massif, exemples, temoin, fait, rendus, laisses, version
                   FROM import_depose WHERE id = $1"
            ),
            &params![id],
        )
        .await?;
    ligne.map(Depot::try_from).transpose()
}

/// The files that lie in this scope, the last one first, before that one.
///
/// # Errors
/// The engine's.
pub async fn lister_dans(tx: &mut Tx, scope: &Scope, avant: Option<Uuid>, limite: u32) -> DbResult<Vec<Depot>> {
    let mut valeurs: Vec<Value> = params![scope.is_everything(), avant.unwrap_or(Uuid::max()), limite].into();
    valeurs.extend(portee::codes(scope));
    let requete = sql!(
        "SELECT i.id, i.par_id, i.fonction, i.perimetre, i.attribution_id, i.portee, i.source, i.fichier, i.depose_at, i.expire_at,
            i.clos_at, i.etat, i.raison, i.forme, i.lues, i.creees, i.modifiees, i.inchangees, i.refusees, i.retirees, i.massif, i.exemples,
            i.temoin, i.fait, i.rendus, i.laisses, i.version
           FROM import_depose i
          WHERE i.id < $2
            AND ($1 OR EXISTS (SELECT 1 FROM import_depose_portee p WHERE p.import_id = i.id AND p.code IN ($4, ...)))
          ORDER BY i.id DESC LIMIT $3"
    );
    let lignes: Vec<Ligne> = tx.fetch_all(requete.with_list(4, valeurs.len() - 3), &valeurs).await?;
    lignes.into_iter().map(Depot::try_from).collect()
}

/// The latest files that a person gave.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Depot>> {
    let lignes: Vec<Ligne> = tx
        .fetch_all(
            sql!(
                "SELECT id, par_id, fonction, perimetre, attribution_id, portee, source, fichier, depose_at, expire_at, clos_at, etat, raison,
                    forme, lues, creees, modifiees, inchangees, refusees, retirees, massif, exemples, temoin, fait, rendus, laisses, version
                   FROM import_depose WHERE par_id = $1 ORDER BY id DESC LIMIT 200"
            ),
            &params![personne],
        )
        .await?;
    lignes.into_iter().map(Depot::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct LigneOctets {
    octets: Option<Vec<u8>>,
}

/// The sealed bytes of a file, while they are kept.
///
/// # Errors
/// The engine's.
pub async fn octets(tx: &mut Tx, id: Uuid) -> DbResult<Option<Vec<u8>>> {
    let ligne: Option<LigneOctets> = tx
        .fetch_optional(sql!("SELECT octets FROM import_depose WHERE id = $1"), &params![id])
        .await?;
    Ok(ligne.and_then(|l| l.octets))
}

/// How many files of a person wait.
///
/// # Errors
/// The engine's.
pub async fn en_attente(tx: &mut Tx, personne: Uuid) -> DbResult<i64> {
    let (nombre,): (i64,) = tx
        .fetch_one(
            sql!("SELECT COUNT(*) FROM import_depose WHERE par_id = $1 AND etat = 'depose'"),
            &params![personne],
        )
        .await?;
    Ok(nombre)
}

/// Whether another file of this source is being written or put back.
///
/// # Errors
/// The engine's.
pub async fn est_occupee(tx: &mut Tx, source: &str, sauf: Uuid) -> DbResult<bool> {
    let (nombre,): (i64,) = tx
        .fetch_one(
            sql!(
                "SELECT COUNT(*) FROM import_depose WHERE source = $1 AND id <> $2 AND etat IN ('en_cours', 'retour')"
            ),
            &params![source, sauf],
        )
        .await?;
    Ok(nombre > 0)
}

/// Begins to write a file that waits, if it is still at this version; gives whether it was.
///
/// # Errors
/// The engine's.
pub async fn lancer(tx: &mut Tx, depot: &Depot) -> DbResult<bool> {
    let qualite = &depot.qualite;
    let lignes = tx
        .execute(
            sql!(
                "UPDATE import_depose SET etat = 'en_cours', par_id = $3, fonction = $4, perimetre = $5, attribution_id = $6,
                    version = version + 1 WHERE id = $1 AND version = $2 AND etat = 'depose'"
            ),
            &params![
                depot.id,
                depot.version,
                qualite.personne,
                qualite.fonction.as_str(),
                qualite.perimetre.as_str(),
                qualite.attribution
            ],
        )
        .await?;
    Ok(lignes == 1)
}

/// Counts places written, or put back and left, if the file is still at this version and in this state; gives whether it was.
///
/// # Errors
/// The engine's.
pub async fn avancer(tx: &mut Tx, depot: &Depot, (fait, rendus, laisses): (i64, i64, i64)) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!(
                "UPDATE import_depose SET fait = fait + $4, rendus = rendus + $5, laisses = laisses + $6, version = version + 1
                  WHERE id = $1 AND version = $2 AND etat = $3"
            ),
            &params![depot.id, depot.version, depot.etat.code(), fait, rendus, laisses],
        )
        .await?;
    Ok(lignes == 1)
}

/// Moves a file that is no longer waiting from one state to another; its bytes and samples go. Gives whether it was in the former state.
///
/// # Errors
/// The engine's.
pub async fn passer(
    tx: &mut Tx,
    id: Uuid,
    (de, vers): (EtatDepot, EtatDepot),
    raison: Option<&str>,
    (at, fin): (Instant, Instant),
) -> DbResult<bool> {
    let est_clos = vers != EtatDepot::Retour;
    let lignes = tx
        .execute(
            sql!(
                "UPDATE import_depose SET etat = $3, raison = $4, clos_at = COALESCE($5, clos_at), expire_at = COALESCE($6, expire_at), octets = NULL, exemples = '[]',
                    version = version + 1
                  WHERE id = $1 AND etat = $2"
            ),
            &params![
                id,
                de.code(),
                vers.code(),
                raison,
                est_clos.then_some(at),
                est_clos.then_some(fin)
            ],
        )
        .await?;
    Ok(lignes == 1)
}

/// Keeps the rows that are refused, in place of those kept before.
///
/// # Errors
/// The engine's.
pub async fn garder_refus(tx: &mut Tx, id: Uuid, refusees: &[Refusee]) -> DbResult<()> {
    let oublier = sql!("DELETE FROM import_refus WHERE import_id = $1");
    tx.execute(oublier, &params![id]).await?;
    let rangs: Vec<(usize, &Refusee)> = refusees.iter().enumerate().collect();
    let entier = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    for lot in rangs.chunks(LOT) {
        let valeurs: Vec<Value> = lot
            .iter()
            .flat_map(|(rang, r)| params![id, entier(*rang), entier(r.ligne), r.champ, r.code, r.raison.as_str()])
            .collect();
        let garder = sql!(
            "INSERT INTO import_refus (import_id, rang, ligne, champ, code, raison) VALUES ($1, $2, $3, $4, $5, $6)"
        );
        tx.execute(garder.with_rows(lot.len()), &valeurs).await?;
    }
    Ok(())
}

/// A row that is not taken, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RefusGarde {
    /// Its rank among those refused.
    pub rang: i64,
    /// The number of the row.
    pub ligne: i64,
    /// The column at fault.
    pub champ: Option<String>,
    /// Why.
    pub raison: String,
}

/// The rows refused after this rank, at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn refus(tx: &mut Tx, id: Uuid, apres: i64, limite: u32) -> DbResult<Vec<RefusGarde>> {
    tx.fetch_all(
        sql!("SELECT rang, ligne, champ, raison FROM import_refus WHERE import_id = $1 AND rang > $2 ORDER BY rang LIMIT $3"),
        &params![id, apres, limite],
    )
    .await
}

/// Keeps the places that a file withdraws, in place of those kept before.
///
/// # Errors
/// The engine's.
pub async fn garder_retraits(tx: &mut Tx, id: Uuid, lieux: &[Uuid]) -> DbResult<()> {
    let oublier = sql!("DELETE FROM import_retrait WHERE import_id = $1");
    tx.execute(oublier, &params![id]).await?;
    for lot in lieux.chunks(LOT) {
        let valeurs: Vec<Value> = lot.iter().flat_map(|lieu| params![id, *lieu]).collect();
        let garder = sql!("INSERT INTO import_retrait (import_id, lieu_id) VALUES ($1, $2)");
        tx.execute(garder.with_rows(lot.len()), &valeurs).await?;
    }
    Ok(())
}

/// A place on which a file bears.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LieuCite {
    /// What a list goes on after.
    pub cle: Uuid,
    /// The place that is shown.
    pub lieu_id: Uuid,
    /// Its name.
    pub nom: String,
    /// Its commune.
    pub commune: String,
}

/// The places that a file withdraws, after this one, at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn retraits(tx: &mut Tx, id: Uuid, apres: Uuid, limite: u32) -> DbResult<Vec<LieuCite>> {
    tx.fetch_all(
        sql!(
            "SELECT r.lieu_id AS cle, l.id AS lieu_id, l.nom, l.commune FROM import_retrait r JOIN lieu l ON l.id = r.lieu_id
              WHERE r.import_id = $1 AND r.lieu_id > $2 ORDER BY r.lieu_id LIMIT $3"
        ),
        &params![id, apres, limite],
    )
    .await
}
