//! `lieux dedup`: the search for duplicates, and the decisions of a person.

use crate::commandes::{ecrire_json, permis};
use crate::{
    cli::{Format, lieux::Dedup},
    commandes::contexte::{self, Atelier},
    fin::{Fin, Issue},
    progres::Progres,
};
use lieux::{
    actions::doublons::{self as actions, Cadre},
    domain::doublons::{Couple, comparaison::Comparaison},
    permissions::DeciderDoublons,
    store::doublons as store,
};
use serde::Serialize;
use serde_json::json;
use std::io::{BufWriter, Write, stdout};
use uuid::Uuid;

/// Pairs shown at once.
const LISTE_MAX: u32 = 1_000;

/// A pair that waits for a person.
#[derive(Serialize)]
struct Question {
    lieux: [Uuid; 2],
    note: i32,
    comparaison: Comparaison,
}

impl Question {
    fn de(couple: Couple, comparaison: Comparaison) -> Self {
        Self {
            lieux: [couple.premier(), couple.second()],
            note: comparaison.note(),
            comparaison,
        }
    }
}

/// Runs the search, lists what waits, or applies one decision.
pub async fn run(args: Dedup) -> Result<Issue, Fin> {
    let atelier = contexte::atelier(&args.base).await?;
    let mut sortie = BufWriter::new(stdout().lock());
    let issue = if args.pending {
        let mut tx = atelier.db.read().await?;
        let paires = store::a_decider(&mut tx, LISTE_MAX).await?;
        let questions = paires
            .into_iter()
            .map(|p| Question::de(p.couple, p.comparaison))
            .collect();
        montrer(&mut sortie, questions, args.sortie.format)?
    } else if args.dry_run || !args.decide() {
        chercher(&atelier, &args, &mut sortie).await?
    } else {
        decider(&atelier, &args, &mut sortie).await?
    };
    sortie.flush()?;
    atelier.db.close().await;
    Ok(issue)
}

impl Dedup {
    fn decide(&self) -> bool {
        self.merge.is_some() || self.distinct.is_some() || self.undo.is_some()
    }
}

async fn chercher(atelier: &Atelier, args: &Dedup, sortie: &mut impl Write) -> Result<Issue, Fin> {
    let progres = Progres::new("Recherche des doublons", 0);
    let mut tx = atelier.db.read().await?;
    let (lieux, jamais) = actions::lire(&mut tx).await?;
    drop(tx);
    let groupes = actions::analyser(&lieux, &jamais);
    progres.done(&format!("{} lieux comparés", lieux.len()));
    if args.dry_run {
        let questions: Vec<_> = groupes
            .a_decider
            .iter()
            .map(|d| Question::de(d.couple, d.comparaison))
            .collect();
        match args.sortie.format {
            Format::Json => ecrire_json(
                sortie,
                &json!({ "a_fusionner": groupes.a_fusionner, "a_decider": questions }),
            )?,
            Format::Texte => writeln!(
                sortie,
                "Rien n’a été écrit : {} groupes seraient fusionnés, {} paires attendraient une personne.",
                groupes.a_fusionner.len(),
                questions.len()
            )?,
        }
        return Ok(Issue::Faite);
    }
    let permis = permis::<DeciderDoublons>()?;
    let mut tx = atelier.db.write().await?;
    let bilan = actions::appliquer(&mut tx, cadre(atelier, &permis), &groupes).await?;
    tx.commit().await?;
    match args.sortie.format {
        Format::Json => ecrire_json(sortie, &bilan)?,
        Format::Texte => writeln!(
            sortie,
            "{} fusions, qui réunissent {} fiches de trop ; {} nouvelles paires attendent une personne (maillage lieux dedup --pending).",
            bilan.fusions, bilan.absorbes, bilan.a_decider
        )?,
    }
    Ok(Issue::Faite)
}

async fn decider(atelier: &Atelier, args: &Dedup, sortie: &mut impl Write) -> Result<Issue, Fin> {
    let permis = permis::<DeciderDoublons>()?;
    let cadre = cadre(atelier, &permis);
    let mut tx = atelier.db.write().await?;
    let fait = if let Some(ids) = &args.merge {
        let fusion = actions::fusionner(&mut tx, cadre, couple(ids)?).await?;
        format!("Les deux fiches sont réunies dans le lieu {}.", fusion.lieu.id)
    } else if let Some(ids) = &args.distinct {
        actions::separer(&mut tx, cadre, couple(ids)?).await?;
        "Ces deux lieux ne seront plus rapprochés.".to_owned()
    } else if let Some(fusion) = args.undo {
        let rendus = actions::defaire_fusion(&mut tx, cadre, fusion).await?;
        format!("La fusion est défaite : {} fiches sont revenues.", rendus.len())
    } else {
        return Ok(Issue::Faite);
    };
    tx.commit().await?;
    match args.sortie.format {
        Format::Json => ecrire_json(sortie, &json!({ "fait": fait }))?,
        Format::Texte => writeln!(sortie, "{fait}")?,
    }
    Ok(Issue::Faite)
}

fn cadre<'a>(atelier: &'a Atelier, permis: &'a socle::permissions::Permit<DeciderDoublons>) -> Cadre<'a> {
    Cadre {
        permis,
        ids: &atelier.ids,
        keys: &atelier.keys,
        at: atelier.clock.now(),
    }
}

fn couple(ids: &[Uuid]) -> Result<Couple, Fin> {
    match ids {
        [a, b] => Couple::de(*a, *b),
        _ => None,
    }
    .ok_or_else(|| Fin::Usage("donnez deux lieux différents".into()))
}

fn montrer(sortie: &mut impl Write, questions: Vec<Question>, format: Format) -> Result<Issue, Fin> {
    match format {
        Format::Json => ecrire_json(sortie, &questions)?,
        Format::Texte => {
            for question in &questions {
                let [a, b] = question.lieux;
                writeln!(sortie, "{a} {b} : note {}", question.note)?;
            }
            writeln!(sortie, "{} paires attendent une décision.", questions.len())?;
        }
    }
    Ok(Issue::Faite)
}
