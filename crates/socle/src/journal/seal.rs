//! The daily seal: a signature of the head of the chain, which anyone can keep and check without this program.

use super::{
    chain::{self, Head},
    heads,
    sealer::{SealError, lock, sound_head},
};
use crate::{
    App,
    clock::{Day, Instant},
    db::{DayColumn, DbResult, Tx},
    params,
    secrets::{self, Keys},
    sql,
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// The use of the key that signs.
const USAGE: &str = "journal-seal";
/// The days of the seals are those of this zone.
const ZONE: &str = "Europe/Paris";
/// What stands before the 32 bytes of an Ed25519 key in the form that other tools read (RFC 8410).
const DER_PREFIX: &str = "302a300506032b6570032100";

/// The seal of a day: every line of that day is at this link or before it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Seal {
    day: DayColumn,
    /// The rank of the last link that it covers.
    pub seq: i64,
    /// That link's hash.
    pub hash: Vec<u8>,
    /// The 32 bytes of the Ed25519 key.
    pub public_key: Vec<u8>,
    /// The 64 bytes of the signature of [`Seal::message`].
    pub signature: Vec<u8>,
    /// When it was made.
    pub at: Instant,
}

impl Seal {
    fn new(keys: &Keys, day: Day, head: &Head, at: Instant) -> Self {
        let signer = keys.signing(USAGE);
        let mut seal = Self {
            day: day.into(),
            seq: head.seq,
            hash: head.hash.clone(),
            public_key: signer.public_key(),
            signature: Vec::new(),
            at,
        };
        seal.signature = signer.sign(seal.message().as_bytes());
        seal
    }

    /// The day that it seals.
    pub fn day(&self) -> Day {
        self.day.0
    }

    /// The hash of the last link that it covers, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.hash)
    }

    /// The text that is signed.
    pub fn message(&self) -> String {
        format!(
            "maillage-sceau 1\njour {}\nrang {}\nempreinte {}\n",
            self.day.0,
            self.seq,
            self.fingerprint()
        )
    }

    /// Whether the holder of these keys made it.
    pub fn is_authentic(&self, keys: &Keys) -> bool {
        self.public_key == keys.signing(USAGE).public_key()
            && secrets::is_signed_by(&self.public_key, self.message().as_bytes(), &self.signature)
    }

    /// The seal as it is published: the message, and what checks it, in hexadecimal.
    pub fn document(&self) -> Value {
        json!({
            "jour": self.day.0.to_string(),
            "rang": self.seq,
            "empreinte": self.fingerprint(),
            "message": self.message(),
            "cle_publique": format!("{DER_PREFIX}{}", hex::encode(&self.public_key)),
            "signature": hex::encode(&self.signature),
            "scelle_le": self.at,
        })
    }

    /// The seal that a published document tells.
    pub(super) fn of_document(document: &Value) -> Option<Self> {
        let text = |name: &str| document.get(name)?.as_str();
        Some(Self {
            day: DayColumn(text("jour")?.parse().ok()?),
            seq: document.get("rang")?.as_i64()?,
            hash: hex::decode(text("empreinte")?).ok()?,
            public_key: hex::decode(text("cle_publique")?.strip_prefix(DER_PREFIX)?).ok()?,
            signature: hex::decode(text("signature")?).ok()?,
            at: text("scelle_le")?.parse().ok()?,
        })
    }
}

/// Seals the day before, once; gives whether that was done now. Nothing is sealed while a line of that day waits for its link.
///
/// # Errors
/// When the database does not answer, the head is not the program's, or the seal cannot be written where it is published from.
pub async fn seal_day(app: &App) -> Result<bool, SealError> {
    let now = app.clock.now();
    let today = now.day_in(ZONE);
    let Ok(day) = today.yesterday() else { return Ok(false) };
    let mut tx = app.db.read().await?;
    if let Some(seal) = of_day(&mut tx, day).await? {
        publish(app, &seal)?;
        return Ok(false);
    }
    if chain::head(&mut tx).await?.is_none() || waits(&mut tx, today).await? {
        return Ok(false);
    }
    drop(tx);
    let mut tx = app.db.write().await?;
    lock(&mut tx, app).await?;
    let Some(head) = sound_head(&mut tx, &app.settings.keys).await? else {
        return Ok(false);
    };
    let seal = Seal::new(&app.settings.keys, day, &head, now);
    let made = insert(&mut tx, &seal).await?;
    tx.commit().await?;
    if made {
        publish(app, &seal)?;
    }
    Ok(made)
}

fn publish(app: &App, seal: &Seal) -> Result<(), SealError> {
    match &app.settings.journal_heads {
        Some(folder) => heads::publish(folder, seal).map_err(|source| SealError::File {
            path: folder.clone(),
            source,
        }),
        None => Ok(()),
    }
}

/// Whether a line from before this day has no link yet.
async fn waits(tx: &mut Tx, today: Day) -> DbResult<bool> {
    let midnight = today
        .to_zoned(TimeZone::get(ZONE).unwrap_or(TimeZone::UTC))
        .map_or_else(|_| Instant::from_micros(0), |zoned| zoned.timestamp().into());
    let row: Option<(i64,)> = tx
        .fetch_optional(
            sql!("SELECT CAST(1 AS BIGINT) FROM journal_pending WHERE at < $1 LIMIT 1"),
            &params![midnight],
        )
        .await?;
    Ok(row.is_some())
}

async fn insert(tx: &mut Tx, seal: &Seal) -> DbResult<bool> {
    let rows = tx
        .execute(
            sql!(
                "INSERT INTO journal_seal (day, seq, hash, public_key, signature, at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (day) DO NOTHING"
            ),
            &params![
                seal.day.0,
                seal.seq,
                seal.hash.clone(),
                seal.public_key.clone(),
                seal.signature.clone(),
                seal.at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// The seals of the days before this one, newest first, at most `limit`.
///
/// # Errors
/// The engine's.
pub async fn seals(tx: &mut Tx, before: Day, limit: u32) -> DbResult<Vec<Seal>> {
    tx.fetch_all(
        sql!(
            "SELECT day, seq, hash, public_key, signature, at FROM journal_seal WHERE day < $1 ORDER BY day DESC LIMIT $2"
        ),
        &params![before, limit],
    )
    .await
}

/// The seal of a day, if it was made.
///
/// # Errors
/// The engine's.
pub async fn of_day(tx: &mut Tx, day: Day) -> DbResult<Option<Seal>> {
    tx.fetch_optional(
        sql!("SELECT day, seq, hash, public_key, signature, at FROM journal_seal WHERE day = $1"),
        &params![day],
    )
    .await
}
