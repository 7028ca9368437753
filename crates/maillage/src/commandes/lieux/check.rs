//! `lieux check`: a file against the national standard.

use crate::commandes::{ecrire_json, lire};
use crate::{
    cli::{Format, lieux::Check},
    fin::{Fin, Issue},
};
use lieux::domain::standard::{
    colonnes::Version,
    ligne::Ligne,
    table::{self, Format as Forme},
    verification::{Faute, Regle, Verificateur},
};
use serde::Serialize;
use std::io::{BufWriter, Write, stdout};

/// What a check found.
#[derive(Serialize)]
struct Constat {
    version: Option<&'static str>,
    lignes: usize,
    fautes: Vec<Faute>,
}

/// Checks each cell; a bad row never stops the rest.
pub fn run(args: &Check) -> Result<Issue, Fin> {
    let octets = lire(&args.fichier)?;
    let constat = verifier(&octets)?;
    let mut sortie = BufWriter::new(stdout().lock());
    match args.sortie.format {
        Format::Json => ecrire_json(&mut sortie, &constat)?,
        Format::Texte => raconter(&mut sortie, &constat)?,
    }
    sortie.flush()?;
    Ok(if constat.fautes.is_empty() {
        Issue::Faite
    } else {
        Issue::Constats
    })
}

fn verifier(octets: &[u8]) -> Result<Constat, Fin> {
    let csv = Forme::deviner(octets) == Forme::Csv;
    let mut verificateur = None;
    let mut constat = Constat {
        version: None,
        lignes: 0,
        fautes: Vec::new(),
    };
    table::lire(octets, |lecture| {
        constat.lignes += 1;
        match lecture {
            Ok(ligne) => {
                let verificateur = verificateur.get_or_insert_with(|| commencer(&ligne, csv, &mut constat));
                constat.fautes.extend(verificateur.ligne(&ligne));
            }
            Err(illisible) => constat.fautes.push(Faute {
                ligne: illisible.numero,
                colonne: String::new(),
                valeur: String::new(),
                regle: Regle::LigneIllisible,
                message: illisible.raison,
                suggestion: None,
            }),
        }
    })
    .map_err(|erreur| Fin::Refus(erreur.to_string()))?;
    Ok(constat)
}

/// The header is judged with the first row; without a known one, the file is held to the present version.
fn commencer(premiere: &Ligne, csv: bool, constat: &mut Constat) -> Verificateur {
    let colonnes: Vec<String> = premiere.colonnes().map(str::to_owned).collect();
    let version = Version::de_l_en_tete(&colonnes);
    constat.version = version.map(Version::nom);
    let verificateur = Verificateur::nouveau(version.unwrap_or(Version::V1_0));
    constat.fautes.extend(verificateur.en_tete(&colonnes, csv));
    verificateur
}

fn raconter(sortie: &mut impl Write, constat: &Constat) -> Result<(), Fin> {
    match constat.version {
        Some(version) => writeln!(sortie, "Version reconnue : {version}.")?,
        None => writeln!(
            sortie,
            "Les colonnes ne sont pas celles du standard : le fichier est comparé à la version 1.0."
        )?,
    }
    for faute in &constat.fautes {
        let suggestion = faute
            .suggestion
            .as_ref()
            .map_or_else(String::new, |s| format!(" ; {s}"));
        let regle = serde_json::to_value(faute.regle).unwrap_or_default();
        writeln!(
            sortie,
            "ligne {}, colonne « {} », valeur « {} » : {}{suggestion} ({})",
            faute.ligne,
            faute.colonne,
            faute.valeur,
            faute.message,
            regle.as_str().unwrap_or_default(),
        )?;
    }
    let bilan = match constat.fautes.len() {
        0 => "aucune faute".to_owned(),
        1 => "1 faute".to_owned(),
        n => format!("{n} fautes"),
    };
    Ok(writeln!(sortie, "{} lignes lues, {bilan}.", constat.lignes)?)
}
