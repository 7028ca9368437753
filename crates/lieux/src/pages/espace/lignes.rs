//! What a file of places does row by row: the rows refused, the places withdrawn, those that an undoing left.

use super::{Demande, PAR_PAGE, imports::CHEMIN, libelles::libelle, paginer};
use crate::{
    actions::depot::charger_entier,
    domain::depot::{Depot, EtatDepot},
    store::{
        avant,
        depot::{self as store, LieuCite, RefusGarde},
    },
};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use socle::{
    App,
    db::{DbResult, Tx},
    errors::Erreur,
    permissions::Actor,
};
use ui::{
    composants::{Colonne, Tableau, Valeur},
    csv::Csv,
    form::Formulaire,
    formats::insecables,
    gabarits::{Geste, PageListe, Section},
    page::Page,
};
use uuid::Uuid;

/// How many rows of each kind the page of a file shows.
const MONTREES: u32 = 10;
/// Rows read at a time for a file to save.
const LOT: u32 = 5_000;

/// The first rows of each kind.
#[derive(Debug, Default)]
pub(super) struct Debuts {
    refus: Vec<RefusGarde>,
    retraits: Vec<LieuCite>,
    laisses: Vec<LieuCite>,
}

impl Debuts {
    /// Reads them.
    pub(super) async fn lire(tx: &mut Tx, id: Uuid) -> DbResult<Self> {
        Ok(Self {
            refus: store::refus(tx, id, -1, MONTREES).await?,
            retraits: store::retraits(tx, id, Uuid::nil(), MONTREES).await?,
            laisses: avant::laisses(tx, id, Uuid::nil(), MONTREES).await?,
        })
    }

    /// A section for each kind that has rows.
    pub(super) fn sections(&self, page: &Page, depot: &Depot) -> Vec<Section> {
        let ici = format!("{CHEMIN}/{}", depot.id);
        let mut sections = Vec::new();
        if !self.laisses.is_empty() {
            let mut section = debut(
                "Lieux laissés comme ils sont",
                "Ils ont changé depuis l’import, ou ont quitté votre périmètre\u{a0}: corrigez-les vous-même s’il le faut.",
                depot.laisses,
                Geste::lien(page, "Voir tous ces lieux", &format!("{ici}/laisses")),
            );
            section.tableau = Some(Quoi::Laisses.tableau(page, depot, &self.laisses));
            sections.push(section);
        }
        if !self.retraits.is_empty() {
            let mut section = debut(
                "Lieux retirés",
                "La source les donnait, et ce fichier ne les cite plus.",
                depot.apercu.comptes.retirees,
                Geste::lien(page, "Voir tous les lieux retirés", &format!("{ici}/retraits")),
            );
            section.gestes.push(telecharger(page, &ici, "retraits"));
            section.tableau = Some(Quoi::Retraits.tableau(page, depot, &self.retraits));
            sections.push(section);
        }
        if !self.refus.is_empty() {
            let mut section = debut(
                "Lignes refusées",
                "Elles ne changent rien\u{a0}: un lieu qu’elles décrivent mal reste comme il est.",
                depot.apercu.comptes.refusees,
                Geste::lien(page, "Voir toutes les lignes refusées", &format!("{ici}/refus")),
            );
            section.gestes.push(telecharger(page, &ici, "refus"));
            section.tableau = Some(tableau_des_refus(&self.refus));
            sections.push(section);
        }
        sections
    }
}

/// A section that shows the first rows, and leads to its own page when there are more.
fn debut(titre: &'static str, intro: &'static str, total: i64, voir: Geste) -> Section {
    let section = Section::new(titre).intro(intro);
    if total > i64::from(MONTREES) {
        section.geste(voir)
    } else {
        section
    }
}

fn telecharger(page: &Page, ici: &str, quoi: &str) -> Geste {
    let libelle = match quoi {
        "refus" => "Télécharger les refus (CSV)",
        _ => "Télécharger les lieux retirés (CSV)",
    };
    Geste::lien(page, libelle, &format!("{ici}/{quoi}.csv"))
}

fn tableau_des_refus(refus: &[RefusGarde]) -> Tableau {
    let ligne = |un: &RefusGarde| {
        vec![
            Valeur::texte(un.ligne.to_string()),
            Valeur::texte(un.champ.as_deref().map_or("Toute la ligne", nom_du_champ)),
            Valeur::texte(raison(un)),
        ]
    };
    Tableau {
        legende: "Lignes refusées, dans l’ordre du fichier".to_owned(),
        colonnes: ["Ligne", "Information", "Raison"].map(Colonne::new).into(),
        lignes: refus.iter().map(ligne).collect(),
    }
}

/// The name of a column; nobody reads the identifier elsewhere, so that it has none there.
fn nom_du_champ(champ: &str) -> &str {
    match champ {
        "id" => "Identifiant",
        autre => libelle(autre),
    }
}

fn raison(refus: &RefusGarde) -> String {
    ui::formats::majuscule(&insecables(&refus.raison))
}

/// `GET /espace/import/{import}/refus?apres=`
pub async fn refus(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(valeurs): Demande,
) -> Result<Response, Erreur> {
    let apres = Formulaire::rempli(valeurs).valeur("apres").parse().unwrap_or(-1);
    let mut tx = app.db.read().await?;
    let depot = charger_entier(&mut tx, &actor, id).await?;
    let mut lignes = store::refus(&mut tx, id, apres, PAR_PAGE + 1).await?;
    drop(tx);
    let ici = format!("{CHEMIN}/{id}");
    let pagination = paginer(&page, &format!("{ici}/refus"), &mut lignes, |derniere| {
        [("apres", derniere.rang.to_string())]
    });
    let vide = (
        "Aucune ligne refusée",
        "Toutes les lignes de ce fichier ont été prises, ou leurs refus sont effacés depuis.",
    );
    let titre = format!("Lignes refusées de «\u{a0}{}\u{a0}»", depot.source);
    let mut liste = PageListe::new(page, titre, tableau_des_refus(&lignes), vide);
    liste.gestes = vec![
        telecharger(&liste.page, &ici, "refus"),
        Geste::lien(&liste.page, "Revenir à l’import", &ici),
    ];
    liste.pagination = pagination;
    liste.reponse()
}

/// `GET /espace/import/{import}/refus.csv`
pub async fn telecharger_refus(State(app): State<App>, actor: Actor, Path(id): Path<Uuid>) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    charger_entier(&mut tx, &actor, id).await?;
    let mut csv = Csv::new(["ligne", "information", "raison"]);
    let mut apres = -1;
    loop {
        let lot = store::refus(&mut tx, id, apres, LOT).await?;
        let Some(dernier) = lot.last() else { break };
        apres = dernier.rang;
        for un in &lot {
            let champ = un.champ.as_deref().map_or("", nom_du_champ);
            csv.ligne([un.ligne.to_string().as_str(), champ, &raison(un)]);
        }
    }
    Ok(csv.reponse("lignes-refusees"))
}

/// A list of places.
#[derive(Debug, Clone, Copy)]
enum Quoi {
    Retraits,
    Laisses,
}

impl Quoi {
    async fn lire(self, tx: &mut Tx, id: Uuid, apres: Uuid, limite: u32) -> DbResult<Vec<LieuCite>> {
        match self {
            Self::Retraits => store::retraits(tx, id, apres, limite).await,
            Self::Laisses => avant::laisses(tx, id, apres, limite).await,
        }
    }

    fn chemin(self, id: Uuid) -> String {
        let fin = match self {
            Self::Retraits => "retraits",
            Self::Laisses => "laisses",
        };
        format!("{CHEMIN}/{id}/{fin}")
    }

    fn tableau(self, page: &Page, depot: &Depot, lieux: &[LieuCite]) -> Tableau {
        // A place that was withdrawn has no public page any more.
        let sur_la_carte = matches!(self, Self::Laisses) || depot.etat == EtatDepot::Depose;
        let ligne = |un: &LieuCite| {
            let nom = if sur_la_carte {
                Valeur::lien(&un.nom, page.fixe(&format!("/lieux/{}", un.lieu_id)))
            } else {
                Valeur::texte(&un.nom)
            };
            vec![nom, Valeur::texte(&un.commune)]
        };
        let legende = match self {
            Self::Retraits => "Lieux que ce fichier retire",
            Self::Laisses => "Lieux que l’annulation a laissés comme ils sont",
        };
        Tableau {
            legende: legende.to_owned(),
            colonnes: ["Lieu", "Commune"].map(Colonne::new).into(),
            lignes: lieux.iter().map(ligne).collect(),
        }
    }
}

/// `GET /espace/import/{import}/retraits?apres=`
pub async fn retraits(
    state: State<App>,
    page: Page,
    actor: Actor,
    id: Path<Uuid>,
    demande: Demande,
) -> Result<Response, Erreur> {
    lister(Quoi::Retraits, (state, page, actor), id, demande).await
}

/// `GET /espace/import/{import}/laisses?apres=`
pub async fn laisses(
    state: State<App>,
    page: Page,
    actor: Actor,
    id: Path<Uuid>,
    demande: Demande,
) -> Result<Response, Erreur> {
    lister(Quoi::Laisses, (state, page, actor), id, demande).await
}

async fn lister(
    quoi: Quoi,
    (State(app), page, actor): (State<App>, Page, Actor),
    Path(id): Path<Uuid>,
    Query(valeurs): Demande,
) -> Result<Response, Erreur> {
    let apres = Formulaire::rempli(valeurs)
        .valeur("apres")
        .parse()
        .unwrap_or(Uuid::nil());
    let mut tx = app.db.read().await?;
    let depot = charger_entier(&mut tx, &actor, id).await?;
    let mut lieux = quoi.lire(&mut tx, id, apres, PAR_PAGE + 1).await?;
    drop(tx);
    let pagination = paginer(&page, &quoi.chemin(id), &mut lieux, |dernier| {
        [("apres", dernier.cle.to_string())]
    });
    let (debut, vide) = match quoi {
        Quoi::Retraits => (
            "Lieux retirés de",
            "Ce fichier ne retire aucun lieu, ou leur liste est effacée depuis.",
        ),
        Quoi::Laisses => (
            "Lieux laissés après l’annulation de",
            "Tous les lieux ont été remis comme avant, ou leur liste est effacée depuis.",
        ),
    };
    let tableau = quoi.tableau(&page, &depot, &lieux);
    let titre = format!("{debut} «\u{a0}{}\u{a0}»", depot.source);
    let mut liste = PageListe::new(page, titre, tableau, ("Aucun lieu", vide));
    let ici = format!("{CHEMIN}/{id}");
    if matches!(quoi, Quoi::Retraits) {
        liste.gestes.push(telecharger(&liste.page, &ici, "retraits"));
    }
    liste.gestes.push(Geste::lien(&liste.page, "Revenir à l’import", &ici));
    liste.pagination = pagination;
    liste.reponse()
}

/// `GET /espace/import/{import}/retraits.csv`
pub async fn telecharger_retraits(
    State(app): State<App>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    charger_entier(&mut tx, &actor, id).await?;
    let mut csv = Csv::new(["lieu", "nom", "commune"]);
    let mut apres = Uuid::nil();
    loop {
        let lot = store::retraits(&mut tx, id, apres, LOT).await?;
        let Some(dernier) = lot.last() else { break };
        apres = dernier.cle;
        for un in &lot {
            csv.ligne([un.lieu_id.to_string().as_str(), &un.nom, &un.commune]);
        }
    }
    Ok(csv.reponse("lieux-retires"))
}
