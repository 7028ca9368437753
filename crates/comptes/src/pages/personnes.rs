//! The people of one's perimeter: the list, a person, what they hold, and what can be done about it.

use super::{Champs, compte::quand};
use crate::{
    actions::{conservation, personnes as actions},
    domain::{
        attribution::{Attribution, EtatAttribution},
        personne::{Contact, EtatPersonne, Moyen, Nom, Personne},
        telephone::Telephone,
    },
    permissions::{
        AccorderFonction, CorrigerPersonne, DeleguerFonction, GarderFiche, InviterPersonne, LibererFacteurs,
        OuvrirFiche, PrendreLaPlace, RetirerFonction, ReunirPersonnes, VoirGroupements, VoirPersonnes,
    },
    reconnaissance::{FUSEAU_DES_JOURS, jour},
    store::{
        attribution as attributions,
        fusion::{self as fusions, Fusion},
        perimetre,
        personne::{self as store, Apercu, Apres},
    },
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
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
    composants::{Colonne, Description, Pagination, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Champ, Element, Geste, Message, PageFiche, PageFormulaire, PageListe, Recherche, Section},
    page::{Lien, Page},
};
use uuid::Uuid;

/// How many people stand on a page.
const PAR_PAGE: u32 = 50;

/// `GET /personnes?apres=…`: everyone, from after a person on.
pub async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let demande = Formulaire::rempli(valeurs);
    montrer_liste(&app, page, &actor, ("", demande.valeur("apres"))).await
}

/// `POST /personnes`: those whose name begins so. A name that is typed goes in the body, since addresses are kept and shown in many places.
pub async fn chercher(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let demande = Formulaire::rempli(valeurs);
    montrer_liste(&app, page, &actor, (demande.valeur("q"), demande.valeur("apres"))).await
}

/// Where a list goes on: after this person, by name.
async fn apres(tx: &mut Tx, id: &str) -> Result<Option<Apres>, Erreur> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let personne = Personne::load(tx, id).await?;
    Ok(personne.map(|p| Apres(p.nom.plie(), p.id)))
}

async fn montrer_liste(app: &App, page: Page, actor: &Actor, (q, suite): (&str, &str)) -> Result<Response, Erreur> {
    let (_, scope) = scope::<VoirPersonnes>(actor)?;
    let mut tx = app.db.read().await?;
    let jour = jour(app.clock.now());
    let apres = apres(&mut tx, suite).await?;
    let mut gens = store::lister(&mut tx, &scope, jour, &plier_nom(q), apres.as_ref(), PAR_PAGE + 1).await?;
    drop(tx);
    let dernier = gens
        .get(PAR_PAGE as usize - 1)
        .filter(|_| gens.len() > PAR_PAGE as usize)
        .map(|un| un.id);
    gens.truncate(PAR_PAGE as usize);
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
        valeur: q.to_owned(),
        action: page.fixe("/personnes"),
        dans_l_adresse: false,
    });
    if may_try::<OuvrirFiche>(actor) {
        let geste = Geste::lien(page, "Ouvrir une fiche pour quelqu’un", "/personnes/nouvelle");
        liste.gestes.push(geste);
    }
    if may_try::<InviterPersonne>(actor) {
        liste.gestes.push(Geste::lien(page, "Invitations", "/invitations"));
    }
    if may_try::<VoirGroupements>(actor) {
        liste.gestes.push(Geste::lien(page, "Groupements", "/groupements"));
    }
    if may_try::<ReunirPersonnes>(actor) {
        let geste = Geste::lien(page, "Personnes en double", "/personnes/doublons");
        liste.gestes.push(geste);
    }
    match dernier {
        Some(id) if q.is_empty() => {
            let url = page.fixe(&format!("/personnes?apres={id}"));
            liste.pagination = Pagination::par_cle(None, Some(url));
        }
        Some(id) => {
            let suivants = Geste::bouton(page, "Voir les suivants", "/personnes");
            liste.suite = Some(suivants.avec("q", q).avec("apres", id));
        }
        None => {}
    }
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
pub(super) async fn trouver<A: Action>(
    tx: &mut Tx,
    app: &App,
    actor: &Actor,
    id: Uuid,
) -> Result<(Personne, Permit<A>), Erreur> {
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
    let mut tenues = attributions::de_personne(&mut tx, id).await?;
    // Each function lies somewhere: seeing one that lies here says nothing of those that lie elsewhere, nor of why they ended.
    tenues.retain(|une| actor.person == Some(id) || authorise::<VoirPersonnes>(&actor, &une.portee).is_ok());
    let noms = perimetre::noms(&mut tx, tenues.iter().map(|une| &une.perimetre)).await?;
    let delegations = super::delegations::section(&mut tx, &page, &actor, id, jour(at)).await?;
    let contacts = store::contacts(&mut tx, id).await?;
    let fusions = fusions::de_personne(&mut tx, id).await?;
    let annonce = conservation::effacement_annonce(&mut tx, id, jour(at)).await?;
    if actor.person != Some(id) {
        actions::noter_vues(&Act::now(&app, &actor), &mut tx, &permit, &[id]).await?;
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
    fiche.gestes = match personne.etat {
        EtatPersonne::Active => gestes(page, &actor, id),
        EtatPersonne::Fusionnee { dans, .. } => {
            vec![Geste::lien(page, "Voir la fiche gardée", &format!("/personnes/{dans}"))]
        }
        EtatPersonne::Anonymisee => Vec::new(),
    };
    if let Some(le) = annonce {
        fiche.message = Some(annoncer(page, le));
        let bouton = Geste::bouton(page, "Garder la fiche", &format!("/personnes/{id}/garder"));
        fiche.gestes.extend(may_try::<GarderFiche>(&actor).then_some(bouton));
    }
    let joindre = contacts.iter().map(moyen).collect();
    let mut exercees = Section::new("Fonctions");
    if tenues.is_empty() {
        exercees = exercees.intro("Cette personne n’exerce et n’a exercé aucune fonction.");
    }
    exercees.elements = tenues
        .iter()
        .map(|une| element(page, &actor, une, &noms.de(&une.perimetre), jour(at)))
        .collect();
    let mut sections = vec![Section::new("Comment la joindre").faits(joindre), exercees];
    sections.extend(delegations);
    if may_try::<ReunirPersonnes>(&actor) && !fusions.is_empty() {
        sections.push(reunies(page, &fusions));
    }
    fiche.sections = sections;
    fiche.reponse()
}

fn annoncer(page: &Page, le: Day) -> Message {
    Message::attention(
        format!("Cette fiche sera anonymisée le {}", page.date(le)),
        "Elle ne sert plus depuis longtemps. Une venue de la personne la garde.",
    )
}

fn reunies(page: &Page, fusions: &[Fusion]) -> Section {
    let mut section = Section::new("Fiches réunies");
    section.elements = fusions
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
    section
}

/// A way to reach someone: only an address can be confirmed.
fn moyen(contact: &Contact) -> Description {
    match (&contact.moyen, contact.confirme_at) {
        (Moyen::Courriel(courriel), Some(_)) => Description::new("Courriel", courriel.to_string()),
        (Moyen::Courriel(courriel), None) => Description::new("Courriel", non_confirme(courriel.as_str())),
        (Moyen::Telephone(numero), _) => Description::new("Téléphone", Telephone::lisible(numero)),
    }
}

/// An address that the person only claims.
pub(super) fn non_confirme(courriel: &str) -> String {
    format!("{courriel} (non confirmé)")
}

fn gestes(page: &Page, actor: &Actor, id: Uuid) -> Vec<Geste> {
    let possibles = [
        (may_try::<CorrigerPersonne>(actor), "Corriger le nom", "modifier"),
        (may_try::<AccorderFonction>(actor), "Accorder une fonction", "accorder"),
        (may_try::<PrendreLaPlace>(actor), "Agir à sa place", "place"),
        (
            may_try::<LibererFacteurs>(actor) && actor.person != Some(id),
            "Retirer ses seconds moyens de connexion",
            "facteurs",
        ),
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

fn element(page: &Page, actor: &Actor, une: &Attribution, ou: &str, jour: Day) -> Element {
    let etat = une.etat(jour);
    let mut details = vec![match une.au {
        Some(au) => format!("{} : du {} au {}", etat.titre(), page.date(une.du), page.date(au)),
        None => format!("{} : depuis le {}", etat.titre(), page.date(une.du)),
    }];
    if let Some(retrait) = &une.retrait {
        details.push(format!(
            "retirée le {} : {}",
            quand(page, retrait.at, FUSEAU_DES_JOURS),
            retrait.motif
        ));
    }
    let ouverte = matches!(etat, EtatAttribution::EnCours | EtatAttribution::AVenir);
    let mut gestes = Vec::new();
    if ouverte && authorise::<DeleguerFonction>(actor, &une.portee).is_ok() {
        gestes.push(Geste::lien(
            page,
            "Déléguer",
            &format!("/attributions/{}/deleguer", une.id),
        ));
    }
    if ouverte && authorise::<RetirerFonction>(actor, &une.portee).is_ok() {
        gestes.push(Geste::lien(
            page,
            "Retirer",
            &format!("/attributions/{}/retirer", une.id),
        ));
    }
    Element {
        titre: format!("{}, {ou}", une.fonction.titre()),
        details,
        gestes,
    }
}

/// `POST /personnes/{personne}/garder`
pub async fn garder(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    let (personne, permit) = trouver::<GarderFiche>(&mut tx, &app, &actor, id).await?;
    conservation::garder(&Act::now(&app, &actor), &mut tx, &personne, &permit).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response())
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
    if matches!(essai, Err(Erreur::Conflit)) {
        let (actuelle, _) = trouver::<CorrigerPersonne>(&mut tx, &app, &actor, id).await?;
        tx.rollback().await?;
        return super::compte::perimee(|page, form| page_modifier(page, id, form), page, &actuelle, form);
    }
    match form.conclure(tx, essai, "nom").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(&format!("/personnes/{id}"))).into_response()),
        None => page_modifier(page, id, form).reponse(),
    }
}
