//! The open data as static files: written beside their place, renamed when whole, described by a manifest with date and checksum.

use crate::{
    domain::export::{csv, data_inclusion, geojson, json, ligne::CodesInsee},
    index::{Index, Lieux},
};
use arc_swap::ArcSwapOption;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use socle::{
    clock::{Clock, Instant},
    files::Partial,
};
use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// A format of the open data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The national standard.
    Csv,
    /// The national standard in JSON.
    Json,
    /// Points.
    GeoJson,
    /// data.inclusion v1.
    DataInclusion,
}

impl Format {
    /// Every format.
    pub const TOUS: [Self; 4] = [Self::Csv, Self::Json, Self::GeoJson, Self::DataInclusion];

    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::GeoJson => "geojson",
            Self::DataInclusion => "data-inclusion.json",
        }
    }

    /// The media type.
    pub fn type_mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json | Self::DataInclusion => "application/json",
            Self::GeoJson => "application/geo+json",
        }
    }

    /// The format and the territory that a file's name asks for: `lieux.csv`, `lieux-38.geojson`.
    pub fn du_nom(nom: &str) -> Option<(Self, &str)> {
        // The longest ending first: `.data-inclusion.json` also ends like JSON.
        let format = [Self::DataInclusion, Self::GeoJson, Self::Json, Self::Csv]
            .into_iter()
            .find(|f| {
                nom.strip_suffix(f.extension())
                    .is_some_and(|reste| reste.ends_with('.'))
            })?;
        let racine = nom.strip_suffix(format.extension())?.strip_suffix('.')?;
        match racine.strip_prefix("lieux")? {
            "" => Some((format, "")),
            reste => reste
                .strip_prefix('-')
                .filter(|code| !code.is_empty())
                .map(|code| (format, code)),
        }
    }

    /// Writes places in this format.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn ecrire<'l, L>(self, sortie: impl Write, lieux: L) -> io::Result<()>
    where
        L: IntoIterator<Item = &'l crate::domain::lieu::Lieu> + Clone,
    {
        match self {
            Self::Csv => csv::ecrire(sortie, lieux, CodesInsee::Communes).map_err(io::Error::other),
            Self::Json => json::ecrire(sortie, lieux, CodesInsee::Communes),
            Self::GeoJson => geojson::ecrire(sortie, lieux, CodesInsee::Communes),
            Self::DataInclusion => data_inclusion::ecrire(sortie, lieux),
        }
    }
}

/// A published file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fichier {
    /// Its format.
    pub format: Format,
    /// Where it is; the compressed one has `.gz` behind its name.
    pub chemin: PathBuf,
    /// Its size, in bytes.
    pub octets: u64,
    /// The SHA-256 of its content.
    pub sha256: String,
}

/// What was published last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// When it was written.
    pub at: Instant,
    /// One file a format.
    pub fichiers: Vec<Fichier>,
}

/// The open data of this node.
#[derive(Debug)]
pub struct Publication {
    dossier: PathBuf,
    edition: ArcSwapOption<Edition>,
}

impl Publication {
    /// Files in this folder, none of them written yet.
    pub fn dans(dossier: PathBuf) -> Self {
        Self {
            dossier,
            edition: ArcSwapOption::empty(),
        }
    }

    /// What was published last.
    pub fn edition(&self) -> Option<Arc<Edition>> {
        self.edition.load_full()
    }

    /// Writes every file anew from this index.
    ///
    /// # Errors
    /// When the folder cannot be written; what was published before stays.
    pub fn publier(&self, index: &Index, at: Instant) -> io::Result<()> {
        std::fs::create_dir_all(&self.dossier)?;
        let fichiers = Format::TOUS
            .into_iter()
            .map(|format| ecrire(&self.dossier, format, index))
            .collect::<io::Result<_>>()?;
        self.edition.store(Some(Arc::new(Edition { at, fichiers })));
        Ok(())
    }

    /// Publishes each time the index changes, until the task is dropped.
    pub async fn suivre(self: Arc<Self>, lieux: Arc<Lieux>, clock: Clock) {
        let mut publie: Option<Arc<Index>> = None;
        loop {
            let index = lieux.index();
            if publie.as_ref().is_none_or(|p| !Arc::ptr_eq(p, &index)) {
                let (soi, copie, at) = (self.clone(), index.clone(), clock.now());
                match tokio::task::spawn_blocking(move || soi.publier(&copie, at)).await {
                    Ok(Ok(())) => publie = Some(index),
                    Ok(Err(error)) => tracing::warn!(%error, "the open data cannot be written; trying again"),
                    Err(error) => tracing::error!(%error, "the open data stopped half-way; trying again"),
                }
            }
            drop(publie.take_if(|p| !Arc::ptr_eq(p, &lieux.index())));
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
    }
}

fn ecrire(dossier: &Path, format: Format, index: &Index) -> io::Result<Fichier> {
    let chemin = dossier.join(format!("lieux.{}", format.extension()));
    let partiel = Partial::beside(&chemin)?;
    format.ecrire(BufWriter::new(File::create(partiel.path())?), index.lieux())?;
    let (octets, sha256) = compresser(partiel.path(), &chemin)?;
    partiel.keep()?;
    Ok(Fichier {
        format,
        chemin,
        octets,
        sha256,
    })
}

/// Writes the compressed twin of a file; gives the size and SHA-256 of the plain one.
fn compresser(source: &Path, chemin: &Path) -> io::Result<(u64, String)> {
    let compresse = chemin.with_added_extension("gz");
    let partiel = Partial::beside(&compresse)?;
    let mut sortie = GzEncoder::new(BufWriter::new(File::create(partiel.path())?), Compression::default());
    let mut entree = File::open(source)?;
    let (mut empreinte, mut octets, mut tampon) = (Sha256::new(), 0_u64, vec![0; 1 << 16]);
    loop {
        let lus = entree.read(&mut tampon)?;
        if lus == 0 {
            break;
        }
        empreinte.update(&tampon[..lus]);
        sortie.write_all(&tampon[..lus])?;
        octets += lus as u64;
    }
    sortie.finish()?.flush()?;
    partiel.keep()?;
    let sha256 = empreinte
        .finalize()
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    Ok((octets, sha256))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_nom_de_fichier_dit_le_format_et_le_territoire() {
        let cas = [
            ("lieux.csv", Some((Format::Csv, ""))),
            ("lieux-38.geojson", Some((Format::GeoJson, "38"))),
            ("lieux-R84.json", Some((Format::Json, "R84"))),
            ("lieux.data-inclusion.json", Some((Format::DataInclusion, ""))),
            ("lieux-.csv", None),
            ("autre.csv", None),
            ("lieux.pdf", None),
            ("../lieux.csv", None),
        ];
        for (nom, attendu) in cas {
            assert_eq!(Format::du_nom(nom), attendu, "{nom}");
        }
    }

    #[test]
    fn une_edition_dit_la_taille_et_l_empreinte_de_chaque_fichier() {
        let dossier = std::env::temp_dir().join(format!("maillage-donnees-{}", uuid::Uuid::new_v4()));
        let publication = Publication::dans(dossier.clone());
        let index = Index::construire(Vec::new(), [], 2026);
        publication.publier(&index, Instant::from_micros(0)).unwrap();
        let edition = publication.edition().unwrap();
        assert_eq!(edition.fichiers.len(), 4);
        for fichier in &edition.fichiers {
            let contenu = std::fs::read(&fichier.chemin).unwrap();
            assert_eq!(contenu.len() as u64, fichier.octets);
            let mut clair = Vec::new();
            let compresse = File::open(fichier.chemin.with_added_extension("gz")).unwrap();
            flate2::read::GzDecoder::new(compresse).read_to_end(&mut clair).unwrap();
            assert_eq!(clair, contenu);
        }
        std::fs::remove_dir_all(dossier).unwrap();
    }
}
