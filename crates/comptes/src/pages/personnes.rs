//! The people of one's perimeter: the list, a person, what they hold, and what can be done about it.

use super::{Champs, compte::quand, connexion::Expediteur, cookies::Cookie, refuser};
use crate::{
    actions::{
        fonctions::{self, Octroi},
        personnes as actions, place,
    },
    domain::{
        attribution::{Attribution, EtatAttribution},
        delegation::{Acte, GenreDelegation},
        fonction::Fonction,
        perimetre::Perimetre,
        personne::{EtatPersonne, Nom, Personne, lire_annee_naissance},
        telephone::{Plan, Telephone},
    },
    permissions::{
        AccorderFonction, CorrigerPersonne, DeleguerFonction, OuvrirFiche, PrendreLaPlace, RetirerFonction,
        ReunirPersonnes, VoirPersonnes,
    },
    reconnaissance::{FUSEAU_DES_JOURS, jour},
    store::{
        attribution as attributions, fusion as fusions,
        personne::{self as store, Apercu, Apres},
    },
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;
use socle::{
    App,
    change::{Act, Stored},
    clock::Day,
    db::Tx,
    errors::Erreur,
    permissions::{Action, Actor, Permit, authorise, may_try, scope},
};
use territoire::plier_nom;
use ui::{
    composants::{Choix, Colonne, Description, Pagination, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Champ, Element, Geste, Message, PageFiche, PageFormulaire, PageListe, Recherche, Section},
    page::{Lien, Page},
};
use uuid::Uuid;

/// How many people stand on a page.
const PAR_PAGE: u32 = 50;

fn apres(valeurs: &Formulaire) -> Option<Apres> {
    Some(Apres(
        valeurs.valeur("apres").to_owned(),
        valeurs.valeur("id").parse().ok()?,
    ))
}

/// `GET /personnes?q=diallo`
pub async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, scope) = scope::<VoirPersonnes>(&actor)?;
    let demande = Formulaire::rempli(valeurs);
    let q = demande.valeur("q").to_owned();
    let mut tx = app.db.read().await?;
    let jour = jour(app.clock.now());
    let mut gens = store::lister(
        &mut tx,
        &scope,
        jour,
        &plier_nom(&q),
        apres(&demande).as_ref(),
        PAR_PAGE + 1,
    )
    .await?;
    drop(tx);
    let suite = gens.len() > PAR_PAGE as usize;
    gens.truncate(PAR_PAGE as usize);
    let suivante = gens.last().filter(|_| suite).map(|dernier| {
        let requete: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("q", q.as_str()),
                ("apres", &dernier.nom_plie),
                ("id", &dernier.id.to_string()),
            ])
            .finish();
        page.fixe(&format!("/personnes?{requete}"))
    });
    let tableau = Tableau {
        legende: "Personnes de votre périmètre".into(),
        colonnes: vec![Colonne::new("Nom"), Colonne::new("Dernière venue")],
        lignes: gens.iter().map(|un| ligne(&page, un)).collect(),
    };
    let vide = (
        "Personne à montrer",
        "Aucune personne de votre périmètre ne porte ce nom. Essayez un autre nom, ou invitez la personne.",
    );
    let mut liste = PageListe::new(page, "Personnes", tableau, vide);
    let page = &liste.page;
    liste.recherche = Some(Recherche {
        libelle: "Chercher par nom de famille".into(),
        aide: "Le début du nom suffit".into(),
        valeur: q,
        action: page.fixe("/personnes"),
    });
    if may_try::<OuvrirFiche>(&actor) {
        liste.gestes.push(Geste::lien(
            page,
            "Ouvrir une fiche pour quelqu’un",
            "/personnes/nouvelle",
        ));
    }
    liste.gestes.push(Geste::lien(page, "Invitations", "/invitations"));
    liste.pagination = Pagination::par_cle(None, suivante);
    liste.reponse()
}

fn ligne(page: &Page, un: &Apercu) -> Vec<Valeur> {
    let venue = un
        .vue_at
        .map_or_else(|| "jamais".to_owned(), |at| page.date(at.day_in(FUSEAU_DES_JOURS)));
    vec![
        Valeur::lien(
            format!("{} {}", un.nom, un.prenom),
            page.fixe(&format!("/personnes/{}", un.id)),
        ),
        venue.into(),
    ]
}

/// A person on whom the actor may do `A`: they lie where what they hold lies, and where they are themselves.
async fn trouver<A: Action>(tx: &mut Tx, app: &App, actor: &Actor, id: Uuid) -> Result<(Personne, Permit<A>), Erreur> {
    let personne = Personne::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let codes = attributions::codes_du_jour(tx, id, jour(app.clock.now())).await?;
    let permit = authorise::<A>(actor, &codes)?;
    Ok((personne, permit))
}

/// `GET /personnes/{personne}`: who looked is journalled.
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let at = app.clock.now();
    let mut tx = app.db.write().await?;
    let (personne, permit) = trouver::<VoirPersonnes>(&mut tx, &app, &actor, id).await?;
    let tenues = attributions::de_personne(&mut tx, id).await?;
    let contacts = store::contacts(&mut tx, id).await?;
    let fusions = fusions::de_personne(&mut tx, id).await?;
    if actor.person != Some(id) {
        let acte = Act::now(&app, &actor);
        acte.journal(&mut tx, &permit, (Personne::KIND, id), json!({ "vue": true }), &[id])
            .await?;
    }
    tx.commit().await?;
    let mut fiche = PageFiche::new(page, personne.nom.to_string());
    let page = &mut fiche.page;
    page.fil.push(Lien::new("Personnes", page.fixe("/personnes")));
    let page = &fiche.page;
    fiche.surtitre = match personne.etat {
        EtatPersonne::Active => "".into(),
        EtatPersonne::Fusionnee { .. } => "Cette fiche a été réunie avec une autre.".into(),
        EtatPersonne::Anonymisee => "Cette personne a été effacée.".into(),
    };
    fiche.gestes = gestes(page, &actor, id);
    let joindre = contacts
        .iter()
        .map(|c| {
            let quoi = if c.confirme_at.is_some() {
                "confirmé"
            } else {
                "non confirmé"
            };
            Description::new(c.moyen.code().to_owned(), format!("{} ({quoi})", c.moyen.valeur()))
        })
        .collect();
    let mut exercees = Section::new("Fonctions");
    if tenues.is_empty() {
        exercees = exercees.intro("Cette personne n’exerce et n’a exercé aucune fonction.");
    }
    exercees.elements = tenues.iter().map(|une| element(page, &actor, une, jour(at))).collect();
    let mut sections = vec![Section::new("Comment la joindre").faits(joindre), exercees];
    if may_try::<ReunirPersonnes>(&actor) && !fusions.is_empty() {
        let mut reunies = Section::new("Fiches réunies");
        reunies.elements = fusions
            .iter()
            .map(|f| Element {
                titre: format!("Fiche réunie le {}", quand(page, f.faite_at, FUSEAU_DES_JOURS)),
                details: vec![f.motif.clone()],
                gestes: vec![Geste::bouton(
                    page,
                    "Séparer de nouveau",
                    &format!("/fusions/{}/defaire", f.id),
                )],
            })
            .collect();
        sections.push(reunies);
    }
    fiche.sections = sections;
    fiche.reponse()
}

fn gestes(page: &Page, actor: &Actor, id: Uuid) -> Vec<Geste> {
    let possibles = [
        (may_try::<CorrigerPersonne>(actor), "Corriger le nom", "modifier"),
        (may_try::<AccorderFonction>(actor), "Accorder une fonction", "accorder"),
        (may_try::<PrendreLaPlace>(actor), "Agir à sa place", "place"),
        (
            may_try::<ReunirPersonnes>(actor),
            "Réunir avec une autre fiche",
            "reunir",
        ),
    ];
    possibles
        .into_iter()
        .filter(|(permis, ..)| *permis)
        .map(|(_, libelle, geste)| Geste::lien(page, libelle, &format!("/personnes/{id}/{geste}")))
        .collect()
}

fn element(page: &Page, actor: &Actor, une: &Attribution, jour: Day) -> Element {
    let etat = une.etat(jour);
    let mut details = vec![match une.au {
        Some(au) => format!("{} : du {} au {}", etat.titre(), page.date(une.du), page.date(au)),
        None => format!("{} : depuis le {}", etat.titre(), page.date(une.du)),
    }];
    if let Some(retrait) = &une.retrait {
        details.push(format!(
            "retirée le {} : {}",
            quand(page, retrait.at, FUSEAU_DES_JOURS),
            retrait.motif
        ));
    }
    let ouverte = matches!(etat, EtatAttribution::EnCours | EtatAttribution::AVenir);
    let mut gestes = Vec::new();
    if ouverte && may_try::<DeleguerFonction>(actor) {
        gestes.push(Geste::lien(
            page,
            "Déléguer",
            &format!("/attributions/{}/deleguer", une.id),
        ));
    }
    if ouverte && may_try::<RetirerFonction>(actor) {
        gestes.push(Geste::lien(
            page,
            "Retirer",
            &format!("/attributions/{}/retirer", une.id),
        ));
    }
    Element {
        titre: format!("{}, {}", une.fonction.titre(), une.perimetre.nom()),
        details,
        gestes,
    }
}

fn page_nouvelle(page: Page, form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(page, "Ouvrir une fiche pour quelqu’un", "/personnes/nouvelle", "Ouvrir la fiche")
        .intro("Pour une personne qui n’utilise pas le site : elle est devant vous ou au téléphone. Vous lui remettrez un reçu imprimé.")
        .champs(vec![
            Champ::ligne("prenom", "Prénom"),
            Champ::ligne("nom", "Nom"),
            Champ::chiffres("annee_naissance", "Année de naissance", "off")
                .aide("Seulement si la personne accepte de la donner")
                .facultatif(),
            Champ::telephone("telephone", "Numéro de téléphone").facultatif(),
        ])
        .form(form)
}

/// `GET /personnes/nouvelle`
pub async fn montrer_nouvelle(page: Page) -> Result<Response, Erreur> {
    page_nouvelle(page, Formulaire::vide()).reponse()
}

fn lire_fiche(form: &mut Formulaire, annee: i16) -> Option<actions::Fiche> {
    let nom = Nom::lire(form.valeur("prenom"), form.valeur("nom"));
    let naissance = lire_annee_naissance(form.valeur("annee_naissance"), annee);
    for refus in [nom.as_ref().err().cloned(), naissance.as_ref().err().cloned()]
        .into_iter()
        .flatten()
    {
        form.refuser(refus.champ.as_deref().unwrap_or("nom"), &refus.message);
    }
    let telephone = if form.valeur("telephone").is_empty() {
        Some(None)
    } else {
        form.lire("telephone", |t| Telephone::lire(t, Plan::Metropole))
            .map(|t| Some(t.as_str().to_owned()))
    };
    Some(actions::Fiche {
        nom: nom.ok()?,
        annee_naissance: naissance.ok()?,
        telephone: telephone?,
    })
}

/// `POST /personnes/nouvelle`: gives the receipt to print.
pub async fn ouvrir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let at = app.clock.now();
    let Some(fiche) = lire_fiche(&mut form, jour(at).year()) else {
        return page_nouvelle(page, form).reponse();
    };
    let mut tx = app.db.write().await?;
    let personne = actions::ouvrir_fiche(&Act::now(&app, &actor), &mut tx, fiche).await?;
    tx.commit().await?;
    recu(page, &app, &personne)
}

/// The receipt that the agent prints and gives.
fn recu(page: Page, app: &App, personne: &Personne) -> Result<Response, Erreur> {
    let mut fiche = PageFiche::new(page, "Reçu");
    fiche.surtitre = "Imprimez cette page et remettez-la à la personne.".into();
    let operateur = app
        .settings
        .operator
        .name
        .clone()
        .unwrap_or_else(|| "l’exploitant du site".to_owned());
    let contact = app
        .settings
        .operator
        .contact
        .clone()
        .unwrap_or_else(|| "à demander à l’agent".to_owned());
    let page = &fiche.page;
    fiche.sections = vec![
        Section::new("Une fiche a été ouverte à votre demande").faits(vec![
            Description::new("Nom", personne.nom.to_string()),
            Description::new("Numéro de la fiche", personne.id.to_string()),
            Description::new("Ouverte le", quand(page, personne.creee_at, FUSEAU_DES_JOURS)),
            Description::new("Responsable", operateur),
            Description::new("Pour toute question", contact),
        ]),
        Section::new("Vos droits")
            .intro("Vous pouvez demander à voir ce qui est écrit sur vous, à le corriger ou à l’effacer. Donnez le numéro de la fiche à un agent, ou écrivez au contact ci-dessus.")
            .intro("Si vous avez un jour une adresse de courriel, un agent peut l’ajouter : vous vous connecterez alors vous-même."),
    ];
    fiche.reponse()
}

fn page_modifier(page: Page, id: Uuid, form: Formulaire) -> PageFormulaire {
    let version = form.valeur("version").to_owned();
    PageFormulaire::new(
        page,
        "Corriger le nom",
        &format!("/personnes/{id}/modifier"),
        "Enregistrer",
    )
    .champs(vec![
        Champ::ligne("prenom", "Prénom"),
        Champ::ligne("nom", "Nom"),
        Champ::cache("version", version),
    ])
    .form(form)
    .lien("Annuler", &format!("/personnes/{id}"))
}

/// `GET /personnes/{personne}/modifier`
pub async fn montrer_modifier(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (personne, _) = trouver::<CorrigerPersonne>(&mut tx, &app, &actor, id).await?;
    let form = Formulaire::vide()
        .avec("prenom", &personne.nom.prenom)
        .avec("nom", &personne.nom.nom)
        .avec("version", personne.version);
    page_modifier(page, id, form).reponse()
}

/// `POST /personnes/{personne}/modifier`
pub async fn modifier(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    trouver::<CorrigerPersonne>(&mut tx, &app, &actor, id).await?;
    let vue = form.valeur("version").parse().unwrap_or(-1);
    let essai = match Nom::lire(form.valeur("prenom"), form.valeur("nom")) {
        Ok(nom) => actions::corriger(&Act::now(&app, &actor), &mut tx, id, vue, nom).await,
        Err(refus) => Err(refus.into()),
    };
    match essai {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response())
        }
        Err(Erreur::Conflit) => {
            let (actuelle, _) = trouver::<CorrigerPersonne>(&mut tx, &app, &actor, id).await?;
            tx.rollback().await?;
            super::compte::perimee(|page, form| page_modifier(page, id, form), page, &actuelle, form)
        }
        Err(erreur) => {
            refuser(&mut form, "nom", erreur)?;
            page_modifier(page, id, form).reponse()
        }
    }
}

/// The functions and perimeters that can be chosen, for the forms that grant.
pub fn champs_de_fonction(actor: &Actor) -> Vec<Champ> {
    let accordables: Vec<Fonction> = Fonction::TOUTES
        .iter()
        .filter(|f| actor.holds(f.role()))
        .flat_map(|f| f.accorde())
        .copied()
        .collect();
    let mut choix: Vec<Choix> = accordables.iter().map(|f| Choix::new(f.code(), f.titre())).collect();
    choix.dedup_by(|a, b| a.valeur == b.valeur);
    let sien = actor.grants.last().map(|g| g.perimeter.clone()).unwrap_or_default();
    vec![
        Champ::liste("fonction", "Fonction", choix),
        Champ::ligne("perimetre", "Périmètre").aide(format!(
            "Un code : N pour toute la France, R:84 pour une région, D:69 pour un département, C:01053 pour une commune. Le vôtre : {sien}"
        )),
    ]
}

/// Reads the function and perimeter that a form grants.
pub fn lire_fonction(form: &mut Formulaire) -> Option<(Fonction, Perimetre)> {
    let fonction = form.lire("fonction", |code| {
        Fonction::depuis_code(code).ok_or("choisissez une fonction de la liste")
    });
    let perimetre = form.lire("perimetre", Perimetre::lire);
    Some((fonction?, perimetre?))
}

/// Reads a date in three fields, which may be left empty.
pub fn lire_date(form: &mut Formulaire, champ: &str) -> Option<Option<Day>> {
    let parties = ["annee", "mois", "jour"].map(|p| form.partie(champ, p).to_owned());
    if parties.iter().all(String::is_empty) {
        return Some(None);
    }
    let lue = (|| {
        Day::new(
            parties[0].parse().ok()?,
            parties[1].parse().ok()?,
            parties[2].parse().ok()?,
        )
        .ok()
    })();
    if lue.is_none() {
        form.refuser(
            champ,
            "écrivez un jour, un mois et une année qui existent, par exemple 31 12 2026",
        );
    }
    lue.map(Some)
}

fn page_accorder(page: Page, actor: &Actor, id: Uuid, form: Formulaire) -> PageFormulaire {
    let mut champs = champs_de_fonction(actor);
    champs.push(
        Champ::date("du", "Premier jour")
            .aide("Aujourd’hui si vous ne l’indiquez pas")
            .facultatif(),
    );
    champs.push(
        Champ::date("au", "Dernier jour")
            .aide("Sans limite si vous ne l’indiquez pas")
            .facultatif(),
    );
    PageFormulaire::new(
        page,
        "Accorder une fonction",
        &format!("/personnes/{id}/accorder"),
        "Accorder la fonction",
    )
    .intro("La personne en sera prévenue. Tout est écrit au journal.")
    .champs(champs)
    .form(form)
    .lien("Annuler", &format!("/personnes/{id}"))
}

/// `GET /personnes/{personne}/accorder`
pub async fn montrer_accorder(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    trouver::<VoirPersonnes>(&mut tx, &app, &actor, id).await?;
    page_accorder(page, &actor, id, Formulaire::vide()).reponse()
}

/// `POST /personnes/{personne}/accorder`
pub async fn accorder(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let at = app.clock.now();
    let mut tx = app.db.write().await?;
    trouver::<VoirPersonnes>(&mut tx, &app, &actor, id).await?;
    let fonction = lire_fonction(&mut form);
    let dates = (lire_date(&mut form, "du"), lire_date(&mut form, "au"));
    let (Some((fonction, perimetre)), (Some(du), Some(au))) = (fonction, dates) else {
        return page_accorder(page, &actor, id, form).reponse();
    };
    let octroi = Octroi {
        personne: id,
        fonction,
        perimetre,
        du: du.unwrap_or_else(|| jour(at)),
        au,
    };
    match fonctions::accorder(&Act::now(&app, &actor), &mut tx, octroi).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response())
        }
        Err(Erreur::Introuvable) => {
            form.refuser("perimetre", "ce périmètre n’est pas dans le vôtre");
            page_accorder(page, &actor, id, form).reponse()
        }
        Err(erreur) => {
            refuser(&mut form, "fonction", erreur)?;
            page_accorder(page, &actor, id, form).reponse()
        }
    }
}

/// An attribution on which the actor may do `A`, and its holder.
async fn trouver_attribution<A: Action>(
    tx: &mut Tx,
    actor: &Actor,
    id: Uuid,
) -> Result<(Attribution, Personne), Erreur> {
    let une = Attribution::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<A>(actor, &une)?;
    let personne = Personne::load(tx, une.personne).await?.ok_or(Erreur::Introuvable)?;
    Ok((une, personne))
}

fn faits(une: &Attribution, personne: &Personne) -> Vec<Description> {
    vec![
        Description::new("Personne", personne.nom.to_string()),
        Description::new("Fonction", une.fonction.titre()),
        Description::new("Périmètre", une.perimetre.nom()),
    ]
}

fn page_retirer(page: Page, (une, personne): (&Attribution, &Personne), form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(
        page,
        "Retirer une fonction",
        &format!("/attributions/{}/retirer", une.id),
        "Retirer la fonction",
    )
    .intro("La fonction prend fin tout de suite, sur tous les appareils de la personne. Elle en est prévenue.")
    .faits(faits(une, personne))
    .champs(vec![
        Champ::zone("motif", "Pourquoi").aide("La personne et les auditeurs le liront"),
        Champ::cache("version", une.version),
    ])
    .form(form)
    .dangereux()
    .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /attributions/{attribution}/retirer`
pub async fn montrer_retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (une, personne) = trouver_attribution::<RetirerFonction>(&mut tx, &actor, id).await?;
    page_retirer(page, (&une, &personne), Formulaire::vide()).reponse()
}

/// `POST /attributions/{attribution}/retirer`
pub async fn retirer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (une, personne) = trouver_attribution::<RetirerFonction>(&mut tx, &actor, id).await?;
    let motif = form.valeur("motif").to_owned();
    match fonctions::retirer(&Act::now(&app, &actor), &mut tx, id, None, &motif).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", personne.id))).into_response())
        }
        Err(erreur) => {
            refuser(&mut form, "motif", erreur)?;
            page_retirer(page, (&une, &personne), form).reponse()
        }
    }
}

fn page_deleguer(page: Page, (une, personne): (&Attribution, &Personne), form: Formulaire) -> PageFormulaire {
    let genres = GenreDelegation::TOUS.map(|g| Choix::new(g.code(), g.titre())).to_vec();
    PageFormulaire::new(
        page,
        "Déléguer une fonction",
        &format!("/attributions/{}/deleguer", une.id),
        "Enregistrer la délégation",
    )
    .intro("Une délégation suit un acte signé et publié. Elle vaut pour ses dates seulement.")
    .faits(faits(une, personne))
    .champs(vec![
        Champ::ligne("personne", "Numéro de la fiche de la personne qui reçoit la délégation")
            .aide("Il figure dans l’adresse de sa page, après « personnes »"),
        Champ::radios("genre", "Ce qui est délégué", genres),
        Champ::ligne("acte", "Référence de l’acte signé").aide("Par exemple « arrêté n° 2026-12 du 3 mars 2026 »"),
        Champ::date("du", "Premier jour"),
        Champ::date("au", "Dernier jour"),
    ])
    .form(form)
    .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /attributions/{attribution}/deleguer`
pub async fn montrer_deleguer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (une, personne) = trouver_attribution::<DeleguerFonction>(&mut tx, &actor, id).await?;
    page_deleguer(page, (&une, &personne), Formulaire::vide()).reponse()
}

fn lire_acte(form: &mut Formulaire) -> Option<Acte> {
    let personne = form.lire("personne", |t| {
        t.parse::<Uuid>()
            .map_err(|_| "écrivez le numéro d’une fiche, tel qu’il figure dans l’adresse de sa page")
    });
    let genre = form.lire("genre", |code| {
        GenreDelegation::depuis_code(code).ok_or("choisissez ce qui est délégué")
    });
    let (du, au) = (lire_date(form, "du"), lire_date(form, "au"));
    for (champ, date) in [("du", du), ("au", au)] {
        if date == Some(None) {
            form.refuser(champ, "indiquez ce jour : une délégation a des dates");
        }
    }
    Some(Acte {
        personne: personne?,
        genre: genre?,
        reference: form.valeur("acte").to_owned(),
        du: du??,
        au: au??,
    })
}

/// `POST /attributions/{attribution}/deleguer`
pub async fn deleguer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (une, personne) = trouver_attribution::<DeleguerFonction>(&mut tx, &actor, id).await?;
    let Some(acte) = lire_acte(&mut form) else {
        return page_deleguer(page, (&une, &personne), form).reponse();
    };
    match fonctions::deleguer(&Act::now(&app, &actor), &mut tx, id, acte).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", personne.id))).into_response())
        }
        Err(erreur) => {
            refuser(&mut form, "acte", erreur)?;
            page_deleguer(page, (&une, &personne), form).reponse()
        }
    }
}

/// `POST /delegations/{delegation}/retirer`
pub async fn retirer_delegation(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let delegation = fonctions::retirer_delegation(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", delegation.personne))).into_response())
}

fn page_place(page: Page, personne: &Personne, form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(
        page,
        "Agir à la place de quelqu’un",
        &format!("/personnes/{}/place", personne.id),
        "Prendre sa place",
    )
    .faits(vec![Description::new("Personne", personne.nom.to_string())])
    .message(Message::attention(
        "La personne en sera prévenue",
        "Tout ce que vous ferez sera écrit au journal sous vos deux noms. La session dure une heure au plus.",
    ))
    .champs(vec![Champ::zone("motif", "Pourquoi").aide(
        "La personne le lira. Par exemple : « à votre demande par téléphone ce matin »",
    )])
    .form(form)
    .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /personnes/{personne}/place`
pub async fn montrer_place(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (personne, _) = trouver::<PrendreLaPlace>(&mut tx, &app, &actor, id).await?;
    page_place(page, &personne, Formulaire::vide()).reponse()
}

/// `POST /personnes/{personne}/place`
pub async fn prendre_la_place(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    expediteur: Expediteur,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (personne, _) = trouver::<PrendreLaPlace>(&mut tx, &app, &actor, id).await?;
    let motif = form.valeur("motif").to_owned();
    match place::prendre(&Act::now(&app, &actor), &mut tx, id, &motif, &expediteur.appareil).await {
        Ok(secret) => {
            tx.commit().await?;
            let mut reponse = Redirect::to(&page.fixe("/compte")).into_response();
            Cookie::Session.poser(&app, &mut reponse, &secret);
            Ok(reponse)
        }
        Err(erreur) => {
            refuser(&mut form, "motif", erreur)?;
            page_place(page, &personne, form).reponse()
        }
    }
}

/// `POST /place/rendre`: signs out of the borrowed session; one's own was never left, but its cookie was replaced.
pub async fn rendre_la_place(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    place::rendre(&Act::now(&app, &actor), &mut tx).await?;
    tx.commit().await?;
    let mut reponse = Redirect::to(&page.fixe("/connexion?sortie=1")).into_response();
    Cookie::Session.oter(&app, &mut reponse);
    Ok(reponse)
}

fn page_reunir(page: Page, personne: &Personne, form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(page, "Réunir deux fiches", &format!("/personnes/{}/reunir", personne.id), "Réunir les deux fiches")
        .intro("Une même personne a deux fiches. Celle-ci sera gardée ; les fonctions et les contacts de l’autre lui seront ajoutés. Vous pourrez les séparer de nouveau.")
        .faits(vec![Description::new("Fiche gardée", personne.nom.to_string())])
        .champs(vec![
            Champ::ligne("absorbee", "Numéro de l’autre fiche").aide("Il figure dans l’adresse de sa page, après « personnes »"),
            Champ::zone("motif", "Comment vous savez que c’est la même personne"),
        ])
        .form(form)
        .lien("Annuler", &format!("/personnes/{}", personne.id))
}

/// `GET /personnes/{personne}/reunir`
pub async fn montrer_reunir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (personne, _) = trouver::<ReunirPersonnes>(&mut tx, &app, &actor, id).await?;
    page_reunir(page, &personne, Formulaire::vide()).reponse()
}

/// `POST /personnes/{personne}/reunir`
pub async fn reunir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (personne, _) = trouver::<ReunirPersonnes>(&mut tx, &app, &actor, id).await?;
    let autre = form.lire("absorbee", |t| {
        t.parse::<Uuid>().map_err(|_| "écrivez le numéro d’une fiche")
    });
    let Some(autre) = autre else {
        return page_reunir(page, &personne, form).reponse();
    };
    let motif = form.valeur("motif").to_owned();
    match actions::reunir(&Act::now(&app, &actor), &mut tx, id, autre, &motif).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response())
        }
        Err(Erreur::Introuvable) => {
            form.refuser("absorbee", "aucune fiche ne porte ce numéro");
            page_reunir(page, &personne, form).reponse()
        }
        Err(erreur) => {
            refuser(&mut form, "absorbee", erreur)?;
            page_reunir(page, &personne, form).reponse()
        }
    }
}

/// `POST /fusions/{fusion}/defaire`
pub async fn separer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let fusion = fusions::trouver(&mut tx, id).await?.ok_or(Erreur::Introuvable)?;
    actions::separer(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("/personnes/{}", fusion.gardee))).into_response())
}
