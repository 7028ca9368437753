//! One file of places: what it changes, its confirmation, its progress, its undoing, the rows refused.

use super::{
    Champs, PAR_PAGE, adresse,
    imports::{CHEMIN, FUSEAU, en_mots},
    libelles::libelle,
    lisible,
};
use crate::{
    actions::{
        depot::{self as actions, Lancement, charger},
        ecriture::LOT,
    },
    domain::{
        depot::{Depot, EtatDepot, Exemple},
        import::Comptes,
    },
    store::{
        avant,
        depot::{self as store, RefusGarde},
    },
};
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use comptes::pages::compte::quand;
use socle::{
    App,
    clock::Instant,
    errors::{Erreur, Refus},
    permissions::Actor,
};
use ui::{
    composants::{Choix, Colonne, Description, Etiquette, Pagination, Tableau, Ton, Valeur},
    csv::Csv,
    form::Formulaire,
    formats::insecables,
    gabarits::{Champ, Element, Geste, Message, PageFiche, PageFormulaire, PageListe, Section, en_conflit},
    page::Page,
};
use uuid::Uuid;

/// How many refused rows the page of a file shows.
const REFUS_MONTRES: u32 = 10;
/// Refused rows read at a time for their file.
const LOT_DE_REFUS: u32 = 5_000;

/// Where a file stands, in words.
pub(super) fn etat(etat: EtatDepot) -> Etiquette {
    let (mots, ton) = match etat {
        EtatDepot::Depose => ("À vérifier", Ton::Info),
        EtatDepot::EnCours => ("En cours", Ton::Info),
        EtatDepot::Termine => ("Terminé", Ton::Succes),
        EtatDepot::Interrompu => ("Interrompu", Ton::Erreur),
        EtatDepot::Retour => ("Annulation en cours", Ton::Attention),
        EtatDepot::Annule => ("Annulé", Ton::Neutre),
    };
    Etiquette::new(mots, ton)
}

fn chemin(depot: &Depot) -> String {
    format!("{CHEMIN}/{}", depot.id)
}

/// `GET /espace/import/{import}`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let depot = charger(&mut tx, &actor, id).await?;
    let refus = store::refus(&mut tx, id, -1, REFUS_MONTRES).await?;
    drop(tx);
    vue(page, &depot, &refus, app.clock.now()).reponse()
}

fn vue(page: Page, depot: &Depot, refus: &[RefusGarde], at: Instant) -> PageFiche {
    let mut fiche = PageFiche::new(page, format!("Import de «\u{a0}{}\u{a0}»", depot.source));
    let page = &fiche.page;
    let gestes = gestes(page, depot, at);
    let mut sections = vec![Section::new("Où en est ce fichier").faits(faits(page, depot))];
    sections.push(Section::new(match depot.etat {
        EtatDepot::Depose => "Ce qui changerait",
        _ => "Ce que le fichier demandait",
    }));
    let comptes = nombres(&depot.apercu.comptes);
    let comptes = comptes.map(|(terme, nombre)| Description::new(terme, nombre.to_string()));
    sections[1].faits = comptes.into();
    if !depot.apercu.exemples.is_empty() {
        let mut section = Section::new("Exemples de lieux modifiés");
        section.elements = depot.apercu.exemples.iter().map(exemple).collect();
        sections.push(section);
    }
    if !refus.is_empty() {
        sections.push(section_des_refus(page, depot, refus));
    }
    fiche.message = message(depot);
    fiche.gestes = gestes;
    fiche.sections = sections;
    fiche
}

fn gestes(page: &Page, depot: &Depot, at: Instant) -> Vec<Geste> {
    let ici = chemin(depot);
    let mut gestes = Vec::new();
    if depot.etat == EtatDepot::Depose && depot.a_ecrire() > 0 {
        gestes.push(Geste::lien(page, "Importer ces lieux", &format!("{ici}/lancer")));
    }
    if matches!(depot.etat, EtatDepot::EnCours | EtatDepot::Retour) {
        gestes.push(Geste::lien(page, "Actualiser", &ici));
    }
    if depot.peut_s_annuler(at) {
        gestes.push(Geste::lien(page, "Annuler cet import", &format!("{ici}/annuler")));
    }
    gestes.push(Geste::lien(page, "Tous les imports", CHEMIN));
    gestes
}

fn message(depot: &Depot) -> Option<Message> {
    match depot.etat {
        EtatDepot::Depose if depot.a_ecrire() == 0 => Some(Message::attention(
            "Ce fichier ne change rien",
            "Tous les lieux qu’il décrit sont déjà à jour, ou ses lignes sont refusées.",
        )),
        EtatDepot::Depose => None,
        EtatDepot::EnCours => Some(Message::attention(
            "L’import est en cours",
            "Vous pouvez quitter cette page\u{a0}: il continue. Actualisez-la pour voir où il en est.",
        )),
        EtatDepot::Termine => Some(Message::succes("L’import est terminé")),
        EtatDepot::Interrompu => {
            let raison = depot.raison.clone().unwrap_or_default();
            let suite = "Annulez cet import pour remettre ce qui a été écrit, ou déposez de nouveau le fichier\u{a0}: ce qui est déjà écrit ne l’est pas deux fois.";
            Some(Message::attention(
                "L’import est interrompu",
                format!("{}. {suite}", ui::formats::majuscule(&raison)),
            ))
        }
        EtatDepot::Retour => Some(Message::attention(
            "L’annulation est en cours",
            "Les lieux sont remis comme avant l’import. Actualisez la page pour voir où elle en est.",
        )),
        EtatDepot::Annule if depot.laisses > 0 => Some(Message::attention(
            "L’import est annulé, sauf pour quelques lieux",
            "Ces lieux ont changé depuis l’import, ou ont quitté votre périmètre\u{a0}: ils restent comme ils sont.",
        )),
        EtatDepot::Annule => Some(Message::succes("L’import est annulé")),
    }
}

fn faits(page: &Page, depot: &Depot) -> Vec<Description> {
    let mut faits = vec![
        Description::new("État", Valeur::Etiquette(etat(depot.etat))),
        Description::new("Fichier", depot.fichier.as_str()),
        Description::new("Ce qui a été reconnu", insecables(&depot.apercu.forme).into_owned()),
        Description::new("Déposé le", quand(page, depot.depose_at, FUSEAU)),
        Description::new("Par", en_mots(&depot.qualite.fonction, &depot.qualite.perimetre)),
    ];
    let total = depot.a_ecrire();
    match depot.etat {
        EtatDepot::Depose => faits.push(Description::new("Gardé jusqu’au", quand(page, depot.expire_at, FUSEAU))),
        _ if depot.fait > 0 => {
            let avancee = format!("{} sur {total} lieux", depot.fait.min(total));
            faits.push(Description::new("Écrits", avancee));
        }
        _ => {}
    }
    if matches!(depot.etat, EtatDepot::Retour | EtatDepot::Annule) && depot.fait > 0 {
        faits.push(Description::new("Remis comme avant", depot.rendus.to_string()));
        faits.push(Description::new("Laissés comme ils sont", depot.laisses.to_string()));
    }
    if depot.etat == EtatDepot::Termine
        && let Some(fin) = depot.retour_jusqu_a()
    {
        faits.push(Description::new("Peut être annulé jusqu’au", quand(page, fin, FUSEAU)));
    }
    faits
}

fn nombres(comptes: &Comptes) -> [(&'static str, i64); 6] {
    [
        ("Lignes lues", comptes.lues),
        ("Lieux créés", comptes.creees),
        ("Lieux modifiés", comptes.modifiees),
        ("Lieux inchangés", comptes.inchangees),
        ("Lieux retirés", comptes.retirees),
        ("Lignes refusées", comptes.refusees),
    ]
}

fn exemple(exemple: &Exemple) -> Element {
    let details = exemple.changements.iter().map(|c| {
        let [avant, apres] = [&c.avant, &c.apres].map(|cellule| lisible(cellule));
        format!(
            "{}\u{a0}: «\u{a0}{avant}\u{a0}» devient «\u{a0}{apres}\u{a0}»",
            libelle(&c.champ)
        )
    });
    let mut details: Vec<String> = details.collect();
    if details.is_empty() {
        details.push("Sa source ou sa date de mise à jour seule".to_owned());
    }
    Element {
        titre: exemple.nom.clone(),
        details,
        gestes: Vec::new(),
    }
}

fn section_des_refus(page: &Page, depot: &Depot, refus: &[RefusGarde]) -> Section {
    let ici = chemin(depot);
    let mut section = Section::new("Lignes refusées")
        .intro("Elles ne changent rien\u{a0}: un lieu qu’elles décrivent mal reste comme il est.")
        .geste(Geste::lien(
            page,
            "Télécharger les refus (CSV)",
            &format!("{ici}/refus.csv"),
        ));
    if depot.apercu.comptes.refusees > i64::from(REFUS_MONTRES) {
        let toutes = Geste::lien(page, "Voir toutes les lignes refusées", &format!("{ici}/refus"));
        section.gestes.insert(0, toutes);
    }
    section.tableau = Some(tableau_des_refus(refus));
    section
}

fn tableau_des_refus(refus: &[RefusGarde]) -> Tableau {
    let ligne = |un: &RefusGarde| {
        vec![
            Valeur::texte(un.ligne.to_string()),
            Valeur::texte(un.champ.as_deref().map_or("Toute la ligne", libelle)),
            Valeur::texte(raison(un)),
        ]
    };
    Tableau {
        legende: "Lignes refusées, dans l’ordre du fichier".to_owned(),
        colonnes: ["Ligne", "Information", "Raison"].map(Colonne::new).into(),
        lignes: refus.iter().map(ligne).collect(),
    }
}

fn raison(refus: &RefusGarde) -> String {
    ui::formats::majuscule(&insecables(&refus.raison))
}

/// `GET /espace/import/{import}/lancer`
pub async fn montrer_lancement(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let depot = charger(&mut app.db.read().await?, &actor, id).await?;
    if depot.etat != EtatDepot::Depose {
        return Ok(Redirect::to(&page.fixe(&chemin(&depot))).into_response());
    }
    page_lancement(page, &depot, Formulaire::vide()).reponse()
}

fn page_lancement(page: Page, depot: &Depot, form: Formulaire) -> PageFormulaire {
    let ici = chemin(depot);
    let comptes = &depot.apercu.comptes;
    let mut faits = vec![Description::new("Source", depot.source.as_str())];
    faits.extend(nombres(comptes).map(|(terme, nombre)| Description::new(terme, nombre.to_string())));
    let mut champs = vec![Champ::cache("version", depot.version)];
    if depot.apercu.massif {
        let oui = Choix::new("oui", format!("Oui, retirer ces {} lieux", comptes.retirees));
        champs.push(
            Champ::cases(
                "retrait",
                "Ce fichier retire plus de la moitié des lieux de la source",
                vec![oui],
            )
            .aide("Vérifiez qu’il est complet\u{a0}: un fichier coupé retirerait des lieux qui existent"),
        );
    }
    PageFormulaire::new(page, "Importer ces lieux", &format!("{ici}/lancer"), "Lancer l’import")
        .intro(format!(
            "Les lieux sont écrits par lots de {LOT}, chacun entier. Vous pouvez arrêter l’import à tout moment\u{a0}: ce qui a été écrit est alors remis comme avant."
        ))
        .faits(faits)
        .champs(champs)
        .form(form)
        .lien("Revenir à ce qui changerait", &ici)
}

/// `POST /espace/import/{import}/lancer`
pub async fn lancer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let vu = form.valeur("version").parse().ok();
    let retrait = form.choisi("retrait", "oui");
    match actions::lancer(&app, &actor, id, vu, retrait).await {
        Ok(Lancement::Fait) => Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response()),
        Ok(Lancement::Change { vu, depot }) => en_conflit(page_changee(page, vu.as_ref(), &depot).reponse()),
        Err(erreur) => {
            let depot = charger(&mut app.db.read().await?, &actor, id).await?;
            refuse(erreur, |refus| match refus.champ {
                Some(champ) => {
                    form.refuser(&champ, refus.message);
                    page_lancement(page, &depot, form)
                }
                None => page_lancement(page, &depot, form).message(dire("Cet import n’est pas lancé", &refus)),
            })
        }
    }
}

/// The page of an act that the rules refuse; other errors go on.
fn refuse(erreur: Erreur, vue: impl FnOnce(Refus) -> PageFormulaire) -> Result<Response, Erreur> {
    match erreur {
        Erreur::Refus(refus) => Ok((StatusCode::UNPROCESSABLE_ENTITY, vue(refus).reponse()?).into_response()),
        autre => Err(autre),
    }
}

fn dire(titre: &'static str, refus: &Refus) -> Message {
    Message::attention(titre, format!("{}.", ui::formats::majuscule(&refus.message)))
}

/// What was seen beside what would be done now.
fn page_changee(page: Page, vu: Option<&Comptes>, depot: &Depot) -> PageFormulaire {
    let message = Message::attention(
        "Les lieux de cette source ont changé depuis votre lecture",
        "Rien n’est importé. Comparez ce que vous aviez vu à ce qui changerait maintenant, puis lancez l’import s’il vous convient toujours.",
    );
    let mut vue = page_lancement(page, depot, Formulaire::vide()).message(message);
    let maintenant = nombres(&depot.apercu.comptes);
    let faits = maintenant.into_iter().enumerate().map(|(rang, (terme, nombre))| {
        let mut valeurs = vec![Valeur::texte(format!("Maintenant\u{a0}: {nombre}"))];
        if let Some(vu) = vu {
            valeurs.insert(
                0,
                Valeur::texte(format!("Vous aviez vu\u{a0}: {}", nombres(vu)[rang].1)),
            );
        }
        Description::lignes(terme, valeurs)
    });
    vue.faits.truncate(1);
    vue.faits.extend(faits);
    vue
}

/// `GET /espace/import/{import}/annuler`
pub async fn montrer_annulation(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let (depot, comptes) = a_annuler(&app, &actor, id).await?;
    if !depot.peut_s_annuler(app.clock.now()) {
        return Ok(Redirect::to(&page.fixe(&chemin(&depot))).into_response());
    }
    page_annulation(page, &depot, comptes).reponse()
}

/// The file, how many places it can put back, and how many of these changed since.
async fn a_annuler(app: &App, actor: &Actor, id: Uuid) -> Result<(Depot, (i64, i64)), Erreur> {
    let mut tx = app.db.read().await?;
    let depot = charger(&mut tx, actor, id).await?;
    let comptes = avant::compter(&mut tx, id).await?;
    Ok((depot, comptes))
}

fn page_annulation(page: Page, depot: &Depot, (ecrits, changes): (i64, i64)) -> PageFormulaire {
    let ici = chemin(depot);
    let intro = match depot.etat {
        EtatDepot::Depose => "Rien n’a été écrit\u{a0}: le fichier est seulement effacé.",
        EtatDepot::EnCours => "L’import s’arrête, et ce qui a été écrit est remis comme avant.",
        _ => "Les lieux créés sont retirés, les autres sont remis comme avant l’import.",
    };
    let mut vue = PageFormulaire::new(
        page,
        "Annuler cet import",
        &format!("{ici}/annuler"),
        "Annuler cet import",
    )
    .intro(intro)
    .dangereux()
    .lien("Garder cet import", &ici);
    if depot.etat != EtatDepot::Depose {
        vue.faits = vec![
            Description::new("Lieux à remettre comme avant", (ecrits - changes).to_string()),
            Description::new(
                "Lieux changés depuis, qui resteront comme ils sont",
                changes.to_string(),
            ),
        ];
    }
    vue
}

/// `POST /espace/import/{import}/annuler`
pub async fn annuler(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    match actions::annuler(&app, &actor, id).await {
        Ok(()) => Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response()),
        Err(erreur) => {
            let (depot, comptes) = a_annuler(&app, &actor, id).await?;
            refuse(erreur, |refus| {
                page_annulation(page, &depot, comptes).message(dire("Cet import n’est pas annulé", &refus))
            })
        }
    }
}

/// `GET /espace/import/{import}/refus?apres=`
pub async fn refus(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let apres = Formulaire::rempli(valeurs).valeur("apres").parse().unwrap_or(-1);
    let mut tx = app.db.read().await?;
    let depot = charger(&mut tx, &actor, id).await?;
    let mut lignes = store::refus(&mut tx, id, apres, PAR_PAGE + 1).await?;
    drop(tx);
    let encore = lignes.len() > PAR_PAGE as usize;
    lignes.truncate(PAR_PAGE as usize);
    let ici = chemin(&depot);
    let suite = lignes
        .last()
        .filter(|_| encore)
        .map(|derniere| adresse(&page, &format!("{ici}/refus"), &[("apres", derniere.rang.to_string())]));
    let vide = (
        "Aucune ligne refusée",
        "Toutes les lignes de ce fichier ont été prises, ou leurs refus sont effacés depuis.",
    );
    let titre = format!("Lignes refusées de «\u{a0}{}\u{a0}»", depot.source);
    let mut liste = PageListe::new(page, titre, tableau_des_refus(&lignes), vide);
    liste.gestes = vec![
        Geste::lien(&liste.page, "Télécharger les refus (CSV)", &format!("{ici}/refus.csv")),
        Geste::lien(&liste.page, "Revenir à l’import", &ici),
    ];
    liste.pagination = Pagination::par_cle(None, suite);
    liste.reponse()
}

/// `GET /espace/import/{import}/refus.csv`
pub async fn telecharger_refus(State(app): State<App>, actor: Actor, Path(id): Path<Uuid>) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    charger(&mut tx, &actor, id).await?;
    let mut csv = Csv::new(["ligne", "information", "raison"]);
    let mut apres = -1;
    loop {
        let lot = store::refus(&mut tx, id, apres, LOT_DE_REFUS).await?;
        let Some(dernier) = lot.last() else { break };
        apres = dernier.rang;
        for un in &lot {
            let champ = un.champ.as_deref().map_or("", libelle);
            csv.ligne([un.ligne.to_string().as_str(), champ, &raison(un)]);
        }
    }
    Ok(csv.reponse("lignes-refusees"))
}
