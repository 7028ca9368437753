//! One file of places: what it changes, its confirmation, its progress, its undoing.

use super::{
    Champs,
    imports::{CHEMIN, FUSEAU, en_mots},
    libelles::libelle,
    lignes::Debuts,
    lisible,
};
use crate::{
    actions::{
        depot::{self as actions, Lancement, charger, charger_entier, tient},
        ecriture::LOT,
    },
    domain::{
        depot::{Depot, EtatDepot, Exemple},
        import::Comptes,
    },
    store::avant,
};
use axum::{
    extract::{Path, State},
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
    composants::{Choix, Description, Etiquette, Ton, Valeur},
    form::Formulaire,
    formats::insecables,
    gabarits::{Champ, Element, Geste, Message, PageFiche, PageFormulaire, Section, en_conflit},
    page::Page,
};
use uuid::Uuid;

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
    fiche(&app, page, &actor, id).await?.reponse()
}

/// The page of a file; who holds a part of it alone sees where it stands and how many places it bears on.
async fn fiche(app: &App, page: Page, actor: &Actor, id: Uuid) -> Result<PageFiche, Erreur> {
    let mut tx = app.db.read().await?;
    let depot = charger(&mut tx, actor, id).await?;
    let debuts = if tient(actor, &depot) {
        Some(Debuts::lire(&mut tx, id).await?)
    } else {
        None
    };
    drop(tx);
    Ok(vue(page, &depot, debuts.as_ref(), app.clock.now()))
}

fn vue(page: Page, depot: &Depot, debuts: Option<&Debuts>, at: Instant) -> PageFiche {
    let mut fiche = PageFiche::new(page, format!("Import de «\u{a0}{}\u{a0}»", depot.source));
    let page = &fiche.page;
    let mut sections = vec![Section::new("Où en est ce fichier").faits(faits(page, depot))];
    sections.push(Section::new(match depot.etat {
        EtatDepot::Depose => "Ce qui changerait",
        _ => "Ce que le fichier demandait",
    }));
    let comptes = nombres(&depot.apercu.comptes);
    let comptes = comptes.map(|(terme, nombre)| Description::new(terme, nombre.to_string()));
    sections[1].faits = comptes.into();
    if let Some(debuts) = debuts {
        sections.extend(exemples(depot));
        sections.extend(debuts.sections(page, depot));
    }
    fiche.message = message(depot);
    fiche.gestes = gestes(page, depot, debuts.is_some(), at);
    fiche.sections = sections;
    fiche
}

/// Some of the places that change, and some of those that come.
fn exemples(depot: &Depot) -> Vec<Section> {
    let titres = [("Exemples de lieux modifiés", false), ("Exemples de lieux créés", true)];
    let sections = titres.map(|(titre, nouveaux)| {
        let siens = depot.apercu.exemples.iter().filter(|e| e.nouveau == nouveaux);
        let mut section = Section::new(titre);
        section.elements = siens.map(exemple).collect();
        section
    });
    sections
        .into_iter()
        .filter(|section| !section.elements.is_empty())
        .collect()
}

fn gestes(page: &Page, depot: &Depot, tenu: bool, at: Instant) -> Vec<Geste> {
    let ici = chemin(depot);
    let mut gestes = Vec::new();
    if tenu && depot.etat == EtatDepot::Depose && depot.a_ecrire() > 0 {
        gestes.push(Geste::lien(page, "Importer ces lieux", &format!("{ici}/lancer")));
    }
    if matches!(depot.etat, EtatDepot::EnCours | EtatDepot::Retour) {
        gestes.push(Geste::lien(page, "Actualiser", &ici));
    }
    if tenu && depot.peut_s_annuler(at) {
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
    if exemple.nouveau {
        details.push(exemple.commune.clone());
    } else if details.is_empty() {
        details.push("Sa source ou sa date de mise à jour seule".to_owned());
    }
    Element {
        titre: exemple.nom.clone(),
        details,
        gestes: Vec::new(),
    }
}

/// `GET /espace/import/{import}/lancer`
pub async fn montrer_lancement(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let depot = charger_entier(&mut app.db.read().await?, &actor, id).await?;
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
            if let Erreur::Refus(refus) = &erreur
                && depot.etat != EtatDepot::Depose
            {
                let mut fiche = fiche(&app, page, &actor, id).await?;
                fiche.message = Some(dire("Cet import n’est pas lancé", refus));
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, fiche.reponse()?).into_response());
            }
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
    if !tient(&actor, &depot) {
        return Err(Erreur::Introuvable);
    }
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
