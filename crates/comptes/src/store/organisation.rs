//! The only SQL about organisations.

use socle::{
    change::Stored,
    clock::Instant,
    db::{DayColumn, DbResult, Tx, Value},
    params,
    permissions::{Resource, Scope},
    sql,
};
use territoire::{Referentiel, plier};
use uuid::Uuid;

use super::incoherente;
use crate::domain::{
    forme::FormeJuridique,
    identifiant::IdentifiantEtablissement,
    organisation::{Etablissement, EtatOrganisation, NomDate, Organisation, SourceNom},
    perimetre::{code_organisation, codes_de_commune, lire_code_organisation},
};

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    forme: String,
    siren: Option<String>,
    rna: Option<String>,
    etat: String,
    fusionnee_dans: Option<Uuid>,
    fusionnee_at: Option<Instant>,
    creee_at: Instant,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct LigneNom {
    id: Uuid,
    nom: String,
    source: String,
    du: DayColumn,
    au: Option<DayColumn>,
}

#[derive(sqlx::FromRow)]
struct LigneEtablissement {
    id: Uuid,
    genre: String,
    numero: Option<String>,
    nom: Option<String>,
    adresse: Option<String>,
    commune: Option<String>,
    siege: bool,
}

impl Ligne {
    fn organisation(
        self,
        noms: Vec<NomDate>,
        etablissements: Vec<Etablissement>,
        absorbees: Vec<Uuid>,
    ) -> DbResult<Organisation> {
        let faux = || incoherente("organisation", self.id);
        let etat = match (self.etat.as_str(), self.fusionnee_dans, self.fusionnee_at) {
            ("active", None, None) => EtatOrganisation::Active,
            ("fusionnee", Some(dans), Some(at)) => EtatOrganisation::Fusionnee { dans, at },
            _ => return Err(faux()),
        };
        Ok(Organisation {
            id: self.id,
            forme: FormeJuridique::lire(&self.forme).ok_or_else(faux)?,
            siren: self.siren.as_deref().map(str::parse).transpose().map_err(|_| faux())?,
            rna: self.rna.as_deref().map(str::parse).transpose().map_err(|_| faux())?,
            noms,
            etablissements,
            absorbees,
            etat,
            creee_at: self.creee_at,
            version: self.version,
        })
    }
}

impl LigneNom {
    fn nom(self) -> DbResult<NomDate> {
        Ok(NomDate {
            id: self.id,
            source: SourceNom::lire(&self.source).ok_or_else(|| incoherente("nom", self.id))?,
            nom: self.nom,
            du: self.du.0,
            au: self.au.map(|au| au.0),
        })
    }
}

impl LigneEtablissement {
    fn etablissement(self) -> DbResult<Etablissement> {
        let numero = self.numero.as_deref().unwrap_or_default();
        let faux = || incoherente("établissement", self.id);
        Ok(Etablissement {
            id: self.id,
            identifiant: IdentifiantEtablissement::lire(&self.genre, numero).map_err(|_| faux())?,
            nom: self.nom,
            adresse: self.adresse,
            commune: self.commune.map(|code| code.parse()).transpose().map_err(|_| faux())?,
            siege: self.siege,
        })
    }
}

impl Resource for Organisation {
    /// Itself, the files that were found to be it, and the territories of its establishments.
    fn codes(&self) -> Vec<String> {
        let carte = Referentiel::embarque();
        let communes = self.etablissements.iter().filter_map(|e| carte.resoudre(e.commune?));
        let mut codes: Vec<String> = communes.flat_map(codes_de_commune).collect();
        codes.extend(
            std::iter::once(&self.id)
                .chain(&self.absorbees)
                .map(|id| code_organisation(*id)),
        );
        codes.sort();
        codes.dedup();
        codes
    }
}

impl Stored for Organisation {
    const KIND: &'static str = "organisation";

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    async fn load(tx: &mut Tx, id: Uuid) -> DbResult<Option<Self>> {
        let ligne: Option<Ligne> = tx
            .fetch_optional(
                sql!("SELECT id, forme, siren, rna, etat, fusionnee_dans, fusionnee_at, creee_at, version FROM organisation WHERE id = $1"),
                &params![id],
            )
            .await?;
        let Some(ligne) = ligne else { return Ok(None) };
        let noms: Vec<LigneNom> = tx
            .fetch_all(
                sql!("SELECT id, nom, source, du, au FROM organisation_nom WHERE organisation_id = $1 ORDER BY du, id"),
                &params![id],
            )
            .await?;
        let etablissements: Vec<LigneEtablissement> = tx
            .fetch_all(
                sql!("SELECT id, genre, numero, nom, adresse, commune, siege FROM etablissement WHERE organisation_id = $1 ORDER BY id"),
                &params![id],
            )
            .await?;
        let noms = noms.into_iter().map(LigneNom::nom).collect::<DbResult<_>>()?;
        let etablissements = etablissements
            .into_iter()
            .map(LigneEtablissement::etablissement)
            .collect::<DbResult<_>>()?;
        let absorbees = absorbees(tx, id).await?;
        ligne.organisation(noms, etablissements, absorbees).map(Some)
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        tx.execute(
            sql!(
                "INSERT INTO organisation (id, forme, siren, rna, nom, nom_plie, etat, creee_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8)"
            ),
            &params![
                self.id,
                self.forme.code(),
                self.siren.as_ref().map(|n| n.as_str()),
                self.rna.as_ref().map(|n| n.as_str()),
                self.nom(),
                plier(self.nom()),
                self.creee_at,
                self.version
            ],
        )
        .await?;
        garder_le_reste(tx, self).await
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let (dans, at) = match &self.etat {
            EtatOrganisation::Active => (None, None),
            EtatOrganisation::Fusionnee { dans, at } => (Some(*dans), Some(*at)),
        };
        // Whoever was merged keeps the name under which it was known, though it holds none any more.
        let lignes = tx
            .execute(
                sql!(
                    "UPDATE organisation SET forme = $2, siren = $3, rna = $4, etat = $5, fusionnee_dans = $6, fusionnee_at = $7,
                            nom = CASE WHEN $8 = '' THEN nom ELSE $8 END, nom_plie = CASE WHEN $8 = '' THEN nom_plie ELSE $9 END,
                            version = version + 1
                      WHERE id = $1 AND version = $10"
                ),
                &params![
                    self.id,
                    self.forme.code(),
                    self.siren.as_ref().map(|n| n.as_str()),
                    self.rna.as_ref().map(|n| n.as_str()),
                    self.etat.code(),
                    dans,
                    at,
                    self.nom(),
                    plier(self.nom()),
                    self.version
                ],
            )
            .await?;
        if lignes != 1 {
            return Ok(false);
        }
        garder_le_reste(tx, self).await?;
        Ok(true)
    }
}

#[derive(sqlx::FromRow)]
struct LigneCode {
    code: String,
}

/// The files that were found to be this one: those whose code it bears.
async fn absorbees(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Uuid>> {
    let lignes: Vec<LigneCode> = tx
        .fetch_all(
            sql!("SELECT code FROM organisation_portee WHERE organisation_id = $1 AND code LIKE 'O:%' ORDER BY code"),
            &params![id],
        )
        .await?;
    let ids = lignes.iter().filter_map(|ligne| lire_code_organisation(&ligne.code));
    Ok(ids.filter(|autre| *autre != id).collect())
}

/// The codes of the files that describe the same organisation as this one: a right over one of them holds for all, since a merge moves
/// no attribution, and undoing it must give back what each had.
///
/// # Errors
/// The engine's.
pub async fn meme_organisation(tx: &mut Tx, id: Uuid) -> DbResult<Vec<String>> {
    let lignes: Vec<LigneCode> = tx
        .fetch_all(
            sql!(
                "SELECT DISTINCT p.code FROM organisation_portee o JOIN organisation_portee p ON p.organisation_id = o.organisation_id
                  WHERE o.code = $1 AND p.code LIKE 'O:%' ORDER BY p.code"
            ),
            &params![code_organisation(id)],
        )
        .await?;
    Ok(lignes.into_iter().map(|ligne| ligne.code).collect())
}

#[derive(sqlx::FromRow)]
struct LigneEtat {
    id: Uuid,
    nom: String,
    etat: String,
}

/// Those of these organisations among which one chooses, with their names: all but the files that were found to be another. One without
/// a file has no name.
///
/// # Errors
/// The engine's.
pub async fn a_choisir(tx: &mut Tx, ids: &[Uuid]) -> DbResult<Vec<(Uuid, Option<String>)>> {
    let mut connues = std::collections::HashMap::new();
    for lot in ids.chunks(500) {
        let valeurs: Vec<Value> = lot.iter().copied().map(Value::from).collect();
        let lignes: Vec<LigneEtat> = tx
            .fetch_all(
                sql!("SELECT id, nom, etat FROM organisation WHERE id IN ($1, ...)").with_list(1, lot.len()),
                &valeurs,
            )
            .await?;
        connues.extend(lignes.into_iter().map(|ligne| (ligne.id, ligne)));
    }
    let active = EtatOrganisation::Active.code();
    Ok(ids
        .iter()
        .filter(|id| connues.get(id).is_none_or(|ligne| ligne.etat == active))
        .map(|id| (*id, connues.get(id).map(|ligne| ligne.nom.clone())))
        .collect())
}

/// Keeps names, establishments and where the organisation lies. An establishment keeps its row when it moves to another organisation.
async fn garder_le_reste(tx: &mut Tx, organisation: &Organisation) -> DbResult<()> {
    let id = organisation.id;
    for nom in &organisation.noms {
        tx.execute(
            sql!(
                "INSERT INTO organisation_nom (id, organisation_id, nom, source, du, au) VALUES ($1, $2, $3, $4, $5, $6)
                  ON CONFLICT (id) DO UPDATE SET organisation_id = $2, au = $6"
            ),
            &params![nom.id, id, nom.nom.as_str(), nom.source.code(), nom.du, nom.au],
        )
        .await?;
    }
    let mut gardes: Vec<Value> = params![id].into();
    gardes.extend(organisation.noms.iter().map(|nom| Value::from(nom.id)));
    if organisation.noms.is_empty() {
        gardes.push(Value::from(Uuid::nil()));
    }
    tx.execute(
        sql!("DELETE FROM organisation_nom WHERE organisation_id = $1 AND id NOT IN ($2, ...)")
            .with_list(2, gardes.len() - 1),
        &gardes,
    )
    .await?;
    for etablissement in &organisation.etablissements {
        garder_etablissement(tx, id, etablissement).await?;
    }
    tx.execute(
        sql!("DELETE FROM organisation_portee WHERE organisation_id = $1"),
        &params![id],
    )
    .await?;
    let codes = organisation.codes();
    let valeurs: Vec<Value> = codes.iter().flat_map(|code| params![id, code.as_str()]).collect();
    tx.execute(
        sql!("INSERT INTO organisation_portee (organisation_id, code) VALUES ($1, $2)").with_rows(codes.len()),
        &valeurs,
    )
    .await
    .map(drop)
}

async fn garder_etablissement(tx: &mut Tx, organisation: Uuid, e: &Etablissement) -> DbResult<()> {
    tx.execute(
        sql!(
            "INSERT INTO etablissement (id, organisation_id, genre, numero, nom, adresse, commune, siege)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (id) DO UPDATE SET organisation_id = $2, nom = $5, adresse = $6, commune = $7, siege = $8"
        ),
        &params![
            e.id,
            organisation,
            e.identifiant.genre(),
            e.identifiant.numero(),
            e.nom.as_deref(),
            e.adresse.as_deref(),
            e.commune.map(|c| c.as_str().to_owned()),
            e.siege
        ],
    )
    .await
    .map(drop)
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Bref {
    /// Its identifier.
    pub id: Uuid,
    /// Its name.
    pub nom: String,
    /// Its folded name, which orders the list.
    pub nom_plie: String,
    /// The code of its form.
    pub forme: String,
    /// Its number in Sirene.
    pub siren: Option<String>,
    /// The commune of its seat, by its INSEE code.
    pub commune: Option<String>,
}

/// What is looked for in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Recherche {
    /// Everything.
    #[default]
    Tout,
    /// The names that hold these words.
    Nom(String),
    /// The organisation that has this number, or an establishment that has it.
    Numero(String),
}

impl Recherche {
    /// Reads what was typed: a number, or words.
    pub fn lire(texte: &str) -> Self {
        let serre: String = texte.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let chiffres = serre.chars().filter(char::is_ascii_digit).count();
        let plie = plier(texte);
        match () {
            () if plie.is_empty() => Self::Tout,
            // The shortest number, that of Polynesia, has nine characters of which eight digits.
            () if chiffres >= 8 && serre.len() <= chiffres + 2 => Self::Numero(serre.to_uppercase()),
            () => Self::Nom(plie),
        }
    }
}

/// The active organisations in this scope, by name, after a line of the list; at most `limite`.
///
/// # Errors
/// The engine's.
pub async fn lister(
    tx: &mut Tx,
    portee: &Scope,
    recherche: &Recherche,
    apres: Option<(&str, Uuid)>,
    limite: u32,
) -> DbResult<Vec<Bref>> {
    let (nom, numero) = match recherche {
        Recherche::Tout => ("%".to_owned(), String::new()),
        Recherche::Nom(plie) => (format!("%{plie}%"), String::new()),
        Recherche::Numero(numero) => (String::new(), numero.clone()),
    };
    let (plie, id) = apres.unwrap_or(("", Uuid::nil()));
    let mut valeurs: Vec<Value> = params![portee.is_everything(), nom, numero, plie, id, limite].into();
    let codes = portee.codes().iter().map(|code| Value::from(code.as_str()));
    valeurs.extend(codes);
    if valeurs.len() == 6 {
        valeurs.push(Value::from(""));
    }
    let requete = sql!(
        "SELECT o.id, o.nom, o.nom_plie, o.forme, o.siren,
                (SELECT MIN(e.commune) FROM etablissement e WHERE e.organisation_id = o.id AND e.siege) AS commune
           FROM organisation o
          WHERE o.etat = 'active' AND (o.nom_plie, o.id) > ($4, $5)
            AND (o.nom_plie LIKE $2 OR o.siren = $3 OR o.rna = $3
                 OR EXISTS (SELECT 1 FROM etablissement e WHERE e.organisation_id = o.id AND e.numero = $3))
            AND ($1 OR EXISTS (SELECT 1 FROM organisation_portee p WHERE p.organisation_id = o.id AND p.code IN ($7, ...)))
          ORDER BY o.nom_plie, o.id LIMIT $6"
    );
    tx.fetch_all(requete.with_list(7, valeurs.len() - 6), &valeurs).await
}

#[derive(sqlx::FromRow)]
struct Trouvee {
    id: Uuid,
}

/// A number under which an organisation is known: numbers of two kinds may have the same characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numero<'n> {
    /// Its own, in Sirene.
    Siren(&'n str),
    /// Its own, as an association.
    Rna(&'n str),
    /// That of an establishment, with its kind.
    Etablissement(&'static str, &'n str),
}

impl<'n> Numero<'n> {
    /// That of an establishment, when a register knows it.
    pub fn de(identifiant: &'n IdentifiantEtablissement) -> Option<Self> {
        Some(Self::Etablissement(identifiant.genre(), identifiant.numero()?))
    }
}

/// The organisation that has this number, or an establishment with this number.
///
/// # Errors
/// The engine's.
pub async fn par_numero(tx: &mut Tx, numero: Numero<'_>) -> DbResult<Option<Uuid>> {
    let (requete, valeurs) = match numero {
        Numero::Siren(siren) => (
            sql!("SELECT id FROM organisation WHERE siren = $1"),
            params![siren].to_vec(),
        ),
        Numero::Rna(rna) => (
            sql!("SELECT id FROM organisation WHERE rna = $1"),
            params![rna].to_vec(),
        ),
        Numero::Etablissement(genre, numero) => (
            sql!("SELECT organisation_id AS id FROM etablissement WHERE genre = $1 AND numero = $2"),
            params![genre, numero].to_vec(),
        ),
    };
    let trouvee: Option<Trouvee> = tx.fetch_optional(requete, &valeurs).await?;
    Ok(trouvee.map(|t| t.id))
}
